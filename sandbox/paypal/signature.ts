import { randomUUID, sign, verify, X509Certificate } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { signingCertificate, signingKey } from './certificates.ts'

/** The certificate's name at `/v1/notifications/certs/`. */
export const certificateName = 'CERT-360caa42-fca2a594-5ab0c0de'

type Transmission = { id: string; time: string; webhookId: string; body: string }

const message = ({ id, time, webhookId, body }: Transmission) =>
  Buffer.from(`${id}|${time}|${webhookId}|${crc32(body)}`)

/** PayPal's headers: RSA-SHA256 of transmission id, time, the id of the webhook and the CRC32 of the body. */
export function paypalSignature(webhookId: string, body: string, baseUrl: string): Record<string, string> {
  const transmission = { id: randomUUID(), time: `${new Date().toISOString().slice(0, 19)}Z`, webhookId, body }
  return {
    'paypal-transmission-id': transmission.id,
    'paypal-transmission-time': transmission.time,
    'paypal-cert-url': `${baseUrl}/paypal/v1/notifications/certs/${certificateName}`,
    'paypal-auth-algo': 'SHA256withRSA',
    'paypal-transmission-sig': sign('RSA-SHA256', message(transmission), signingKey).toString('base64'),
  }
}

/** Whether a transmission is ours. */
export function isSigned(transmission: Transmission, signature: string): boolean {
  const { publicKey } = new X509Certificate(signingCertificate)
  return verify('RSA-SHA256', message(transmission), publicKey, Buffer.from(signature, 'base64'))
}
