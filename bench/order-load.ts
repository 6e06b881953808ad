import { setTimeout as pause } from 'node:timers/promises'
import type { HttpAnswer } from './http-client.ts'
import { parsed } from './http-client.ts'
import { type Spread, Stopwatch } from './percentiles.ts'
import { type Line, shop } from './shop.ts'
import type { Stage } from './stage.ts'

export type LoadOptions = {
  lines: readonly Line[]
  orders: number
  /** No order is begun after this many seconds. */
  seconds: number
  /** Orders that may be under way at once, from the first request to CONFIRMED. */
  concurrency: number
}

export type LoadResult = {
  orderIds: string[]
  /** Date.now() of the first request and of the last CONFIRMED. */
  startedAt: number
  endedAt: number
  steps: Record<string, Spread>
  /** Date.now() at which the buyer was told that the payment succeeded. */
  paidAt: Map<string, number>
}

const pollMs = 100
const stallMs = 60_000
const confirmedStates = `('confirmed', 'fulfilled', 'complete')`

/**
 * Places orders as a storefront does and pays them as a buyer does, at most `concurrency` under way, until all of them
 * are CONFIRMED. Completion is read with one cheap statement ten times a second, not by polling orders over HTTP.
 * @throws Error when a request fails, or when no order has been confirmed for a minute
 */
export async function loadOrders(stage: Stage, options: LoadOptions): Promise<LoadResult> {
  const { lines, orders, concurrency } = options
  const watch = new Stopwatch()
  const store = shop(stage)
  const orderIds: string[] = []
  const paidAt = new Map<string, number>()
  const before = await countConfirmed(stage)
  const startedAt = Date.now()
  const deadline = startedAt + options.seconds * 1_000
  let begun = 0
  let failure: unknown

  const placeOne = async () => {
    const orderId = await placeOrder(store, watch, lines)
    paidAt.set(orderId, Date.now())
    orderIds.push(orderId)
  }
  let confirmed = 0
  let progressAt = Date.now()
  for (;;) {
    while (!failure && begun < orders && Date.now() < deadline && begun - confirmed < concurrency) {
      begun += 1
      placeOne().catch((error: unknown) => {
        failure ??= error
      })
    }
    if (failure) throw failure
    if (confirmed === begun) break
    await pause(pollMs)
    const now = (await countConfirmed(stage)) - before
    if (now > confirmed) progressAt = Date.now()
    else if (Date.now() - progressAt > stallMs) throw new Error(`${begun - confirmed} orders do not get confirmed`)
    confirmed = now
  }
  const { rows } = await stage.sql.query<{ at: Date }>(
    `select max((state_transitions ->> 'confirmed')::timestamptz) as at from orders where id = any($1)`,
    [orderIds],
  )
  return { orderIds, startedAt, endedAt: rows[0]?.at?.getTime() ?? Date.now(), steps: watch.spreads(), paidAt }
}

async function placeOrder(store: ReturnType<typeof shop>, watch: Stopwatch, lines: readonly Line[]): Promise<string> {
  const step = async (name: string, ask: () => Promise<HttpAnswer>) => parsed(await watch.time(name, ask), name)
  const cart = await step('POST /v2/carts', () => store.createCart(lines))
  const cartId = String(cart.id)
  if (lines.some((line) => line !== 'digital')) {
    const rates: unknown = await step('GET …/shipping-rates', () => store.shippingRates(cartId))
    const [cheapest] = rates as { id: string }[]
    if (!cheapest) throw new Error('nobody ships this cart')
    await step('POST …/carts/{id} (rate)', () => store.chooseRate(cartId, cheapest.id))
  }
  const order = await step('POST /v2/orders', () => store.createOrder(cartId))
  const orderId = String(order.id)
  const intent = await step('POST …/payment-intent', () => store.startPayment(orderId))
  const paid = await step('buyer confirms (sandbox)', () => store.confirm(String(intent.clientSecret), 'pm_card_visa'))
  if (paid.status !== 'succeeded') throw new Error(`the payment of ${orderId} is ${String(paid.status)}`)
  return orderId
}

async function countConfirmed({ sql }: Stage): Promise<number> {
  const { rows } = await sql.query<{ n: number }>({
    name: 'confirmed',
    text: `select count(*)::int as n from orders where state in ${confirmedStates}`,
  })
  return rows[0]?.n ?? 0
}
