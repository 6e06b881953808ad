import { createHmac, randomBytes } from 'node:crypto'
import type { Answer, storefront } from './storefront.ts'
import { type System, stripeWebhookSecret } from './system.ts'

/** `Stripe-Signature` of a body, as Stripe makes it. */
export function signStripe(
  body: string,
  { secret = stripeWebhookSecret, at = Date.now() }: { secret?: string; at?: number } = {},
): string {
  const timestamp = Math.floor(at / 1000)
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return `t=${timestamp},v1=${signature}`
}

/** A Stripe event about an object, with an id of its own unless one is given. */
export const stripeEvent = (type: string, object: object, id = `evt_${randomBytes(12).toString('hex')}`) =>
  JSON.stringify({
    id,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    data: { object },
  })

/** Sends a signed event to the product and returns its answer. */
export async function sendStripe(
  system: Pick<System, 'url'>,
  body: string,
  options: { path?: string; signature?: string | null } = {},
): Promise<Answer> {
  const signature = options.signature === undefined ? signStripe(body) : options.signature
  const response = await fetch(`${system.url}${options.path ?? '/webhooks/stripe'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(signature === null ? {} : { 'stripe-signature': signature }) },
    body,
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** The payment intent of an order as the sandbox knows it, with other fields put over it. */
export async function intentObject(shop: ReturnType<typeof storefront>, clientSecret: string, over: object = {}) {
  const reference = clientSecret.split('_secret_')[0]
  const books = await shop.sandbox('GET', '/sandbox/books')
  const found = books.stripe.paymentIntents.find((intent: { id: string }) => intent.id === reference)
  return {
    object: 'payment_intent',
    amount_capturable: 0,
    amount_received: 0,
    latest_charge: null,
    last_payment_error: null,
    review: null,
    ...found,
    ...over,
  }
}

/** How a succeeded intent looks. */
export const succeeded = (amount: number) => ({
  status: 'succeeded',
  amount_received: amount,
  latest_charge: `ch_${randomBytes(12).toString('hex')}`,
})
