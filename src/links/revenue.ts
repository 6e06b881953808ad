import { type RawBuilder, sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import {
  changedOrders,
  countedUpTo,
  linkSubject,
  oneOf,
  productSubject,
  signedParts,
  wholeOrders,
} from './revenue-parts.ts'

/** What orders brought; amounts in minor units of `currency`, refunds deducted. */
export type Revenue = { currency: string; total: number; orderCount: number; paidCount: number }

/** Paid ÷ initiated; without orders zero. */
export const conversionRate = ({ paidCount, orderCount }: Pick<Revenue, 'paidCount' | 'orderCount'>): number =>
  orderCount === 0 ? 0 : Math.round((paidCount / orderCount) * 10_000) / 10_000

/** Sums of what is meant, with what changed orders have brought since: `rows` is exact at the moment of the statement. */
export const upToNow = (merchantId: RawBuilder<unknown>, meant: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  with changed as materialized (select c.order_id from (${changedOrders(countedUpTo)}) c
    cross join ${oneOf('orders', 'id', sql`c.order_id`)} o where o.merchant_id = ${merchantId}),
  ${signedParts(sql`changed`)},
  rows as (
    select subject, day, currency, name, kept, order_count, paid_count from revenue_sums where merchant_id = ${merchantId} and ${meant}
    union all select subject, day, currency, name, kept, order_count, paid_count from parts where ${meant})`

const sums = sql`coalesce(sum(kept), 0) as total, coalesce(sum(order_count), 0) as "orderCount", coalesce(sum(paid_count), 0) as "paidCount"`

type Sums = Omit<Revenue, 'currency'>

const sumLink = statement<{ merchantId: string; subject: string }>()(
  (_, $) => sql<Sums>`${upToNow($.merchantId, sql`subject = ${$.subject}`)} select ${sums} from rows`,
)

/** Revenue of one link of a merchant, in one query. */
export async function linkRevenue(
  on: Sql,
  { merchantId, linkId, currency }: { merchantId: string; linkId: string; currency: string },
): Promise<Revenue> {
  const [row] = await sumLink(on, { merchantId, subject: `${linkSubject}${linkId}` })
  return { currency, total: row?.total ?? 0, orderCount: row?.orderCount ?? 0, paidCount: row?.paidCount ?? 0 }
}

type Period = { merchantId: string; since: string }

/** Which sums are of whole orders, since a UTC day. */
export const ofOrders = ($: { since: RawBuilder<unknown> }) =>
  sql`subject = ${sql.lit(wholeOrders)} and day >= ${$.since}::date`

const sumSeller = statement<Period>()(
  (_, $) => sql<Revenue>`${upToNow($.merchantId, ofOrders($))}
    select currency, ${sums} from rows group by currency having sum(order_count) > 0 order by total desc`,
)

/** The UTC day of a moment. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10)

/** Revenue of a seller per currency since a UTC day, in one query. */
export const sellerRevenue = (on: Sql, merchantId: string, since: Date): Promise<Revenue[]> =>
  sumSeller(on, { merchantId, since: dayOf(since) })

const sumDays = statement<Period>()(
  (_, $) => sql<Revenue & { day: string }>`${upToNow($.merchantId, ofOrders($))}
    select to_char(day, 'YYYY-MM-DD') as day, currency, ${sums} from rows
    group by rows.day, currency having sum(order_count) > 0 order by rows.day, currency`,
)

/** Revenue by UTC day and currency, in one query; days without orders are left out. */
export const revenueByDay = (on: Sql, merchantId: string, since: Date): Promise<(Revenue & { day: string })[]> =>
  sumDays(on, { merchantId, since: dayOf(since) })

const ofProducts = ($: { since: RawBuilder<unknown> }) =>
  sql`starts_with(subject, ${sql.lit(productSubject)}) and day >= ${$.since}::date`

const sumProducts = statement<Period>()(
  (_, $) => sql<Revenue & { productId: string | null; name: string }>`${upToNow($.merchantId, ofProducts($))}
    select nullif(substr(subject, ${sql.lit(productSubject.length + 1)}), '') as "productId", max(name) as name, currency, ${sums}
    from rows group by subject, currency having sum(order_count) > 0 order by total desc limit 100`,
)

/** Revenue by product and currency, best first, in one query: a line's share of its order's money by its share of the goods. */
export const revenueByProduct = (
  on: Sql,
  merchantId: string,
  since: Date,
): Promise<(Revenue & { productId: string | null; name: string })[]> =>
  sumProducts(on, { merchantId, since: dayOf(since) })
