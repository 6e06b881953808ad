import { randomUUID } from 'node:crypto'
import { eventually, type Json, storefront } from './storefront.ts'
import type { System } from './system.ts'

export type TestSource = {
  type?: string
  flow?: 'standard' | 'redirect' | 'receiver'
  card?: string | null
  /** Saved with a customer, so that it can be charged again. */
  saved?: boolean
}

/** Without a sales tax, so that amounts are what they say. */
const inOregon = {
  name: 'Ada Buyer',
  phone: '5035550100',
  email: 'ada@example.com',
  address: { line1: 'Main St 1', city: 'Salem', state: 'OR', postalCode: '97301', country: 'US' },
}

/** A shop whose merchant fulfils its orders itself: checkouts with sources, and the money afterwards. */
export function merchantOrders(system: System) {
  const shop = storefront(system)

  const source = async ({
    type = 'creditCard',
    flow = 'standard',
    card = 'pm_card_visa',
    saved = false,
  }: TestSource) => {
    const id = randomUUID()
    await system.database.sql(
      `insert into sources (id, merchant_id, type, flow, state, reusable, details, owner, provider, provider_reference, live_mode)
       select $1, (select id from merchants order by created_at limit 1), $2, $3, 'chargeable', $4, '{}',
         '{"firstName": "Ada", "lastName": "Buyer", "email": "ada@example.com"}', 'stripe', $5, false`,
      [id, type, flow, saved, card],
    )
    return id
  }

  return {
    ...shop,
    source,

    /** An order of a checkout that was paid with a source. */
    async submit(items: Json[], more: Json = {}, paidWith: TestSource = {}) {
      const sourceId = await source(paidWith)
      const checkout = await shop.must('POST', '/v2/checkouts', {
        currency: 'USD',
        // One buyer of so many orders would be reviewed.
        email: `${randomUUID()}@example.com`,
        items,
        sourceId,
        shipTo: inOregon,
        billTo: inOregon,
        shipFrom: { address: inOregon.address },
        shippingChoice: { amount: 0, description: 'Parcel', serviceLevel: 'SG' },
        ...more,
      })
      return shop.must('POST', '/v2/orders', { checkoutId: checkout.id })
    },

    fulfil: (orderId: string, items: Json[], more: Json = {}) =>
      shop.call('POST', '/v2/fulfillments', { orderId, items, ...more }),

    /** Every task of an order is done. */
    async settled(orderId: string) {
      await eventually(async () => {
        const [row] = await system.database.sql<{ open: number }>(
          `select count(*) as open from tasks where order_id = $1 and state <> 'done'`,
          [orderId],
        )
        return row?.open === 0 ? true : undefined
      }, `the tasks of ${orderId} to be done`)
      return shop.read(orderId)
    },

    /** What Stripe's own books say about the payments of an order, in its minor units. */
    async stripe(orderId: string) {
      const { stripe } = await shop.books(orderId)
      return {
        captures: stripe.captures.map((capture: { amount: number }) => capture.amount),
        refunds: stripe.refunds.map((refund: { amount: number }) => refund.amount),
        transfers: stripe.transfers.map((transfer: { amount: number }) => transfer.amount),
        reversals: stripe.transferReversals.map((reversal: { amount: number }) => reversal.amount),
        intents: stripe.paymentIntents as { id: string; status: string; amount: number; amount_received: number }[],
      }
    },

    /** The events that were made for an order, in their order. */
    async events(orderId: string): Promise<string[]> {
      const { data } = await shop.must('GET', `/v2/events?orderId=${orderId}&limit=100`)
      return data.map((event: { type: string }) => event.type).toReversed()
    },

    /** Waits until an order had these events, which are made after the fact, and returns all of them. */
    async heard(orderId: string, ...types: string[]): Promise<string[]> {
      return eventually(
        async () => {
          const events = await this.events(orderId)
          return types.every((type) => events.includes(type)) ? events : undefined
        },
        async () => `${types.join(', ')}; there were ${(await this.events(orderId)).join(', ')}`,
      )
    },

    /** Sums that must hold for every order, however it went (I6). */
    async audit(orderId: string) {
      const charges = await system.database.sql<{
        amount: number
        captured: number
        cancelled: number
        refunded: number
        state: string
        planned: number
        executed: number
        released: number
        reversed: number
        balance: number
        taken: number
        given: number
      }>(
        `select c.amount, c.captured_amount as captured, c.cancelled_amount as cancelled, c.refunded_amount as refunded, c.state,
           (select sum(amount) from splits where charge_id = c.id) as planned,
           (select sum(executed_amount) from splits where charge_id = c.id) as executed,
           (select sum(cancelled_amount) from splits where charge_id = c.id) as released,
           (select sum(reversed_amount) from splits where charge_id = c.id) as reversed,
           (select coalesce(sum(amount), 0) from ledger_entries where account = 'charge:' || c.id) as balance,
           (select coalesce(sum(amount), 0) from charge_entries where charge_id = c.id and kind = 'capture' and state = 'complete') as taken,
           (select coalesce(sum(amount), 0) from charge_entries where charge_id = c.id and kind = 'cancel' and state = 'complete') as given
         from charges c where c.order_id = $1 order by c.created_at`,
        [orderId],
      )
      const movements = await system.database.sql<{ sum: number }>(
        'select sum(amount) as sum from ledger_entries where order_id = $1 group by correlation_key',
        [orderId],
      )
      return { charges, balanced: movements.every(({ sum }) => sum === 0) }
    },
  }
}
