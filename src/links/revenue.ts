import type { Sql } from '../database/database.ts'

/** What orders brought; amounts in minor units of `currency`, refunds deducted. */
export type Revenue = { currency: string; total: number; orderCount: number; paidCount: number }

/** Paid ÷ initiated; without orders zero. */
export const conversionRate = ({ paidCount, orderCount }: Pick<Revenue, 'paidCount' | 'orderCount'>): number =>
  orderCount === 0 ? 0 : Math.round((paidCount / orderCount) * 10_000) / 10_000

const sums = `
  coalesce(sum(c.captured - c.refunded), 0) as total, count(*) as "orderCount",
  count(*) filter (where o.state in ('accepted', 'confirmed', 'fulfilled', 'complete', 'returned')) as "paidCount"`
const money = `left join lateral (
    select coalesce(sum(captured_amount), 0) as captured, coalesce(sum(refunded_amount), 0) as refunded from charges where order_id = o.id
  ) c on true`

/** Revenue of one link, in one query (R276–R281). */
export async function linkRevenue(sql: Sql, linkId: string, currency: string): Promise<Revenue> {
  const [row] = await sql<Omit<Revenue, 'currency'>>(`select ${sums} from orders o ${money} where o.link_id = $1`, [
    linkId,
  ])
  return { currency, total: row?.total ?? 0, orderCount: row?.orderCount ?? 0, paidCount: row?.paidCount ?? 0 }
}

/** Revenue of a seller per currency since a day, in one query. */
export function sellerRevenue(sql: Sql, merchantId: string, since: Date): Promise<Revenue[]> {
  return sql<Revenue>(
    `select o.currency, ${sums} from orders o ${money} where o.merchant_id = $1 and o.created_at >= $2 group by o.currency order by total desc`,
    [merchantId, since.toISOString()],
  )
}

/** Revenue by UTC day and currency, in one query; days without orders are left out. */
export function revenueByDay(sql: Sql, merchantId: string, since: Date): Promise<(Revenue & { day: string })[]> {
  return sql<Revenue & { day: string }>(
    `select to_char(o.created_at at time zone 'UTC', 'YYYY-MM-DD') as day, o.currency, ${sums} from orders o ${money}
     where o.merchant_id = $1 and o.created_at >= $2 group by 1, 2 order by 1, 2`,
    [merchantId, since.toISOString()],
  )
}

/** Revenue by product and currency, best first, in one query: a line's share of its order's money by its share of the goods. */
export function revenueByProduct(
  sql: Sql,
  merchantId: string,
  since: Date,
): Promise<(Revenue & { productId: string; name: string })[]> {
  return sql<Revenue & { productId: string; name: string }>(
    `select i.sku_id as "productId", max(i.product ->> 'name') as name, o.currency,
       coalesce(sum(case when g.goods = 0 then 0 else round((c.captured - c.refunded) * i.amount / g.goods) end), 0) as total,
       count(distinct o.id) as "orderCount",
       count(distinct o.id) filter (where o.state in ('accepted', 'confirmed', 'fulfilled', 'complete', 'returned')) as "paidCount"
     from orders o ${money}
     join order_items i on i.order_id = o.id
     join lateral (select sum(amount) as goods from order_items where order_id = o.id) g on true
     where o.merchant_id = $1 and o.created_at >= $2 group by 1, 3 order by 4 desc limit 100`,
    [merchantId, since.toISOString()],
  )
}
