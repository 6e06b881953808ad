import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, storefront } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'
import { liveAnOrder } from './lifecycle-actor.ts'

const lives = 200
const atOnce = 8
const seed = 20_261_121

type OurCharge = {
  id: string
  reference: string | null
  state: string
  currency: string
  amount: number
  captured: number
  cancelled: number
  refunded: number
  planned: number
  executed: number
  released: number
  reversed: number
  balance: number
}
type TheirIntent = { id: string; status: string; amount: number; amount_received: number; orderId: string | null }
type TheirRefund = {
  id: string
  payment_intent: string
  amount: number
  status: string
  metadata: { operationId?: string }
}

// Removes the risk that some order of events, partial captures, cancellations and refunds leaves us with other books than the provider.
describe('200 random lives of orders', () => {
  let system: System
  let shop: ReturnType<typeof storefront>
  const made: string[] = []

  beforeAll(async () => {
    system = await startSystem()
    shop = storefront(system)
    await settleWith('acct_millstore')
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 1_000_000_000 })
  })
  afterAll(() => system?.close())

  const books = async (): Promise<{
    paymentIntents: TheirIntent[]
    refunds: TheirRefund[]
    transfers: { amount: number; amount_reversed: number }[]
  }> => (await shop.sandbox('GET', '/sandbox/books')).stripe
  const settleWith = async (stripeAccountId: string | null) => {
    const [merchant] = (await shop.must('GET', '/v2/merchants')).data
    await shop.must('POST', `/v2/merchants/${merchant.id}`, {
      name: 'Mill Store',
      ...(stripeAccountId === null ? {} : { stripeAccountId }),
    })
  }
  const live = async (from: number, count: number) => {
    let next = from
    const worker = async () => {
      while (next < from + count) {
        const life = next
        next += 1
        const id = await liveAnOrder(shop, life).catch((error: Error) => {
          throw new Error(`life ${life}: ${error.message}`, { cause: error })
        })
        if (id) made.push(id)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }
  const quiet = () =>
    eventually(
      async () => {
        const [open] = await system.database.sql<{ tasks: number; events: number }>(
          `select (select count(*) from tasks where state in ('pending', 'enqueued') and run_at <= now()
             and job not in ('conclude-order')) as tasks,
             (select count(*) from inbox_events where handled_at is null and outcome is distinct from 'orphaned') as events`,
        )
        return open?.tasks === 0 && open.events === 0 ? true : undefined
      },
      async () =>
        `quiet: ${JSON.stringify(
          await system.database.sql(
            `select job, state, last_error, count(*) from tasks where state in ('pending', 'enqueued') group by 1, 2, 3`,
          ),
        )}`,
      90_000,
    )

  it('end in a state that the books of the provider agree with, whatever order events come in', async () => {
    await shop.sandbox('POST', '/sandbox/webhooks', {
      provider: 'stripe',
      mode: 'shuffle',
      delayMs: 40,
      copies: 2,
      seed,
    })
    await live(seed, lives / 2)
    // Without a connected account nothing is transferred, and Stripe lets a card be captured in several parts.
    await settleWith(null)
    await live(seed + lives / 2, lives / 2)
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
    await quiet()
    // Vouchers and bank transfers are given back when their buyers have named an account; a tenth of the banks sends it back.
    const waiting = (await books()).refunds.filter(({ status }) => status === 'requires_action' || status === 'pending')
    for (const [index, { id }] of waiting.entries())
      await shop.sandbox('POST', `/sandbox/stripe/refunds/${id}/${index % 10 === 9 ? 'fail' : 'finish'}`)
    await quiet()
    expect(made.length).toBeGreaterThan(lives * 0.6)

    const failed = await system.database.sql(`select job, last_error, order_id from tasks where state = 'failed'`)
    expect(failed, 'failed tasks').toEqual([])
  }, 300_000)

  it('I6 I9 agree with the sandbox to the minor unit: captured, cancelled, given back, paid out', async () => {
    const charges = await system.database.sql<OurCharge>(
      `select c.id, c.provider_reference as reference, c.state, c.currency, c.amount, c.captured_amount as captured,
         c.cancelled_amount as cancelled, c.refunded_amount as refunded,
         (select coalesce(sum(s.amount), 0) from splits s where s.charge_id = c.id) as planned,
         (select coalesce(sum(s.executed_amount), 0) from splits s where s.charge_id = c.id) as executed,
         (select coalesce(sum(s.cancelled_amount), 0) from splits s where s.charge_id = c.id) as released,
         (select coalesce(sum(s.reversed_amount), 0) from splits s where s.charge_id = c.id) as reversed,
         (select coalesce(sum(l.amount), 0) from ledger_entries l where l.account = 'charge:' || c.id) as balance
       from charges c`,
    )
    const theirs = await books()
    const intents = new Map(theirs.paymentIntents.map((intent) => [intent.id, intent]))
    const refunds = Map.groupBy(theirs.refunds, (refund) => refund.payment_intent)
    const returned = new Set(
      theirs.refunds.flatMap(({ status, metadata }) => (status === 'failed' ? [metadata.operationId] : [])),
    )
    const complaints: string[] = []
    for (const charge of charges) {
      const complain = (what: string) => complaints.push(`${charge.id} (${charge.state}, ${charge.reference}): ${what}`)
      const intent = charge.reference === null ? undefined : intents.get(charge.reference)
      if (charge.planned !== charge.amount) complain(`splits ${charge.planned} of ${charge.amount}`)
      if (charge.captured + charge.cancelled > charge.amount) complain('more decided than authorized')
      if (charge.refunded > charge.captured) complain('more given back than captured')
      if ((intent?.amount_received ?? 0) !== charge.captured)
        complain(`captured ${charge.captured}, provider ${intent?.amount_received}`)
      // What a bank sent back stays in the buyer's balance at the provider: it was given back there and has not reached them.
      const back = (refunds.get(charge.reference ?? '') ?? [])
        .filter(({ status, metadata }) => status !== 'failed' && !returned.has(metadata.operationId ?? ''))
        .reduce((sum, { amount }) => sum + amount, 0)
      if (back !== charge.refunded) complain(`refunded ${charge.refunded}, provider ${back}`)
      if (['complete', 'cancelled'].includes(charge.state) && charge.captured + charge.cancelled !== charge.amount)
        complain(`I9: ${charge.captured} + ${charge.cancelled} is not ${charge.amount}`)
      if (charge.captured > 0 && charge.balance !== 0) complain(`${charge.balance} stay on its account`)
      if (charge.executed - charge.reversed !== charge.captured - charge.refunded)
        complain(`shares ${charge.executed} - ${charge.reversed}, money ${charge.captured} - ${charge.refunded}`)
      if (charge.state === 'cancelled' && intent && intent.status !== 'canceled') complain(`intent is ${intent.status}`)
    }
    expect(complaints).toEqual([])
  })

  it('leave no order between its states', async () => {
    const stuck = await system.database.sql(
      `select o.id, o.state, o.attention from orders o where not o.draft and (
         o.attention ->> 'reason' <> 'refund failed at the provider'
         or (o.state in ('accepted') and o.attention is null and not exists (
           select 1 from order_items i where i.order_id = o.id and i.quantity > i.fulfilled_quantity + i.cancelled_quantity))
         or (o.state = 'fulfilled' and not exists (
           select 1 from charges c where c.order_id = o.id and c.state not in ('complete', 'cancelled'))))`,
    )
    expect(stuck).toEqual([])
    const unbalanced = await system.database.sql(
      `select correlation_key from ledger_entries group by correlation_key having sum(amount) <> 0 or count(*) <> 2`,
    )
    expect(unbalanced).toEqual([])
  })

  it('pay connected accounts what the shares say', async () => {
    const [ours] = await system.database.sql<{ amount: number }>(
      `select coalesce(sum(amount), 0) as amount from ledger_entries where account = 'account:acct_millstore'`,
    )
    const { transfers } = await books()
    const theirs = transfers.reduce((sum, { amount, amount_reversed }) => sum + amount - amount_reversed, 0)
    expect(ours?.amount).toBe(theirs)
  })
})
