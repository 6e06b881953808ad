import { createHmac } from 'node:crypto'

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest('hex')

/** Stripe: HMAC-SHA256 of `<t>.<body>`; the key is the whole `whsec_…` text, not its decoded form. */
export function stripeSignature(secret: string, body: string, unixSeconds: number): Record<string, string> {
  return { 'stripe-signature': `t=${unixSeconds},v1=${hmac(secret, `${unixSeconds}.${body}`)}` }
}

/** EasyPost: HMAC-SHA256 of the raw body; the key is the NFKD form of the secret. */
export function easypostSignature(secret: string, body: string): Record<string, string> {
  return { 'x-hmac-signature': `hmac-sha256-hex=${hmac(secret.normalize('NFKD'), body)}` }
}

/** Printful: HMAC-SHA256 of the raw body; the key is hex. */
export function printfulSignature(secretHex: string, body: string): Record<string, string> {
  return { 'x-pf-webhook-signature': hmac(Buffer.from(secretHex, 'hex'), body) }
}

/** Bonum: HMAC-SHA256 of the body with the merchant's checksum key. */
export function bonumSignature(checksumKey: string, body: string): Record<string, string> {
  return { 'x-checksum-v2': hmac(checksumKey, body) }
}

/** BTCPay Server: HMAC-SHA256 of the raw body. */
export function btcpaySignature(secret: string, body: string): Record<string, string> {
  return { 'btcpay-sig': `sha256=${hmac(secret, body)}` }
}
