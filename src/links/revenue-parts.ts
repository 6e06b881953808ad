import { type RawBuilder, sql } from 'kysely'
import type { OrderState } from '../orders/order.state-machine.ts'

/** States of orders that were paid. */
export const paidStates: readonly OrderState[] = ['accepted', 'confirmed', 'fulfilled', 'complete', 'returned']

/** Whether the digital item that stands for an order `o` has reached its buyer. */
export const isHandedOver = sql<boolean>`coalesce((select i.state in ('fulfilled', 'returned') from order_items i
  where i.order_id = o.id and i.kind = 'digital' order by i.position limit 1), false)`

/** Whole orders. */
export const wholeOrders = ''
/** Before the id of an SKU; what has none stands by itself. */
export const productSubject = 'sku:'
/** Before the id of a link. */
export const linkSubject = 'link:'

/** The line up to which the sums know every order. */
export const countedUpTo = sql<number>`(select line_id from revenue_marks)`

/** One row by its key for each row before: few have changed, which Postgres cannot know, and would read whole tables instead. */
export const oneOf = (table: string, key: string, of: RawBuilder<unknown>) =>
  sql`lateral (select * from ${sql.table(table)} where ${sql.ref(key)} = ${of} offset 0)`

/** The orders that a line of their timeline speaks of between two lines, each once. A change of an order or its money has a line. */
export const changedOrders = (after: RawBuilder<number>, upTo?: RawBuilder<number>): RawBuilder<{ order_id: string }> =>
  sql`select distinct order_id from (
    select order_id from order_timeline where id > ${after}${upTo ? sql` and id <= ${upTo}` : sql``} order by id offset 0) l`

/**
 * What the sums lack of the orders in `changed`, as rows of `signed`: what each keeps now, and against it what of it was counted.
 * Drafts are nobody's orders.
 */
export const signedParts = (changed: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  current_orders as materialized (
    select o.id as order_id, o.merchant_id, ${isHandedOver} as handed_over, coalesce(m.kept, 0)::bigint as kept, o.state in (${sql.join(paidStates.map((state) => sql.lit(state)))}) as paid
    from ${changed} c cross join ${oneOf('orders', 'id', sql`c.order_id`)} o
    left join lateral (select sum(captured_amount - refunded_amount) as kept from charges where order_id = o.id and surplus_of is null) m on true
    where not o.draft),
  moved as materialized (
    select n.*, c.kept as counted_kept, c.paid as counted_paid
    from current_orders n left join ${oneOf('counted_orders', 'order_id', sql`n.order_id`)} c on true
    where (n.kept, n.paid, n.handed_over) is distinct from (c.kept, c.paid, c.handed_over)),
  signed as materialized (
    select order_id, 1 as sign, kept, paid from moved
    union all select order_id, -1, counted_kept, counted_paid from moved where counted_paid is not null),
  parts as (
    select o.merchant_id, s.subject, (o.created_at at time zone 'UTC')::date as day, o.currency, s.name,
      g.sign * s.kept as kept, g.sign as order_count, case when g.paid then g.sign else 0 end as paid_count
    from signed g cross join ${oneOf('orders', 'id', sql`g.order_id`)} o
    cross join lateral (
      select ${sql.lit(wholeOrders)} as subject, null::text as name, g.kept::numeric as kept
      union all select ${sql.lit(linkSubject)} || o.link_id, null, g.kept where o.link_id is not null
      union all select ${sql.lit(productSubject)} || coalesce(i.sku_id, ''), max(i.product ->> 'name'),
        sum(case when t.goods = 0 then 0 else round(g.kept::numeric * i.amount / t.goods) end)
      from order_items i cross join (select sum(amount) as goods from order_items where order_id = o.id) t
      where i.order_id = o.id group by 1) s)`
