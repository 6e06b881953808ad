import { statement } from '../database/statement.ts'
import { type OrderView, readOrder } from '../order-view/read-order.ts'
import { capturedPrice, openToRefund } from '../order-view/refundable.ts'
import {
  type LinePrice,
  minus,
  noPrice,
  partOf,
  plus,
  shareWithin,
  sumOf,
  takeOfPrice,
  taxIn,
} from '../orders/line-price.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { RefundItem, RefundOrigin, RefundType } from './refund.entity.ts'

/** The refunds of an order; `refundedAmount` of one that failed is what of it did not. */
export const readEarlier = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('refunds')
    .select(['type', 'items', 'state', 'amount', 'refunded_amount as refundedAmount'])
    .where('order_id', '=', $.orderId)
    .where((r) => r.or([r('state', '<>', 'failed'), r('refunded_amount', '>', 0)]))
    .orderBy('created_at')
    .orderBy('id'),
)

export type EarlierRefund = Awaited<ReturnType<typeof readEarlier>>[number]
type ToPrice = {
  items: readonly RefundItem[]
  type?: RefundType | undefined
  /** What a provider gave back without us was money. */
  origin?: RefundOrigin | undefined
}

/**
 * The items of a new refund of a locked order, each with what of its line's price goes back: never more of any part than was captured and
 * did not go back yet, and what of it goes back to the credit that has paid a part of the line. Ledger and credit memo both go by it.
 */
export async function priceItems(
  tx: Transaction,
  order: Pick<OrderRow, 'id' | 'merchantId'>,
  refund: ToPrice,
): Promise<RefundItem[]> {
  if (refund.items.length === 0) return []
  const view = await readOrder(tx.sql, { merchantId: order.merchantId }, order.id)
  if (!view) throw new Error(`order ${order.id} does not exist`)
  return priceItemsOf(view, await readEarlier(tx, { orderId: order.id }), refund)
}

/** {@link priceItems} of an order as it was read, with its refunds before. */
export function priceItemsOf(
  view: OrderView,
  earlier: readonly EarlierRefund[],
  { items, type, origin }: ToPrice,
): RefundItem[] {
  const open = openToRefund(view)
  const credits = new Map(open.credit)
  const lines = new Map(open.lines)
  const left = new Map(view.items.map((item) => [item.id, leftOf(view, item, earlier)]))
  return items.map((item) => {
    const { itemId, amount } = item
    const price = left.get(itemId) ?? noPrice
    const parts = takeOfPrice(price, amount, componentOf(item, type))
    left.set(itemId, minus(price, parts))
    const [line, credit] = [lines.get(itemId) ?? 0, credits.get(itemId) ?? 0]
    const toCredit = origin === 'provider' ? 0 : creditIn({ line, credit }, price, parts)
    lines.set(itemId, line - amount)
    credits.set(itemId, credit - toCredit)
    return toCredit === 0 ? { ...item, parts } : { ...item, parts, credit: toCredit }
  })
}

/**
 * What of a part of a line's price goes back to the credit that has paid some of it: what is no tax in the proportion in which the credit paid
 * for what is left of that, and whatever no money is left for, but never more than is left of the credit.
 */
function creditIn({ line, credit }: { line: number; credit: number }, left: LinePrice, parts: LinePrice): number {
  const amount = sumOf(parts)
  const share = shareWithin(credit, sumOf(left) - taxIn(left), amount - taxIn(parts))
  return Math.min(credit, amount, Math.max(0, amount - (line - credit), share))
}

/** What was captured of a line and did not go back, in the parts of its price. */
export function leftOf(
  order: OrderView,
  item: OrderView['items'][number],
  earlier: readonly EarlierRefund[],
): LinePrice {
  const captured = capturedPrice(order, item)
  const gone = earlier.flatMap(({ type, items, state, amount, refundedAmount }) =>
    items
      .filter(({ itemId }) => itemId === item.id)
      .map((refunded) => {
        const parts = partsOfItem(captured, refunded, type)
        if (state !== 'failed') return parts
        return partOf(parts, Math.floor((sumOf(parts) * refundedAmount) / amount))
      }),
  )
  return minus(captured, gone.reduce(plus, noPrice))
}

const componentOf = (item: RefundItem, type: RefundType | null | undefined) => {
  const component = item.type ?? type
  return component === 'importer_tax' || !component ? undefined : component
}

/** What of a line's price a refund gives back. */
export const partsOfItem = (price: LinePrice, item: RefundItem, type: RefundType | null): LinePrice =>
  item.parts ?? takeOfPrice(price, item.amount, componentOf(item, type))
