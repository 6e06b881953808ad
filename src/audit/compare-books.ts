import { sql } from 'kysely'
import { statement } from '../database/statement.ts'

/** What a provider's books and ours say about one thing in one currency. Minor units, as they change our balance there. */
export type Compared = {
  provider: string
  currency: string
  /** A charge, an operation, a line of the provider's books, or an account. */
  subject: string
  orderId: string | null
  theirs: number
  ours: number
  /** Something of it is so new that the other side may not have heard of it. */
  underWay: boolean
}

// Raw: sums of two tables, each by what its rows are about, side by side.
const readDifferences = statement<{ settledBefore: Date }>()(
  (_, $) => sql<Compared>`
    with theirs as (
      select l.provider, l.currency, part.subject, max(l.order_id) as order_id, sum(part.amount)::bigint as amount, max(l.at) as at
      from bank_lines l
      cross join lateral (values
        (case when l.booked_at is null then l.id else coalesce(l.operation_id, l.charge_id, l.id) end, l.amount),
        (l.id, -l.fee)
      ) part (subject, amount)
      group by 1, 2, 3
    ), moved as (
      select l.*, coalesce(o.provider, substr(l.account, length('provider:') + 1)) as provider,
        case when o.kind = 'capture' then o.charge_id
          else coalesce(o.id, c.id, regexp_replace(l.correlation_key, '^(bnk_.*)-fee$', '\\1')) end as subject
      from ledger_entries l
      left join operations o on o.id = regexp_replace(l.correlation_key, '-failed$', '')
      left join charges c on l.correlation_key like '%-capture' and c.id = left(l.correlation_key, -length('-capture'))
      where starts_with(l.account, 'provider:') or starts_with(l.account, 'account:')
    ), ours as (
      select m.provider, m.currency, m.subject, max(m.order_id) as order_id, -sum(m.amount)::bigint as amount, max(m.created_at) as at
      from moved m
      group by 1, 2, 3
    )
    select provider, currency, subject, coalesce(t.order_id, o.order_id) as "orderId", coalesce(t.amount, 0) as theirs,
      coalesce(o.amount, 0) as ours, greatest(t.at, o.at) >= ${$.settledBefore} as "underWay"
    from theirs t full join ours o using (provider, currency, subject)
    where coalesce(t.amount, 0) <> coalesce(o.amount, 0) and provider in (select provider from bank_marks)
    union all
    select 'ledger', l.currency, l.account, l.order_id, 0, sum(l.amount)::bigint, max(l.created_at) >= ${$.settledBefore}
    from ledger_entries l
    left join orders o on o.id = l.order_id and starts_with(l.account, 'charge:')
    left join disputes d on l.account = 'dispute:' || d.id
    where o.state in ('confirmed', 'fulfilled', 'complete', 'cancelled', 'blocked', 'returned') or d.state in ('won', 'lost', 'prevented')
    group by l.currency, l.account, l.order_id having sum(l.amount) <> 0
    order by 1, 2, 3`,
)

/**
 * Everything about which providers' books, as far as they were read, and the ledger disagree, and under `ledger` the accounts of payments and
 * disputes that are over and not empty. What happened since `settledBefore` is under way.
 */
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
