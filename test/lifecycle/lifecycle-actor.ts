import type { Answer, Json, storefront } from '../storefront.ts'
import { address } from '../storefront.ts'

type Shop = ReturnType<typeof storefront>
type Order = Answer['body']
type Item = {
  id: string
  quantity: number
  fulfilledQuantity: number
  cancelledQuantity: number
  returnedQuantity: number
}

/** Repeatable random numbers: the same seed lives the same life. */
export function random(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    chance: (share: number) => next() < share,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
  }
}

const decimals: Record<string, number> = { USD: 2, EUR: 2, JPY: 0, KWD: 3 }

/** How a life begins: currency and means of payment that fit together. */
const beginnings = [
  { currency: 'USD', source: { type: 'creditCard', paymentMethod: 'pm_card_visa' } },
  { currency: 'USD', source: { type: 'creditCard', paymentMethod: 'pm_card_mastercard' } },
  { currency: 'KWD', source: { type: 'creditCard', paymentMethod: 'pm_card_visa' } },
  { currency: 'JPY', source: { type: 'creditCard', paymentMethod: 'pm_card_mastercard' } },
  { currency: 'USD', source: { type: 'creditCard', paymentMethod: 'pm_card_chargeDeclined' } },
  { currency: 'USD', source: { type: 'creditCard', paymentMethod: 'pm_card_threeDSecure2Required' } },
  { currency: 'JPY', source: { type: 'konbini' } },
  { currency: 'EUR', source: { type: 'wireTransfer' } },
  { currency: 'EUR', source: { type: 'bancontact' } },
] as const

/**
 * Lives one order from basket to end: pays, fulfils, cancels, refunds and takes back in an order that chance decides.
 * Returns the order's id, or undefined when no order was made. Refusals are part of a life; anything above 499 is not.
 */
export async function liveAnOrder(shop: Shop, seed: number): Promise<string | undefined> {
  const dice = random(seed)
  const { currency, source } = dice.pick(beginnings)
  const scale = 10 ** (decimals[currency] ?? 2)
  const price = (currency === 'JPY' ? 800 : 1) + dice.below(90) + dice.below(scale) / scale
  const made = await act(shop, 'POST', '/sources', {
    ...source,
    currency,
    owner: { firstName: 'Ada', lastName: 'Buyer', email: 'ada@example.com', address: { country: 'DE' } },
  })
  if (made.status !== 201) return undefined
  const basket = await shop.must('POST', '/checkouts', {
    currency,
    email: `buyer-${seed}@example.com`,
    billTo: { ...address, address: { ...address.address, country: dice.pick(['DE', 'US', 'JP', 'GB']) } },
    taxInclusive: dice.chance(0.3),
    ...(dice.chance(0.3) ? { discount: { percentOff: 1 + dice.below(60) } } : {}),
    items: Array.from({ length: 1 + dice.below(3) }, (_, index) => ({
      productDetails: { name: `Thing ${index}` },
      price: Number((price + index).toFixed(decimals[currency])),
      quantity: 1 + dice.below(4),
      ...(dice.chance(0.2) ? { discount: { percentOff: 5 + dice.below(50), quantity: 1 } } : {}),
    })),
    sourceId: made.body.id,
  })
  if (source.type === 'creditCard') await credit(shop, seed, basket)
  const ordered = await act(shop, 'POST', '/orders', { checkoutId: basket.id })
  if (ordered.status !== 201) return undefined
  const orderId = String(ordered.body.id)
  await pay(shop, dice, ordered.body)

  for (let step = 0; step < 8; step += 1) {
    const order = await shop.must('GET', `/v2/orders/${orderId}`)
    if (['cancelled', 'blocked', 'returned'].includes(order.state)) break
    await doSomething(shop, dice, order)
  }
  return orderId
}

/** Some buyers have a credit with the shop, which pays a part beside their card. */
async function credit(shop: Shop, seed: number, { id, currency, totalAmount }: Answer['body']): Promise<void> {
  const dice = random(seed + 1_000_003)
  if (!dice.chance(0.4)) return
  const amount = Number(((totalAmount * (1 + dice.below(60))) / 100).toFixed(decimals[currency]))
  const made = await act(shop, 'POST', '/sources', { type: 'customerCredit', amount, currency })
  if (made.status === 201) await act(shop, 'POST', `/checkouts/${id}/sources/${made.body.id}`)
}

type Dice = ReturnType<typeof random>

/** A request that is made again while it is answered 503, as a merchant's server would. */
async function act(shop: Shop, method: string, path: string, body?: Json): Promise<Answer> {
  let answer = await shop.call(method, path, body)
  for (let again = 0; answer.status === 503 && again < 20; again += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    answer = await shop.call(method, path, body)
  }
  if (answer.status === 503) return answer
  if (answer.status >= 500)
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer
}

/** What the buyer does at the provider. */
async function pay(shop: Shop, dice: Dice, order: Order): Promise<void> {
  if (order.state !== 'pending_payment') return
  const intent = `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}`
  const { flow, type } = order.payment.sources[0]
  if (dice.chance(0.2)) {
    if (dice.chance(0.5)) await act(shop, 'POST', `/v2/orders/${order.id}/cancel`, { reason: 'changed my mind' })
    else if (flow !== 'receiver') await shop.sandbox('POST', `${intent}/buyer`, { action: 'fail' })
    return
  }
  if (type === 'konbini') await shop.sandbox('POST', `${intent}/pay-voucher`)
  else if (type === 'wireTransfer') {
    const due = Math.round(order.totalAmount * 100)
    const first = dice.chance(0.5) && due > 1 ? Math.floor(due / 2) : due
    await shop.sandbox('POST', `${intent}/fund`, { amount: first })
    if (first < due) await shop.sandbox('POST', `${intent}/fund`, { amount: due - first })
  } else await shop.sandbox('POST', `${intent}/buyer`, { action: 'complete' })
  await shop.until(order.id, ({ state }) => state !== 'pending_payment', 'the payment to be noticed')
}

async function doSomething(shop: Shop, dice: Dice, order: Order): Promise<void> {
  const open = (item: Item) => item.quantity - item.fulfilledQuantity - item.cancelledQuantity
  const items = order.items as Item[]
  switch (dice.below(7)) {
    case 0:
    case 1:
    case 2: {
      const lines = items
        .filter((item) => open(item) > 0 && dice.chance(0.7))
        .map((item) => {
          const quantity = dice.below(open(item) + 1)
          const cancelQuantity = dice.below(open(item) - quantity + 1)
          return { itemId: item.id, quantity, cancelQuantity }
        })
        .filter(({ quantity, cancelQuantity }) => quantity + cancelQuantity > 0)
      if (lines.length > 0) await act(shop, 'POST', '/fulfillments', { orderId: order.id, items: lines })
      return
    }
    case 3: {
      const available = order.availableToRefundAmount
      const scale = 10 ** (decimals[order.currency] ?? 2)
      const units = Math.floor(available * scale * (0.1 + 0.9 * (dice.below(100) / 100)))
      if (units > 0)
        await act(shop, 'POST', '/refunds', { orderId: order.id, currency: order.currency, amount: units / scale })
      return
    }
    case 4: {
      const fulfilled = items.filter((item) => item.fulfilledQuantity > item.returnedQuantity)
      if (fulfilled.length === 0) return
      const back = dice.pick(fulfilled)
      const made = await act(shop, 'POST', '/returns', {
        orderId: order.id,
        items: [{ itemId: back.id, quantity: 1 + dice.below(back.fulfilledQuantity - back.returnedQuantity) }],
      })
      if (made.status === 201) await act(shop, 'POST', `/returns/${made.body.id}`, { state: 'accepted' })
      return
    }
    case 5:
      if (dice.chance(0.3)) await act(shop, 'POST', `/v2/orders/${order.id}/cancel`, { reason: 'no longer wanted' })
      return
    default:
      await act(shop, 'POST', `/orders/${order.id}/refresh`)
  }
}
