import { type KeyObject, verify, type X509Certificate } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { ProviderError } from '../../platform/provider-error.ts'
import { createCertificateStore } from './paypal-certificate-store.ts'
import { certificateUrl, hangsOnRoot, isPayPals, trustedRoots } from './paypal-certificates.ts'
import type { PayPalClient } from './paypal-client.ts'
import type { PayPalSettings } from './paypal-settings.ts'

/** What PayPal sends beside a webhook. */
type Transmission = { id: string; time: string; signature: string; certificate: URL; algorithm: string }

/** Whether a webhook is PayPal's. @throws ProviderError where nobody can say at the moment */
export type VerifySignature = (rawBody: string, headers: Headers) => Promise<boolean>

const algorithm = 'SHA256withRSA'
const shortestKey = 2_048

/**
 * Verifies webhooks by the certificate that they name, without asking anybody once it is there. Where it cannot be had, or hangs on a root that
 * nobody here knows, PayPal itself is asked.
 */
export function createSignatureCheck(
  settings: PayPalSettings,
  client: PayPalClient,
  timeoutMs: number,
): VerifySignature {
  const certificates = createCertificateStore(timeoutMs)
  const roots = trustedRoots(settings)
  return async (rawBody, headers) => {
    const sent = readTransmission(settings, headers)
    if (!sent) return false
    const found = await certificates(sent.certificate)
    if (found === 'missing') return false
    if (found === 'unavailable') return askPayPal(client, settings, sent, rawBody)
    const at = new Date(sent.time)
    const [leaf] = found
    if (!leaf || !isPayPals(leaf, at)) return false
    if (!hangsOnRoot(found, roots(), at)) return askPayPal(client, settings, sent, rawBody)
    return settings.webhookIds.some((webhookId) => isSignedBy(leaf, sent, webhookId, rawBody))
  }
}

/** What was sent beside the body, if it is complete and names a certificate of PayPal's. */
function readTransmission(settings: PayPalSettings, headers: Headers): Transmission | undefined {
  const read = (name: string) => headers.get(`paypal-${name}`) ?? ''
  const [id, time, signature] = [read('transmission-id'), read('transmission-time'), read('transmission-sig')]
  const certificate = certificateUrl(read('cert-url'), settings)
  const isWhole =
    /^[\w-]{1,100}$/.test(id) &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(time) &&
    !Number.isNaN(Date.parse(time)) &&
    /^[A-Za-z0-9+/]{300,2000}={0,2}$/.test(signature)
  if (!certificate || !isWhole || read('auth-algo') !== algorithm) return undefined
  return { id, time, signature, certificate, algorithm }
}

/** What PayPal signs. https://developer.paypal.com/api/rest/webhooks/rest/#link-verifysignature */
export const signedMessage = ({ id, time }: { id: string; time: string }, webhookId: string, rawBody: string): string =>
  [id, time, webhookId, crc32(rawBody)].join('|')

/** Whether PayPal's key signed a message; `signature` is base64. */
export const isSigned = (key: KeyObject, message: string, signature: string): boolean =>
  verify('RSA-SHA256', Buffer.from(message), key, Buffer.from(signature, 'base64'))

function isSignedBy({ publicKey }: X509Certificate, sent: Transmission, webhookId: string, rawBody: string): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey
  if (type !== 'rsa' || (details?.modulusLength ?? 0) < shortestKey) return false
  return isSigned(publicKey, signedMessage(sent, webhookId, rawBody), sent.signature)
}

const verdict = z.looseObject({ verification_status: z.string() })

/** Asks PayPal. The event goes as the very text that came: written anew it would be another one. */
async function askPayPal(
  client: PayPalClient,
  { webhookIds }: PayPalSettings,
  sent: Transmission,
  rawBody: string,
): Promise<boolean> {
  // Spliced in, what is more than one value would speak for itself.
  if (!isOneValue(rawBody)) return false
  for (const webhookId of webhookIds) {
    const question = JSON.stringify({
      auth_algo: sent.algorithm,
      cert_url: sent.certificate.href,
      transmission_id: sent.id,
      transmission_sig: sent.signature,
      transmission_time: sent.time,
      webhook_id: webhookId,
    })
    const content = `${question.slice(0, -1)},"webhook_event":${rawBody}}`
    const path = '/v1/notifications/verify-webhook-signature'
    const encoded = { type: 'application/json', content }
    try {
      const answer = await client.call({ method: 'POST', path, encoded, answer: verdict })
      if (answer.verification_status === 'SUCCESS') return true
    } catch (error) {
      if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    }
  }
  return false
}

function isOneValue(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
