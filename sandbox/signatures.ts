import { createHash, createHmac } from 'node:crypto'

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

/** What Telr signs an advice over, in this order, behind the secret. */
const telrFields = [
  ...['store', 'type', 'class', 'test', 'ref', 'prevref', 'firstref', 'order'],
  ...['currency', 'amount', 'cartid', 'desc', 'status', 'authcode', 'authmessage'],
]

/** Telr: SHA-1 of the secret and the trimmed fields with colons between them, in the form itself; the order only where it is sent. */
export function telrCheck(secret: string, form: URLSearchParams): string {
  const names = telrFields.filter((name) => name !== 'order' || form.has('tran_order'))
  const values = names.map((name) => (form.get(`tran_${name}`) ?? '').trim())
  return createHash('sha1')
    .update([secret, ...values].join(':'))
    .digest('hex')
}
