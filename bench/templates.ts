import { type HttpAnswer, parsed } from './http-client.ts'
import { payOrder } from './order-load.ts'
import { Stopwatch } from './percentiles.ts'
import { settled } from './settle.ts'
import { type Line, shop } from './shop.ts'
import { keys, type Stage } from './stage.ts'

/** A real order whose rows are copied, and how often among a hundred thousand; `open` ones are copied among the newest only. */
export type Template = { orderId: string; weight: number; open?: true }

const settleMs = 180_000

/** Of each kind so many are made, for the sake of their different goods. */
const madeOfEach = 4

/** Makes a few real orders of each kind through the API, and waits until nothing is under way. @throws Error when one fails */
export async function makeTemplates(stage: Stage): Promise<Template[]> {
  const store = shop(stage)
  const watch = new Stopwatch()
  const paid = (lines: readonly Line[]) => () => payOrder(store, watch, lines)
  const kinds: readonly [weight: number, make: () => Promise<string>][] = [
    [46_000, paid(['digital'])],
    [16_000, paid(['digital', 'digital', 'digital'])],
    [12_000, paid(['digital', 'physical', 'pod'])],
    [10_000, await paysAtLink(stage, store)],
    [2_000, () => refund(stage, paid(['digital']), {})],
    [2_000, () => refund(stage, paid(['digital', 'digital']), { percent: 50 })],
    [8_000, () => cancel(store)],
    [4_000, () => decline(store)],
  ]
  const templates: Template[] = []
  for (const [weight, make] of kinds)
    for (let number = 0; number < madeOfEach; number += 1)
      templates.push({ orderId: await make(), weight: weight / madeOfEach })
  for (let number = 0; number < madeOfEach; number += 1)
    templates.push({ orderId: (await begin(store)).orderId, weight: 0, open: true })
  if ((await settled(stage, Date.now() + settleMs)) === undefined) throw new Error('the first orders do not get done')
  return templates
}

type Store = ReturnType<typeof shop>

const ask = (stage: Stage, path: string, body: unknown, key: string | null = keys.secret): Promise<HttpAnswer> =>
  stage.http.api.call('POST', path, {
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
  })

async function begin(store: Store): Promise<{ orderId: string; clientSecret: string }> {
  const cart = parsed(await store.createCart(['digital']), 'cart')
  const order = parsed(await store.createOrder(String(cart.id)), 'order')
  const intent = parsed(await store.startPayment(String(order.id)), 'intent')
  return { orderId: String(order.id), clientSecret: String(intent.clientSecret) }
}

async function cancel(store: Store): Promise<string> {
  const { orderId } = await begin(store)
  parsed(await store.cancelOrder(orderId), 'cancel')
  return orderId
}

async function decline(store: Store): Promise<string> {
  const { orderId, clientSecret } = await begin(store)
  await store.confirm(clientSecret, 'pm_card_chargeDeclined')
  parsed(await store.cancelOrder(orderId), 'cancel')
  return orderId
}

async function refund(stage: Stage, pay: () => Promise<string>, how: object): Promise<string> {
  const orderId = await pay()
  if ((await settled(stage, Date.now() + settleMs)) === undefined) throw new Error('an order does not get done')
  parsed(await ask(stage, '/v2/refunds', { orderId, ...how }), 'refund')
  return orderId
}

async function paysAtLink(stage: Stage, store: Store): Promise<() => Promise<string>> {
  const data = async (path: string, body: object) =>
    parsed(await ask(stage, path, body), path).data as Record<string, unknown>
  const product = { name: 'Field guide', price: 12.5, currency: 'USD', content_type: 'text', delivery_content: 'Moss' }
  const { id } = await data('/v2/digital/products', product)
  await data('/v2/digital/links', { product_id: id, slug: 'guide', title: 'Field guide' })
  return async () => {
    const buyer = { buyer_email: 'buyer-2@example.com', buyer_name: 'Ada Buyer' }
    const begun = parsed(await ask(stage, '/api/v2/public/checkout/guide/pay', buyer, null), 'link')
    const order = begun.data as Record<string, unknown>
    return pay(store, String(order.id), order.client_secret)
  }
}

async function pay(store: Store, orderId: string, clientSecret: unknown): Promise<string> {
  parsed(await store.confirm(String(clientSecret), 'pm_card_visa'), 'payment')
  return orderId
}
