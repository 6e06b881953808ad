import { explainFinding, listFindings } from '../../src/audit/findings.ts'
import { runAudit } from '../../src/audit/run-audit.ts'
import { createWorkerParts } from '../../workers/connect-worker.ts'
import { eventually, type storefront } from '../storefront.ts'
import type { System } from '../system.ts'

type OurCharge = {
  id: string
  reference: string | null
  state: string
  amount: number
  captured: number
  cancelled: number
  refunded: number
  planned: number
  executed: number
  reversed: number
  balance: number
}
type StripeBooks = {
  paymentIntents: { id: string; status: string; amount_received: number; orderId: string | null }[]
  refunds: { id: string; payment_intent: string; amount: number; status: string; metadata: { operationId?: string } }[]
  transfers: { amount: number; amount_reversed: number }[]
}

/** What we hold for true after many lives of orders, and what the provider holds for true. */
export function lifecycleBooks(system: System, shop: ReturnType<typeof storefront>) {
  const { sql } = system.database
  const theirs = async (): Promise<StripeBooks> => (await shop.sandbox('GET', '/sandbox/books')).stripe

  /** What a bank sends back of a refund that went by the buyer's own balance at Stripe lies there, and neither here nor in our balance. */
  const explainMoneyAtBuyers = async () => {
    const failed = (await theirs()).refunds.filter((refund) => refund.status === 'failed' && !refund.payment_intent)
    const operations = new Set(failed.map(({ metadata }) => metadata.operationId))
    const { findings } = await listFindings(sql, 'open', { limit: 100 })
    for (const { id, subject } of findings)
      if (operations.has(subject))
        await explainFinding(sql, { id, reason: 'in the balance of the buyer', author: 'ada@example.com' })
  }

  return {
    theirs,

    /** Waits until nothing is left to be done that does not wait for a later time, or to be made of what happened. */
    quiet: (deadlineMs = 90_000) =>
      eventually(
        async () => {
          const [open] = await sql<{ tasks: number; lines: number; events: number }>(
            `select (select count(*) from tasks where state in ('pending', 'enqueued')
               and (run_at <= now() + interval '30 seconds' or job = 'conclude-order')) as tasks,
               (select count(*) from order_timeline where published_at is null) as lines,
               (select count(*) from inbox_events where handled_at is null and outcome is distinct from 'orphaned') as events`,
          )
          return open?.tasks === 0 && open.lines === 0 && open.events === 0 ? true : undefined
        },
        async () =>
          `quiet: ${JSON.stringify(
            await sql(
              `select job, state, last_error, count(*) from tasks where state in ('pending', 'enqueued') group by 1, 2, 3`,
            ),
          )}`,
        deadlineMs,
      ),

    failedTasks: () => sql(`select job, last_error, order_id from tasks where state = 'failed'`),

    /** Every disagreement about money between us and the provider, and between our own tables (I6, I9). */
    async complaints(): Promise<string[]> {
      const charges = await sql<OurCharge>(
        `select c.id, c.provider_reference as reference, c.state, c.amount, c.captured_amount as captured,
           c.cancelled_amount as cancelled, c.refunded_amount as refunded,
           (select coalesce(sum(s.amount), 0) from splits s where s.charge_id = c.id) as planned,
           (select coalesce(sum(s.executed_amount), 0) from splits s where s.charge_id = c.id) as executed,
           (select coalesce(sum(s.reversed_amount), 0) from splits s where s.charge_id = c.id) as reversed,
           (select coalesce(sum(l.amount), 0) from ledger_entries l where l.account = 'charge:' || c.id) as balance
         from charges c`,
      )
      const books = await theirs()
      const intents = new Map(books.paymentIntents.map((intent) => [intent.id, intent]))
      const refunds = Map.groupBy(books.refunds, (refund) => refund.payment_intent)
      const returned = new Set(
        books.refunds.flatMap(({ status, metadata }) => (status === 'failed' ? [metadata.operationId] : [])),
      )
      const found: string[] = []
      for (const charge of charges) {
        const complain = (what: string) => found.push(`${charge.id} (${charge.state}, ${charge.reference}): ${what}`)
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
        if (charge.state === 'cancelled' && intent && intent.status !== 'canceled')
          complain(`intent is ${intent.status}`)
      }
      const known = new Set(charges.map(({ reference }) => reference))
      for (const intent of books.paymentIntents)
        if (!known.has(intent.id) && !['canceled', 'requires_payment_method'].includes(intent.status))
          found.push(`${intent.id} (${intent.status}) is a payment that we do not know`)
      const [account] = await sql<{ amount: number }>(
        `select coalesce(sum(amount), 0) as amount from ledger_entries where account = 'account:acct_millstore'`,
      )
      const paidOut = books.transfers.reduce((sum, { amount, amount_reversed }) => sum + amount - amount_reversed, 0)
      if (account?.amount !== paidOut) found.push(`${account?.amount} booked to the account, ${paidOut} transferred`)
      const unbalanced = await sql<{ key: string }>(
        `select correlation_key as key from ledger_entries group by correlation_key having sum(amount) <> 0 or count(*) <> 2`,
      )
      found.push(...unbalanced.map(({ key }) => `${key} does not sum to zero`))
      return found
    },

    /** Where the provider's own books and the ledger disagree, line by line. */
    async disagreements() {
      const parts = await createWorkerParts(system.parts.config, 'audit')
      try {
        await runAudit(parts, 0)
        await explainMoneyAtBuyers()
        const balances = await runAudit(parts, 0)
        const { findings } = await listFindings(sql, 'open', { limit: 100 })
        return [
          ...balances.flatMap(({ provider, currency, unexplained }) =>
            unexplained === 0 ? [] : [`${provider} ${currency}: ${unexplained} unexplained`],
          ),
          ...findings.map(
            ({ kind, subject, orderId, theirs, ours }) =>
              `${kind} ${subject} of ${orderId}: theirs ${theirs}, ours ${ours}`,
          ),
        ]
      } finally {
        await parts.close()
      }
    },

    /** Orders that stand between two states though nothing is left to be done about them. */
    stuckOrders: () =>
      sql(
        `select o.id, o.state, o.draft, o.attention from orders o where (o.draft and o.state = 'pending') or not o.draft and (
           o.attention ->> 'reason' <> 'refund failed at the provider'
           or (o.state = 'accepted' and o.attention is null and not exists (
             select 1 from order_items i where i.order_id = o.id and i.quantity > i.fulfilled_quantity + i.cancelled_quantity))
           or (o.state = 'fulfilled' and not exists (
             select 1 from charges c where c.order_id = o.id and c.state not in ('complete', 'cancelled'))))`,
      ),
  }
}
