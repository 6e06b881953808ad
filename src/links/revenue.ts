import { expressionBuilder, sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { type db, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'

/** What orders brought; amounts in minor units of `currency`, refunds deducted. */
export type Revenue = { currency: string; total: number; orderCount: number; paidCount: number }

/** Paid ÷ initiated; without orders zero. */
export const conversionRate = ({ paidCount, orderCount }: Pick<Revenue, 'paidCount' | 'orderCount'>): number =>
  orderCount === 0 ? 0 : Math.round((paidCount / orderCount) * 10_000) / 10_000

type Money = { captured: number; refunded: number }
const o = expressionBuilder<{ o: Tables['orders']; c: Money }, 'o' | 'c'>()

const kept = o('c.captured', '-', o.ref('c.refunded'))
const isPaid = o('o.state', 'in', ['accepted', 'confirmed', 'fulfilled', 'complete', 'returned'])

const sums = [
  sql<number>`coalesce(sum(${kept}), 0)`.as('total'),
  o.fn.countAll<number>().as('orderCount'),
  o.fn.countAll<number>().filterWhere(isPaid).as('paidCount'),
]

/** Orders with the money of their charges. */
const ordersWithMoney = (from: typeof db) =>
  from.selectFrom('orders as o').leftJoinLateral(
    (of) =>
      of
        .selectFrom('charges')
        .select((charge) => [
          sql<number>`coalesce(sum(${charge.ref('captured_amount')}), 0)`.as('captured'),
          sql<number>`coalesce(sum(${charge.ref('refunded_amount')}), 0)`.as('refunded'),
        ])
        .whereRef('order_id', '=', 'o.id')
        .as('c'),
    (join) => join.onTrue(),
  )

const sumLink = statement<{ linkId: string }>()((db, $) =>
  ordersWithMoney(db).select(sums).where('o.link_id', '=', $.linkId),
)

/** Revenue of one link, in one query. */
export async function linkRevenue(on: Sql, linkId: string, currency: string): Promise<Revenue> {
  const [row] = await sumLink(on, { linkId })
  return { currency, total: row?.total ?? 0, orderCount: row?.orderCount ?? 0, paidCount: row?.paidCount ?? 0 }
}

const sumSeller = statement<{ merchantId: string; since: Date }>()((db, $) =>
  ordersWithMoney(db)
    .select('o.currency')
    .select(sums)
    .where('o.merchant_id', '=', $.merchantId)
    .where('o.created_at', '>=', $.since)
    .groupBy('o.currency')
    .orderBy('total', 'desc'),
)

/** Revenue of a seller per currency since a day, in one query. */
export const sellerRevenue = (on: Sql, merchantId: string, since: Date): Promise<Revenue[]> =>
  sumSeller(on, { merchantId, since })

const day = sql<string>`to_char(${o.ref('o.created_at')} at time zone 'UTC', 'YYYY-MM-DD')`

const sumDays = statement<{ merchantId: string; since: Date }>()((db, $) =>
  ordersWithMoney(db)
    .select([day.as('day'), 'o.currency'])
    .select(sums)
    .where('o.merchant_id', '=', $.merchantId)
    .where('o.created_at', '>=', $.since)
    .groupBy([day, 'o.currency'])
    .orderBy('day')
    .orderBy('o.currency'),
)

/** Revenue by UTC day and currency, in one query; days without orders are left out. */
export const revenueByDay = (on: Sql, merchantId: string, since: Date): Promise<(Revenue & { day: string })[]> =>
  sumDays(on, { merchantId, since })

const sumProducts = statement<{ merchantId: string; since: Date }>()((db, $) =>
  ordersWithMoney(db)
    .innerJoin('order_items as i', 'i.order_id', 'o.id')
    .innerJoinLateral(
      (of) =>
        of
          .selectFrom('order_items')
          .select(({ fn }) => fn.sum<number>('amount').as('goods'))
          .whereRef('order_id', '=', 'o.id')
          .as('g'),
      (join) => join.onTrue(),
    )
    .select((row) => [
      'i.sku_id as productId',
      sql<string>`max(${row.ref('i.product')} ->> 'name')`.as('name'),
      'o.currency',
      sql<number>`coalesce(sum(case when ${row.ref('g.goods')} = 0 then 0
        else round((${kept}) * ${row.ref('i.amount')} / ${row.ref('g.goods')}) end), 0)`.as('total'),
      row.fn.count<number>('o.id').distinct().as('orderCount'),
      row.fn.count<number>('o.id').distinct().filterWhere(isPaid).as('paidCount'),
    ])
    .where('o.merchant_id', '=', $.merchantId)
    .where('o.created_at', '>=', $.since)
    .groupBy(['i.sku_id', 'o.currency'])
    .orderBy('total', 'desc')
    .limit(100),
)

/** Revenue by product and currency, best first, in one query: a line's share of its order's money by its share of the goods. */
export const revenueByProduct = (
  on: Sql,
  merchantId: string,
  since: Date,
): Promise<(Revenue & { productId: string | null; name: string })[]> => sumProducts(on, { merchantId, since })
