import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listFindings } from '../../src/audit/findings.ts'
import { runAudit } from '../../src/audit/run-audit.ts'
import { stripeEventTypes } from '../../src/providers/stripe/stripe-events.ts'
import { createWorkerParts, type WorkerParts } from '../../workers/connect-worker.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'

type Order = Answer['body']
type Currency = 'EUR' | 'USD' | 'JPY'
type Moment = 'before' | 'during' | 'after'

const places: Record<Currency, Json> = {
  EUR: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
  USD: { line1: 'Main St 1', city: 'Atlanta', state: 'GA', postalCode: '30301', country: 'US' },
  JPY: { line1: '1-1', city: 'Tokyo', postalCode: '100-0001', country: 'JP' },
}
const prices: Record<Currency, number> = { EUR: 19.99, USD: 30, JPY: 2_503 }
const sellers = ['house', 'connected', 'credit'] as const

// Removes the risk that something which happens to money at a bad moment leaves our books and the bank's apart.
describe('R296 whatever happens to a payment', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { RETRY_DELAY_FACTOR: '0.05', PROVIDER_PAUSE_MS: '50' } })
  let parts: WorkerParts

  beforeAll(async () => {
    parts = await createWorkerParts(system.parts.config, 'audit')
    await shop.sandbox('POST', '/sandbox/webhooks', {
      provider: 'stripe',
      mode: 'normal',
      copies: 1,
      delayMs: 0,
      enabledEvents: stripeEventTypes,
    })
    const merchants: Record<string, string | undefined> = {
      house: undefined,
      connected: (await shop.must('POST', '/v2/merchants', { name: 'Connected', stripeAccountId: 'acct_second' })).id,
      credit: (await shop.must('POST', '/v2/merchants', { name: 'Credit' })).id,
    }
    for (const [currency, price] of Object.entries(prices)) {
      // What is transferred again after a refund that failed comes out of the platform's balance.
      await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: currency.toLowerCase(), amount: 10_000_000 })
      for (const seller of sellers) {
        await shop.must('POST', '/v2/skus', {
          id: `${seller}-${currency}`,
          name: seller,
          kind: 'digital',
          price,
          currency,
          delivery: { contentType: 'text', content: 'la la la' },
          ...(merchants[seller] ? { merchantId: merchants[seller] } : {}),
        })
      }
    }
    return () => parts.close()
  })
  afterEach(() => shop.sandbox('DELETE', '/sandbox/faults'))

  const bought = async (currency: Currency, count: number): Promise<Order> => {
    const checkout = await shop.must('POST', '/v2/checkouts', {
      currency,
      taxInclusive: currency === 'EUR',
      email: `${crypto.randomUUID()}@example.com`,
      items: sellers.slice(0, count).map((seller) => ({ skuId: `${seller}-${currency}` })),
      billTo: { name: 'Ada Buyer', address: places[currency] },
    })
    const { id } = await shop.must('POST', '/v2/orders', { checkoutId: checkout.id })
    const { clientSecret } = await shop.must('POST', `/v2/orders/${id}/payment-intent`, { paymentMethod: 'STRIPE' })
    await shop.confirm(clientSecret)
    const { items } = await shop.until(id, ({ state }) => state === 'accepted', 'the payment')
    const pieces = items.map((item: { id: string }) => ({ itemId: item.id, quantity: 1 }))
    expect((await shop.fulfil(id, pieces)).status).toBe(201)
    return shop.read(id)
  }

  const minor = (order: Order, amount: number) => Math.round(amount * (order.currency === 'JPY' ? 1 : 100))
  const intentOf = (order: Order): string => order.charges[0].providerReference
  const dashboard = (path: string, body: Json = {}) => shop.sandbox('POST', `/sandbox/stripe/dashboard/${path}`, body)
  const refund = (order: Order, more: Json = {}) => shop.must('POST', '/v2/refunds', { orderId: order.id, ...more })
  const dispute = async (order: Order, status: 'won' | 'lost', more: Json = {}) => {
    const { id } = await shop.sandbox('POST', '/sandbox/stripe/disputes', {
      payment_intent: intentOf(order),
      reason: 'fraudulent',
      ...more,
    })
    await heard(order, 'disputes')
    await shop.sandbox('POST', `/sandbox/stripe/disputes/${id}/close`, { status })
  }
  const heard = (order: Order, table: 'disputes' | 'refunds') =>
    eventually(async () => {
      const [row] = await system.database.sql(`select 1 from ${table} where order_id = $1`, [order.id])
      return row
    }, `${table} of ${order.id}`)

  const happenings: Record<string, (order: Order) => Promise<unknown>> = {
    nothing: async () => undefined,
    'a refund of everything': (order) => refund(order),
    'a refund of one line': (order) => refund(order, { items: [{ itemId: order.items[0].id }] }),
    'a refund of a part of each line': (order) => refund(order, { percent: 33.3 }),
    'a refund of the tax': (order) => refund(order, { type: 'tax' }),
    'a refund in two steps': async (order) => {
      await refund(order, { items: [{ itemId: order.items[0].id, percent: 50 }] })
      await refund(order)
    },
    'a refund of everything in the dashboard': (order) => dashboard('refunds', { payment_intent: intentOf(order) }),
    'a refund of a part in the dashboard': (order) =>
      dashboard('refunds', {
        payment_intent: intentOf(order),
        amount: minor(order, prices[order.currency as Currency]),
      }),
    'a refund that the bank sends back': async (order) => {
      await refund(order, { items: [{ itemId: order.items[0].id }] })
      await eventually(async () => {
        const { refunds } = (await shop.books(order.id)).stripe
        return refunds[0]
      }, 'the refund to be made')
      await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${intentOf(order)}/refund-fail`)
    },
    'a dispute that is won': (order) => dispute(order, 'won'),
    'a dispute that is lost': (order) => dispute(order, 'lost'),
    'a dispute of a part that is lost': (order) =>
      dispute(order, 'lost', { amount: minor(order, prices[order.currency as Currency]) }),
    'a dispute that is lost after a refund of a part': async (order) => {
      await refund(order, { percent: 25 })
      await heard(order, 'refunds')
      await dispute(order, 'lost')
    },
  }

  const openTasks = () =>
    system.database.sql<{ job: string; orderId: string; error: string }>(
      `select job, order_id as "orderId", last_error as error from tasks
       where (state in ('pending', 'enqueued') and run_at <= now() + interval '30 seconds')
         or (state = 'failed' and last_error = 'payment_disputed')`,
    )
  const quiet = () =>
    eventually(
      async () => {
        const { pending } = await shop.sandbox('GET', '/sandbox/webhooks')
        const [row] = await system.database.sql<{ open: number }>(
          'select count(*) as open from inbox_events where handled_at is null',
        )
        return !pending && row?.open === 0 && (await openTasks()).length === 0 ? true : undefined
      },
      async () => `every webhook and task to be done, of which are left ${JSON.stringify(await openTasks())}`,
      60_000,
    )

  /** Makes the transfers of the shares fail, or be made without anybody hearing of it, until it is told to stop. */
  const disturb = async (moment: Moment) => {
    if (moment === 'after') return
    const kind = moment === 'before' ? { kind: 'status', status: 503 } : { kind: 'drop_after' }
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'transfers.create',
      times: 10_000,
      ...kind,
    })
  }

  const combinations = (['EUR', 'USD', 'JPY'] as const).flatMap((currency) =>
    [1, 3].flatMap((count) => (['before', 'during', 'after'] as const).map((moment) => ({ currency, count, moment }))),
  )

  it.each(combinations)(
    'leaves nothing unexplained: $currency, $count sellers, $moment the distribution',
    async ({ currency, count, moment }) => {
      await disturb(moment)
      const names = Object.keys(happenings)
      const orders = await Promise.all(names.map(() => bought(currency, count)))
      if (moment === 'after') await quiet()
      const happened = await Promise.allSettled(
        names.map(async (name, index) => happenings[name]?.(orders[index] as Order)),
      )
      const refused = happened.flatMap((end, index) =>
        end.status === 'rejected' ? [`${names[index]}: ${end.reason}`] : [],
      )
      expect(refused).toEqual([])
      await shop.sandbox('DELETE', '/sandbox/faults')
      await quiet()
      const balances = await runAudit(parts, 0)
      const { findings } = await listFindings(system.database.sql, 'open', { limit: 100 })
      const told = findings.map(({ orderId, kind, subject, theirs, ours }) => ({
        about: names[orders.findIndex(({ id }) => id === orderId)] ?? orderId,
        kind,
        subject,
        theirs,
        ours,
      }))
      expect(told).toEqual([])
      expect(balances.map(({ unexplained }) => unexplained)).toEqual(balances.map(() => 0))
      for (const { id } of orders) {
        const { charges, balanced } = await shop.audit(id)
        expect(balanced).toBe(true)
        for (const charge of charges) expect([charge.planned, charge.balance]).toEqual([charge.amount, 0])
      }
    },
    120_000,
  )
})
