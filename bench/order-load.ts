import { setTimeout as pause } from 'node:timers/promises'
import type { HttpAnswer } from './http-client.ts'
import { parsed } from './http-client.ts'
import { type Spread, Stopwatch } from './percentiles.ts'
import { type Line, type ShopKeys, shop } from './shop.ts'
import type { Stage } from './stage.ts'

export type LoadOptions = {
  lines: readonly Line[]
  orders: number
  /** No order is begun after this many seconds. */
  seconds: number
  /** Orders that are under way at once, from the first request to CONFIRMED. */
  concurrency: number
  /** Whose orders; the first merchant's where nobody is named. */
  by?: ShopKeys
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

const stallMs = 60_000
const confirmedStates = `('confirmed', 'fulfilled', 'complete')`

/**
 * Places orders as a storefront does and pays them as a buyer does, `concurrency` under way at any moment, until all of them
 * are CONFIRMED. Which of the paid ones are is read with one cheap statement every few milliseconds, not by polling orders over HTTP.
 * @throws Error when a request fails, or when no order has been confirmed for a minute
 */
export async function loadOrders(stage: Stage, options: LoadOptions): Promise<LoadResult> {
  const { lines, orders, concurrency } = options
  const watch = new Stopwatch()
  const store = shop(stage, options.by)
  const paidAt = new Map<string, number>()
  /** Paid, and not seen CONFIRMED yet. */
  const waiting = new Set<string>()
  const startedAt = Date.now()
  const deadline = startedAt + options.seconds * 1_000
  let begun = 0
  let underWay = 0
  let failure: unknown

  const placeOne = async () => {
    const orderId = await payOrder(store, watch, lines)
    paidAt.set(orderId, Date.now())
    waiting.add(orderId)
  }
  const refill = () => {
    while (begun < orders && underWay < concurrency && Date.now() < deadline) {
      begun += 1
      underWay += 1
      placeOne().catch((error: unknown) => {
        failure ??= error
      })
    }
  }
  refill()
  let progressAt = Date.now()
  while (underWay > 0) {
    await pause(lookEveryMs(waiting.size))
    if (failure) throw failure
    const confirmed = await confirmedAmong(stage, waiting)
    for (const orderId of confirmed) waiting.delete(orderId)
    underWay -= confirmed.length
    if (confirmed.length > 0) progressAt = Date.now()
    else if (Date.now() - progressAt > stallMs) throw new Error(`${underWay} orders do not get confirmed`)
    refill()
  }
  const orderIds = [...paidAt.keys()]
  const { rows } = await stage.sql.query<{ at: Date }>(
    `select max((state_transitions ->> 'confirmed')::timestamptz) as at from orders where id = any($1)`,
    [orderIds],
  )
  return { orderIds, startedAt, endedAt: rows[0]?.at?.getTime() ?? Date.now(), steps: watch.spreads(), paidAt }
}

/** Often where few orders wait; where many do, one look costs more and a single place that stays free matters less. */
const lookEveryMs = (waiting: number) => Math.min(30, Math.max(4, waiting / 8))

/** One order from the cart to the payment that succeeded at the provider. Returns its id. @throws Error when a request fails */
export async function payOrder(
  store: ReturnType<typeof shop>,
  watch: Stopwatch,
  lines: readonly Line[],
): Promise<string> {
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

async function confirmedAmong({ sql }: Stage, orderIds: ReadonlySet<string>): Promise<string[]> {
  if (orderIds.size === 0) return []
  const { rows } = await sql.query<{ id: string }>({
    name: 'confirmed',
    text: `select id from orders where id = any($1) and state in ${confirmedStates}`,
    values: [[...orderIds]],
  })
  return rows.map(({ id }) => id)
}
