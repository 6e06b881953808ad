import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import type { webhooks } from './api.gen.ts'

export { WebhookVerificationError } from 'standardwebhooks'

type BodyOf<Hook> = Hook extends { post: { requestBody: { content: { 'application/json': infer Body } } } }
  ? Body
  : never

/** Every event that Ordermill sends; `type` tells which resource `data.object` is. */
export type OrdermillEvent = { [Type in keyof webhooks]: BodyOf<webhooks[Type]> }[keyof webhooks]

/** The headers of a request as servers have them: of `fetch`, or of Node. */
export type WebhookHeaders = Headers | Record<string, string | readonly string[] | undefined>

/** How far a timestamp may be from our clock, in seconds; Standard Webhooks says the same. */
const toleranceSeconds = 300

/**
 * The event in a request that Ordermill sent, by the scheme of Standard Webhooks.
 * @param body the raw body, as it came: parsed and written again it has another signature
 * @param secrets the endpoint's secret, or while it is rotated the new and the old one
 * @throws WebhookVerificationError when it is somebody else's, was changed, or is older than five minutes
 */
export function verifyWebhook(
  body: string | Buffer,
  headers: WebhookHeaders,
  secrets: string | readonly [string, ...string[]],
): OrdermillEvent {
  const [first, ...others] = typeof secrets === 'string' ? ([secrets] as const) : secrets
  const named = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, headerOf(headers, name) ?? '']),
  )
  const verify = (secret: string) => new Webhook(secret).verify(body, named) as OrdermillEvent
  let failure: unknown
  for (const secret of [first, ...others]) {
    try {
      return verify(secret)
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error
      failure ??= error
    }
  }
  throw failure
}

/**
 * The event in a request to a receiver that was written for Digital River: `DigitalRiver-Signature: timestamp, signature`. It is compared in
 * constant time, and while a secret is rotated only the new one signs it.
 * @throws WebhookVerificationError as `verifyWebhook` does
 */
export async function verifyDigitalRiverWebhook(
  body: string,
  headers: WebhookHeaders,
  secret: string,
): Promise<OrdermillEvent> {
  const [, timestamp = '', signature = ''] =
    /^(\d{1,12}),\s*([\w+/]+={0,2})$/.exec(headerOf(headers, 'digitalriver-signature') ?? '') ?? []
  const key = await crypto.subtle.importKey('raw', bytesOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ])
  const claimed = Uint8Array.from(decoded(signature), (character) => character.charCodeAt(0))
  if (!(await crypto.subtle.verify('HMAC', key, claimed, bytesOf(`${timestamp}.${body}`))))
    throw new WebhookVerificationError('No matching signature found')
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceSeconds)
    throw new WebhookVerificationError('Message timestamp too far from now')
  return JSON.parse(body) as OrdermillEvent
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined
  const found = Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1]
  return typeof found === 'string' ? found : found?.[0]
}

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** The bytes of base64, as characters; what is none has no signature in it. */
function decoded(base64: string): string {
  try {
    return atob(base64)
  } catch {
    return ''
  }
}
