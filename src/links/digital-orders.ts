import type { DigitalContent } from '../catalog/sku.entity.ts'
import type { Sql } from '../database/database.ts'
import { deliveryStateSql } from '../orders/held-by-dispute.ts'
import type { ItemState, OrderState } from '../orders/order.state-machine.ts'

/** A seller's order as the dashboard and the buyer's poll show it; `amount` in minor units. */
export type DigitalOrder = {
  id: string
  merchantId: string
  linkId: string | null
  slug: string | null
  productName: string
  email: string
  buyerName: string | null
  amount: number
  refunded: number
  currency: string
  state: OrderState
  attention: { reason: string; taskId?: string } | null
  createdAt: string
  itemId: string | null
  itemState: ItemState | null
  deliveryId: string | null
  deliveryState: 'delivered' | 'revoked' | null
  contentType: DigitalContent['contentType'] | null
  /** What was handed over; null before. */
  content: string | null
}

export const digitalStatuses = ['pending', 'paid', 'failed', 'delivered'] as const
export type DigitalStatus = (typeof digitalStatuses)[number]

/** The link API's word for an order, derived from the one state machine. */
export function digitalStatus(order: Pick<DigitalOrder, 'state' | 'itemState'>): DigitalStatus {
  switch (order.state) {
    case 'pending':
    case 'pending_payment':
    case 'in_review':
      return 'pending'
    case 'payment_failed':
    case 'cancelled':
    case 'blocked':
      return 'failed'
    default:
      return order.itemState === 'fulfilled' || order.itemState === 'returned' ? 'delivered' : 'paid'
  }
}

/** The first digital item stands for the order; a link's order has no other. */
const orderSql = `
  select o.id, o.merchant_id as "merchantId", o.link_id as "linkId", l.slug, coalesce(i.product ->> 'name', first.product ->> 'name', '') as "productName",
    o.email, o.buyer_name as "buyerName", o.total_amount as amount,
    coalesce((select sum(refunded_amount) from charges c where c.order_id = o.id), 0) as refunded, o.currency, o.state, o.attention,
    o.created_at as "createdAt", i.id as "itemId", i.state as "itemState", d.id as "deliveryId", ${deliveryStateSql('o', 'd')} as "deliveryState",
    coalesce(d.content_type, i.product -> 'delivery' ->> 'contentType') as "contentType", d.content
  from orders o
  left join links l on l.id = o.link_id
  left join lateral (select product from order_items where order_id = o.id order by position limit 1) first on true
  left join lateral (select * from order_items where order_id = o.id and kind = 'digital' order by position limit 1) i on true
  left join deliveries d on d.order_item_id = i.id`

/** One order, of one merchant or of anyone who knows its unguessable id. */
export async function readDigitalOrder(
  sql: Sql,
  orderId: string,
  merchantId?: string,
): Promise<DigitalOrder | undefined> {
  const [order] = await sql<DigitalOrder>(`${orderSql} where o.id = $1 and ($2::text is null or o.merchant_id = $2)`, [
    orderId,
    merchantId ?? null,
  ])
  return order
}

export type DigitalOrderFilter = {
  status?: DigitalStatus | undefined
  linkId?: string | undefined
  /** Part of an email address, a buyer's name, or a whole order id. */
  search?: string | undefined
  attention?: boolean | undefined
}

const statesOf: Record<DigitalStatus, OrderState[]> = {
  pending: ['pending', 'pending_payment', 'in_review'],
  failed: ['payment_failed', 'cancelled', 'blocked'],
  paid: ['accepted', 'confirmed', 'fulfilled', 'complete', 'returned'],
  delivered: ['accepted', 'confirmed', 'fulfilled', 'complete', 'returned'],
}

/** A seller's orders, newest first, in one statement. */
export async function listDigitalOrders(
  sql: Sql,
  merchantId: string,
  filter: DigitalOrderFilter,
  page: { limit: number; startingAfter?: string | undefined },
): Promise<{ hasMore: boolean; orders: DigitalOrder[] }> {
  const delivered = filter.status === 'delivered' ? true : filter.status === 'paid' ? false : null
  const rows = await sql<DigitalOrder>(
    `${orderSql} where o.merchant_id = $1 and ($2::text[] is null or o.state = any($2)) and ($3::text is null or o.link_id = $3)
       and ($4::text is null or o.email ilike '%' || $4 || '%' or o.buyer_name ilike '%' || $4 || '%' or o.id = $9)
       and ($5::text is null or o.id < $5)
       and ($6::boolean is null or coalesce(i.state in ('fulfilled', 'returned'), false) = $6)
       and (not $7::boolean or o.attention is not null)
     order by o.id desc limit $8`,
    [
      merchantId,
      filter.status ? statesOf[filter.status] : null,
      filter.linkId ?? null,
      filter.search?.replace(/[\\%_]/g, '\\$&') || null,
      page.startingAfter ?? null,
      delivered,
      filter.attention ?? false,
      page.limit + 1,
      filter.search ?? null,
    ],
  )
  return { hasMore: rows.length > page.limit, orders: rows.slice(0, page.limit) }
}
