import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import { subjectOfLine } from './subject-of-line.ts'

/** What a provider's books and ours say about one thing in one currency. Minor units, as they change our balance there. */
export type Compared = {
  provider: string
  currency: string
  /** A charge, an operation, a line of the provider's books, or an account. */
  subject: string
  orderId: string | null
  theirs: number
  ours: number
  /** When the newest of it happened by their books and by ours; empty where they have nothing of it. */
  theirTime: Date | null
  ourTime: Date | null
  /** Something of it is so new that the other side may not have heard of it, or that its books were not read as far. */
  underWay: boolean
}

// What happened before a book that has a beginning is no business of it, unless it names the order all the same.
const withinBook = sql<boolean>`(m.read_from is null or l.created_at >= m.read_from
  or (m.provider, l.order_id) in (select provider, order_id from bank_lines where order_id is not null))`

// Raw: sums of two tables, each by what its rows are about, side by side.
const readDifferences = statement<{ settledBefore: Date }>()(
  (_, $) => sql<Compared>`
    with theirs as (
      select l.provider, l.currency, part.subject, max(l.order_id) as order_id, sum(part.amount)::bigint as amount, max(l.at) as at
      from bank_lines l
      cross join lateral (select ${subjectOfLine} as subject) about
      cross join lateral (values
        (about.subject, l.amount),
        (case when l.booked_at is null then about.subject else l.id end, -l.fee)
      ) part (subject, amount)
      group by 1, 2, 3
    ), moved as (
      select l.*, coalesce(o.provider, substr(l.account, length('provider:') + 1)) as provider,
        case when o.kind = 'capture' then o.charge_id
          else coalesce(o.id, c.surplus_of, c.id, regexp_replace(l.correlation_key, '^(bnk_.*)-fee$', '\\1')) end as subject
      from ledger_entries l
      left join operations o on o.id = regexp_replace(l.correlation_key, '-failed$', '')
      left join charges c on l.correlation_key ~ '-(capture|shortfall)'
        and c.id = regexp_replace(l.correlation_key, '-(capture|shortfall).*$', '')
      where starts_with(l.account, 'provider:') or starts_with(l.account, 'account:')
    ), ours as (
      select m.provider, l.currency, l.subject, max(l.order_id) as order_id, -sum(l.amount)::bigint as amount, max(l.created_at) as at
      from moved l join bank_marks m on m.provider = l.provider
      where ${withinBook}
      group by 1, 2, 3
    )
    select provider, currency, subject, coalesce(t.order_id, o.order_id) as "orderId", coalesce(t.amount, 0) as theirs,
      coalesce(o.amount, 0) as ours, t.at as "theirTime", o.at as "ourTime",
      greatest(t.at, o.at) >= ${$.settledBefore} or (t.at is null and o.at >= m.read_until) as "underWay"
    from theirs t full join ours o using (provider, currency, subject) join bank_marks m using (provider)
    where coalesce(t.amount, 0) <> coalesce(o.amount, 0)
    union all
    select 'ledger', l.currency, l.account, l.order_id, 0, sum(l.amount)::bigint, null, max(l.created_at),
      max(l.created_at) >= ${$.settledBefore}
    from ledger_entries l
    left join orders o on o.id = l.order_id and starts_with(l.account, 'charge:')
    left join disputes d on l.account = 'dispute:' || d.id
    where o.state in ('confirmed', 'fulfilled', 'complete', 'cancelled', 'blocked', 'returned') and not exists (
        select from charge_entries e
        where e.charge_id = substr(l.account, length('charge:') + 1) and e.kind = 'refund' and e.state = 'pending_information'
      ) or d.state in ('won', 'lost', 'prevented')
    group by l.currency, l.account, l.order_id having sum(l.amount) <> 0
    union all
    select 'ledger', o.currency, s.id, s.order_id, s.cost, 0, null, s.updated_at, s.updated_at >= ${$.settledBefore}
    from shipments s
    join orders o on o.id = s.order_id
    left join ledger_entries l on l.correlation_key = s.id || '-cost' || case when s.nth = 1 then '' else '-' || s.nth end
      and l.account = 'cost:' || s.provider
    where s.cost > 0 and l.id is null
    union all
    select 'ledger', o.currency, e.id, e.order_id, borne.amount, coalesce(booked.amount, 0), null, e.updated_at,
      e.updated_at >= ${$.settledBefore}
    from charge_entries e
    join orders o on o.id = e.order_id
    cross join lateral (
      select sum((c ->> 'amount')::bigint)::bigint as amount from jsonb_array_elements(e.costs) c where c ->> 'bearer' = 'merchant'
    ) borne
    left join lateral (
      select sum(l.amount)::bigint as amount from ledger_entries l
      where l.order_id = e.order_id and l.amount > 0 and l.correlation_key like '%-borne-' || e.id
    ) booked on true
    where e.costs is not null and borne.amount <> coalesce(booked.amount, 0)
    union all
    select 'ledger', p.currency, 'payout:' || p.id, null, 0, (coalesce(sum(l.amount), 0) - part.held)::bigint, null,
      greatest(p.updated_at, max(l.created_at)), greatest(p.updated_at, max(l.created_at)) >= ${$.settledBefore}
    from payouts p
    cross join lateral (select case when p.state = 'pending' or p.state = 'paid' and p.method = 'manual' then p.amount else 0 end) part (held)
    left join ledger_entries l on l.account = 'payout:' || p.id
    group by p.id, part.held having coalesce(sum(l.amount), 0) <> part.held
    order by 1, 2, 3`,
)

/**
 * Everything about which providers' books, as far as they were read, and the ledger disagree, and under `ledger` the accounts of payments and
 * disputes that are over and not empty though nothing of them waits for its buyer to fetch it, those of payouts that have not what they should, and what parcels, print jobs and refunds cost and
 * nobody booked. What happened since `settledBefore`, or after the end of a book as it was read, is under way.
 */
export const compareBooks = readDifferences

// Raw: the same sums, without asking what they are about, so that nothing is left out by a wrong answer to that.
const readTotals = statement()(
  () => sql<{ provider: string; currency: string; theirs: number; ours: number }>`
    with theirs as (
      select provider, currency, sum(amount - fee)::bigint as amount from bank_lines group by 1, 2
    ), ours as (
      select m.provider, l.currency, -sum(l.amount)::bigint as amount
      from ledger_entries l
      left join operations o on o.id = l.correlation_key and starts_with(l.account, 'account:')
      join bank_marks m on m.provider = coalesce(o.provider, substr(l.account, length('provider:') + 1))
      where (starts_with(l.account, 'provider:') or starts_with(l.account, 'account:')) and ${withinBook}
      group by 1, 2
    )
    select provider, currency, coalesce(t.amount, 0) as theirs, coalesce(o.amount, 0) as ours
    from theirs t full join ours o using (provider, currency)
    where provider in (select provider from bank_marks)
    order by provider, currency`,
)

/** What each provider holds for us by its books and by ours. Minor units. */
export const sumBooks = readTotals
