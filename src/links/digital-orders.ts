import { sql } from 'kysely'
import type { DigitalContent } from '../catalog/sku.entity.ts'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { type Page, readPage } from '../database/page.ts'
import { type db, statement } from '../database/statement.ts'
import {
  byIndex,
  foundOrders,
  inStates,
  isFound,
  type OrderCondition,
  ofBuyer,
  ofTag,
  pageOf,
} from '../orders/find-orders.ts'
import { deliveryState } from '../orders/held-by-dispute.ts'
import type { Attention } from '../orders/order.entity.ts'
import type { ItemState, OrderState } from '../orders/order.state-machine.ts'
import { changedOrders, countedUpTo, isHandedOver, paidStates } from './revenue-parts.ts'

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
  attention: Attention | null
  createdAt: Date
  /** Whether pieces of any line are neither handed over nor called off. */
  hasOpenPieces: boolean
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
const selectOrders = (from: typeof db) =>
  from
    .selectFrom('orders as o')
    .leftJoin('links as l', 'l.id', 'o.link_id')
    .leftJoinLateral(
      (of) =>
        of
          .selectFrom('order_items')
          .select('product')
          .whereRef('order_id', '=', 'o.id')
          .orderBy('position')
          .limit(1)
          .as('first'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (of) =>
        of
          .selectFrom('order_items')
          .select(['order_items.id', 'order_items.state', 'order_items.product'])
          .whereRef('order_id', '=', 'o.id')
          .where('kind', '=', 'digital')
          .orderBy('position')
          .limit(1)
          .as('i'),
      (join) => join.onTrue(),
    )
    .leftJoin('deliveries as d', 'd.order_item_id', 'i.id')
    .select((o) => [
      'o.id',
      'o.merchant_id as merchantId',
      'o.link_id as linkId',
      'l.slug',
      sql<string>`coalesce(${o.ref('i.product')} ->> 'name', ${o.ref('first.product')} ->> 'name', '')`.as(
        'productName',
      ),
      'o.email',
      'o.buyer_name as buyerName',
      'o.total_amount as amount',
      sql<number>`coalesce(${o
        .selectFrom('charges as c')
        .select((c) => c.fn.sum<number>('c.refunded_amount').as('refunded'))
        .whereRef('c.order_id', '=', 'o.id')}, 0)`.as('refunded'),
      'o.currency',
      'o.state',
      'o.attention',
      'o.created_at as createdAt',
      sql<boolean>`coalesce(${o
        .selectFrom('order_items as each')
        .select(sql<boolean>`bool_or(each.quantity > each.fulfilled_quantity + each.cancelled_quantity)`.as('open'))
        .whereRef('each.order_id', '=', 'o.id')}, false)`.as('hasOpenPieces'),
      'i.id as itemId',
      'i.state as itemState',
      'd.id as deliveryId',
      deliveryState(o.ref('d.state')).as('deliveryState'),
      sql<
        DigitalContent['contentType'] | null
      >`coalesce(${o.ref('d.content_type')}, ${o.ref('i.product')} -> 'delivery' ->> 'contentType')`.as('contentType'),
      'd.content',
    ])

const readOne = statement<{ orderId: string; merchantId: string | null }>()((db, $) =>
  selectOrders(db)
    .where('o.id', '=', $.orderId)
    .where((o) => o.or([sql<boolean>`${$.merchantId.typed('text')} is null`, o('o.merchant_id', '=', $.merchantId)])),
)

/** One order, of one merchant or of anyone who knows its unguessable id. */
export async function readDigitalOrder(
  on: Sql,
  orderId: string,
  merchantId?: string,
): Promise<DigitalOrder | undefined> {
  const [order] = await readOne(on, { orderId, merchantId: merchantId ?? null })
  return order
}

const readSome = statement<{ ids: readonly string[]; merchantId: string }>()((db, $) =>
  selectOrders(db)
    .where((o) => o('o.id', '=', o.fn.any($.ids.typed('text[]'))))
    .where('o.merchant_id', '=', $.merchantId),
)

/** Some orders of a merchant by their ids, in one statement; those that are nobody's or another one's are left out. */
export async function readDigitalOrders(
  on: Sql,
  ids: readonly string[],
  merchantId: string,
): Promise<Map<string, DigitalOrder>> {
  return new Map((await readSome(on, { ids, merchantId })).map((order) => [order.id, order]))
}

export type DigitalOrderFilter = {
  /** A status, or of what is pending what somebody has to decide about. */
  status?: DigitalStatus | 'in_review' | undefined
  linkId?: string | undefined
  /** How an email address or a buyer's name begins, whatever the case, or a whole order id. */
  search?: string | undefined
  attention?: boolean | undefined
  tag?: string | undefined
  created?: Period | undefined
}

const statesOf: Record<DigitalStatus | 'in_review', OrderState[]> = {
  in_review: ['in_review'],
  pending: ['pending', 'pending_payment', 'in_review'],
  failed: ['payment_failed', 'cancelled', 'blocked'],
  paid: [...paidStates],
  delivered: [...paidStates],
}

/** A seller's orders, newest first, in one statement. */
export async function listDigitalOrders(
  on: Sql,
  merchantId: string,
  filter: DigitalOrderFilter,
  page: Page,
): Promise<{ hasMore: boolean; orders: DigitalOrder[] }> {
  const found = foundOrders(merchantId, page, conditionsOf(filter))
  const { hasMore, rows } = await readPage(on, page, 'o.id', (db) => selectOrders(db).where(isFound(found)))
  return { hasMore, orders: rows }
}

/**
 * Paid orders whose digital item was handed over, or was not. They are found where revenue is counted; what has changed since may be either.
 */
const paidAndHandedOver = (wanted: boolean): OrderCondition => ({
  is: wanted ? isHandedOver : sql<boolean>`not ${isHandedOver}`,
  probe: ({ merchantId, page, limit }) => {
    const { after, order } = pageOf(sql<string>`order_id`, page)
    return sql`(select order_id as id from (
      (select order_id from counted_orders where merchant_id = ${merchantId} and handed_over = ${sql.lit(wanted)} and paid and ${after}
        order by ${order} limit ${limit})
      union (${changedOrders(countedUpTo)})) o where ${after} order by ${order} limit ${limit})`
  },
  exact: false,
})

/** What orders are looked for by, that which finds few first. */
function conditionsOf({ status, linkId, search, attention, tag, created }: DigitalOrderFilter): OrderCondition[] {
  return [
    ...(attention ? [byIndex(sql<boolean>`o.attention is not null`)] : []),
    ...(tag ? [ofTag(tag)] : []),
    ...(search ? [ofBuyer(search)] : []),
    ...(status === 'delivered' ? [paidAndHandedOver(true)] : []),
    ...(status === 'paid' ? [paidAndHandedOver(false)] : []),
    ...(status ? [inStates(statesOf[status])] : []),
    ...(created ? [byIndex(sql<boolean>`(${sql.join(madeWithin('o', 'order', created), sql` and `)})`)] : []),
    ...(linkId ? [byIndex(sql<boolean>`o.link_id = ${linkId}`)] : []),
  ]
}
