import { sql } from 'kysely'
import { statement } from '../database/statement.ts'

/** What a provider's books and ours say about one thing in one currency. Minor units, as they change our balance there. */
export type Compared = {
  provider: string
  currency: string
  /** A charge, an operation, or a line that nothing of ours is about. */
  subject: string
  orderId: string | null
  theirs: number
  ours: number
  /** Something of it is so new that the other side may not have heard of it. */
  underWay: boolean
}

// Raw: two sums of two tables, each by what its rows are about, side by side.
const readDifferences = statement<{ settledBefore: Date }>()(
  (_, $) => sql<Compared>`
    with theirs as (
      select provider, currency, coalesce(operation_id, charge_id, id) as subject, max(order_id) as order_id,
        sum(case when booked_at is null then amount - fee else amount end)::bigint as amount, max(at) as at
      from bank_lines
      where booked_at is null or kind in ('charge', 'refund', 'refund_failure', 'transfer', 'reversal')
      group by 1, 2, 3
    ), moved as (
      select l.*, coalesce(o.provider, substr(l.account, length('provider:') + 1)) as provider,
        case when o.kind = 'capture' then o.charge_id else coalesce(o.id, c.id, l.correlation_key) end as subject
      from ledger_entries l
      left join operations o on o.id = regexp_replace(l.correlation_key, '-failed$', '')
      left join charges c on l.correlation_key like '%-capture' and c.id = left(l.correlation_key, -length('-capture'))
      where starts_with(l.account, 'provider:') or starts_with(l.account, 'account:')
    ), ours as (
      select m.provider, m.currency, m.subject, max(m.order_id) as order_id, -sum(m.amount)::bigint as amount, max(m.created_at) as at
      from moved m
      where not exists (select 1 from bank_lines b where b.id = regexp_replace(m.subject, '-fee$', ''))
      group by 1, 2, 3
    )
    select provider, currency, subject, coalesce(t.order_id, o.order_id) as "orderId", coalesce(t.amount, 0) as theirs,
      coalesce(o.amount, 0) as ours, greatest(t.at, o.at) >= ${$.settledBefore} as "underWay"
    from theirs t full join ours o using (provider, currency, subject)
    where coalesce(t.amount, 0) <> coalesce(o.amount, 0) and provider in (select provider from bank_marks)
    order by provider, currency, subject`,
)

/** Everything about which providers' books, as far as they were read, and the ledger disagree. What happened since `settledBefore` is under way. */
export const compareBooks = readDifferences

// Raw: the same sums, without asking what they are about, so that nothing is left out by a wrong answer to that.
const readTotals = statement()(
  () => sql<{ provider: string; currency: string; theirs: number; ours: number }>`
    with theirs as (
      select provider, currency, sum(amount - fee)::bigint as amount from bank_lines group by 1, 2
    ), ours as (
      select coalesce(o.provider, substr(l.account, length('provider:') + 1)) as provider, l.currency, -sum(l.amount)::bigint as amount
      from ledger_entries l left join operations o on o.id = l.correlation_key and starts_with(l.account, 'account:')
      where starts_with(l.account, 'provider:') or starts_with(l.account, 'account:')
      group by 1, 2
    )
    select provider, currency, coalesce(t.amount, 0) as theirs, coalesce(o.amount, 0) as ours
    from theirs t full join ours o using (provider, currency)
    where provider in (select provider from bank_marks)
    order by provider, currency`,
)

/** What each provider holds for us by its books and by ours. Minor units. */
export const sumBooks = readTotals
