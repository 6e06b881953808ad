import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import { isDisputed } from '../disputes/is-disputed.ts'
import { checkGoods } from '../goods/call-off-goods.ts'
import { type OrderView, readOrder } from '../order-view/read-order.ts'
import { capturedOfLine, openToRefund, refundableShipping } from '../order-view/refundable.ts'
import { lineTotal } from '../orders/line-total.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { writeGoods } from './goods-of-refund.ts'
import { insertRefund } from './insert-refund.ts'
import type { RefundItem, RefundType } from './refund.entity.ts'
import { type Refundable, type RefundableLine, type RefundRequest, shareRefund } from './refund-amounts.ts'

export type RefundInput = RefundRequest & {
  orderId: string
  merchantId: string
  currency?: string | undefined
  reason?: string | undefined
  returnId?: string | undefined
  metadata?: Record<string, string | number | boolean> | undefined
  /** Gives the money back although goods are on their way. */
  force?: boolean | undefined
  /** Print jobs in production, by shipment. */
  started?: ReadonlySet<string> | undefined
}

/**
 * Calls for money of an order to go back to its buyer: all that is left of it, or what is asked for. Whatever state the order is in, money
 * that was captured and is not on its way back can be given back. Returns the refund's id.
 * @throws ApiError `not_found`, `order_not_refundable`, `order_disputed`, `invalid_parameter`, `refund_needs_items`, `operation_in_progress`,
 * `goods_on_their_way`
 */
export async function requestRefund(tx: Transaction, input: RefundInput): Promise<string> {
  const order = await lockOrder(tx, input.orderId)
  if (!order || order.merchantId !== input.merchantId || order.draft) {
    throw new ApiError('not_found', { parameter: 'orderId' })
  }
  if (input.currency !== undefined && input.currency !== order.currency) {
    throw new ApiError('invalid_parameter', { message: 'Refund in the currency of the order.', parameter: 'currency' })
  }
  if (await isDisputed(tx, order.id)) throw new ApiError('order_disputed')
  const refundable = await readRefundable(tx, order)
  const shares = shareRefund(refundable, input)
  if (order.fulfilledBy === 'engine' && order.state === 'accepted') await checkTransfers(tx, order)
  const refundId = await insertRefund(tx, order, { ...input, ...shares, forced: input.force })
  const goods = { started: input.started ?? new Set<string>(), forced: input.force ?? false }
  if (order.fulfilledBy === 'engine') {
    const itemIds = shares.items.map(({ itemId }) => itemId)
    await writeGoods(tx, refundId, await checkGoods(tx, { orderId: order.id, itemIds }, goods))
  }
  return refundId
}

const findTransfers = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('kind', '=', 'transfer')
    .where('state', 'in', ['pending', 'unknown'])
    .limit(sql.lit(1)),
)

const readEarlier = statement<{ orderId: string }>()((db, $) =>
  db.selectFrom('refunds').select(['type', 'items']).where('order_id', '=', $.orderId).where('state', '<>', 'failed'),
)

/** While shares are being paid out, nobody knows what of them could be taken back. */
async function checkTransfers(tx: Transaction, order: OrderRow): Promise<void> {
  const underWay = await findTransfers(tx, { orderId: order.id })
  if (underWay.length > 0) throw new ApiError('operation_in_progress')
}

/** What money was taken for of a locked order: its lines, and shipping that stands beside them. */
export async function readRefundable(tx: Transaction, order: Pick<OrderRow, 'id' | 'merchantId'>): Promise<Refundable> {
  const view = await readOrder(tx.sql, { merchantId: order.merchantId }, order.id)
  if (!view) throw new Error(`order ${order.id} does not exist`)
  const earlier = await readEarlier(tx, { orderId: order.id })
  const open = openToRefund(view)
  return {
    lines: view.items.map((item) => toRefundableLine(view, item, open.lines.get(item.id) ?? 0, earlier)),
    shipping: refundableShipping(view).map(({ sellerId, captured }) => ({
      sellerId,
      captured,
      refunded: captured - (open.shipping.get(sellerId) ?? 0),
    })),
  }
}

function toRefundableLine(
  view: OrderView,
  item: OrderView['items'][number],
  open: number,
  earlier: readonly { type: RefundType | null; items: RefundItem[] }[],
): RefundableLine {
  const captured = capturedOfLine(view, item)
  const total = lineTotal(item)
  const manual = view.charges.some((charge) => charge.captureMethod === 'manual')
  const part = (amount: number) =>
    total === 0 ? 0 : Math.min(amount, Number((BigInt(amount) * BigInt(captured)) / BigInt(total)))
  const refundedOf = (type: string) =>
    sumOf(
      earlier
        .flatMap((refund) =>
          refund.items.filter((share) => share.itemId === item.id && (share.type ?? refund.type) === type),
        )
        .map((share) => share.amount),
    )
  return {
    itemId: item.id,
    skuId: item.skuId,
    sellerId: item.sellerId,
    pieces: manual ? item.fulfilledQuantity : item.quantity,
    captured,
    refunded: captured - open,
    components: {
      shipping: part(item.shippingAmount + item.shippingTaxAmount),
      fees: part(item.feeAmount + item.feeTaxAmount),
      duty: part(item.dutyAmount),
      tax: part(item.taxAmount),
    },
    refundedOf: {
      shipping: refundedOf('shipping'),
      fees: refundedOf('fees'),
      duty: refundedOf('duty'),
      tax: refundedOf('tax'),
    },
  }
}

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
