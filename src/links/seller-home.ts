import { type RawBuilder, sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { firstIdSince } from '../platform/ids.ts'
import { dayOf, ofOrders, upToNow } from './revenue.ts'

/** What a UTC day brought: `total` of its orders in minor units, refunds deducted, and what was given back on it of orders of any day. */
export type HomeDay = {
  day: string
  currency: string
  total: number
  orderCount: number
  paidCount: number
  refunded: number
}

/** Something that waits for its seller; `at` says since when, or until when an answer is taken. */
export type WaitingThing = { id: string; label: string; note: string | null; at: string | null }

export type SellerHome = {
  days: HomeDay[]
  /** Orders that a worker gave up, those that wait longest first; so are the others. */
  attention: WaitingThing[]
  inReview: WaitingThing[]
  unpaid: WaitingThing[]
  /** Products of which few are left, fewest first; `note` is how many. */
  stock: WaitingThing[]
  /** Endpoints that are off without their merchant's wish; `note` is why. */
  endpoints: WaitingThing[]
  /** Orders whose dispute no evidence was sent for, the most urgent first. */
  disputes: WaitingThing[]
}

const dayMs = 24 * 60 * 60 * 1000
const unpaidTooLongMs = dayMs
const fewLeft = 3
/** One more than a page shows, so that it can say that there are more. */
const mostOfEach = 6

/** The rows of a query of `id`, `label`, `note`, `at` and `rank`, in the order of their rank. */
const listOf = (query: RawBuilder<unknown>) =>
  sql`(select coalesce(json_agg(json_build_object('id', id, 'label', label, 'note', note,
    'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by rank), '[]') from (${query}) listed)`

const ordersThat = (merchantId: RawBuilder<unknown>, are: RawBuilder<unknown>) =>
  sql`select o.id, o.email as label, o.attention ->> 'reason' as note, o.created_at as at, o.id as rank from orders o
    where o.merchant_id = ${merchantId} and not o.draft and ${are} order by o.id limit ${sql.lit(mostOfEach)}`

const readAll = statement<{ merchantId: string; since: string; firstRefund: string; lastUnpaid: string }>()((_, $) => {
  const unpaid = (['pending', 'pending_payment'] as const).map(
    (state) => sql`(${ordersThat($.merchantId, sql`o.state = ${sql.lit(state)} and o.id < ${$.lastUnpaid}`)})`,
  )
  return sql<SellerHome>`${upToNow($.merchantId, ofOrders($))},
    days as (
      select to_char(day, 'YYYY-MM-DD') as day, currency, sum(kept)::bigint as total, sum(order_count)::bigint as "orderCount",
        sum(paid_count)::bigint as "paidCount", sum(refunded)::bigint as refunded
      from (
        select day, currency, kept, order_count, paid_count, 0 as refunded from rows
        union all select (created_at at time zone 'UTC')::date, currency, 0, 0, 0, refunded_amount from refunds
          where merchant_id = ${$.merchantId} and id >= ${$.firstRefund} and state = 'succeeded') of_a_day
      group by of_a_day.day, currency having sum(order_count) > 0 or sum(refunded) > 0)
    select (select coalesce(json_agg(d order by d.day desc, d.currency), '[]') from days d) as days,
      ${listOf(ordersThat($.merchantId, sql`o.attention is not null`))} as attention,
      ${listOf(ordersThat($.merchantId, sql`o.state = 'in_review'`))} as "inReview",
      ${listOf(sql`select * from (${sql.join(unpaid, sql` union all `)}) each_state order by id limit ${sql.lit(mostOfEach)}`)} as unpaid,
      ${listOf(sql`select id, name as label, inventory::text as note, null::timestamptz as at, (inventory, id) as rank from skus
        where merchant_id = ${$.merchantId} and inventory <= ${sql.lit(fewLeft)} and deleted_at is null
        order by inventory, id limit ${sql.lit(mostOfEach)}`)} as stock,
      ${listOf(sql`select id, url as label, disabled_reason as note, null::timestamptz as at, id as rank from webhook_endpoints
        where merchant_id = ${$.merchantId} and disabled_reason in ('gone', 'failing') order by id limit ${sql.lit(mostOfEach)}`)} as endpoints,
      ${listOf(sql`select o.id, o.email as label, d.reason as note, d.evidence_due_at as at, (d.evidence_due_at, d.id) as rank
        from disputes d join orders o on o.id = d.order_id
        where d.state in ('needs_response', 'warning_needs_response') and d.evidence_sent_at is null and o.merchant_id = ${$.merchantId}
        order by d.evidence_due_at, d.id limit ${sql.lit(mostOfEach)}`)} as disputes`
})

/** What a seller's day begins with, in one statement: what today and yesterday brought, and of each kind of thing that waits the first six. */
export async function readSellerHome(on: Sql, merchantId: string, now: Date): Promise<SellerHome> {
  const yesterday = new Date(Math.floor(now.getTime() / dayMs) * dayMs - dayMs)
  const [home] = await readAll(on, {
    merchantId,
    since: dayOf(yesterday),
    firstRefund: firstIdSince('refund', yesterday),
    lastUnpaid: firstIdSince('order', new Date(now.getTime() - unpaidTooLongMs)),
  })
  if (!home) throw new Error('a statement without a source has one row')
  return home
}
