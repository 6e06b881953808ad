import { isDisputed } from '../orders/dispute.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { type OrderView, readOrder } from '../orders/read-order.ts'
import { capturedOfLine, lineTotal, refundableShipping } from '../orders/refundable.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../platform/transaction.ts'
import { insertRefund } from './insert-refund.ts'
import type { RefundItem, RefundType } from './refund.entity.ts'
import { availableOf, type Refundable, type RefundableLine, type RefundRequest, shareRefund } from './refund-amounts.ts'

export type RefundInput = RefundRequest & {
  orderId: string
  merchantId: string
  currency?: string | undefined
  reason?: string | undefined
  returnId?: string | undefined
  metadata?: Record<string, string | number | boolean> | undefined
}

const refundableStates = ['accepted', 'confirmed', 'fulfilled', 'complete']

/**
 * Calls for money of an order to go back to its buyer: all that is left of it, or what is asked for. Returns the refund's id.
 * @throws ApiError `not_found`, `order_not_refundable`, `order_disputed`, `invalid_parameter`, `refund_needs_items`
 */
export async function requestRefund(tx: Transaction, input: RefundInput): Promise<string> {
  const order = await lockOrder(tx, input.orderId)
  if (!order || order.merchantId !== input.merchantId || order.draft) {
    throw new ApiError('not_found', { parameter: 'orderId' })
  }
  if (input.currency !== undefined && input.currency !== order.currency) {
    throw new ApiError('invalid_parameter', { message: 'Refund in the currency of the order.', parameter: 'currency' })
  }
  if (!refundableStates.includes(order.state)) throw new ApiError('order_not_refundable')
  if (await isDisputed(tx, order.id)) throw new ApiError('order_disputed')
  const refundable = await readRefundable(tx, order)
  const shares = shareRefund(refundable, input)
  const asked = [...shares.items, ...shares.shipping].reduce((sum, share) => sum + share.amount, 0)
  const whole = asked === sumOf([...refundable.lines, ...refundable.shipping].map(availableOf))
  if (order.fulfilledBy === 'engine') await checkSaga(tx, order, whole)
  return insertRefund(tx, order, { ...input, ...shares })
}

/** While the saga works, a share could be paid out behind the refund's back, and goods that are on their way cannot be called off. */
async function checkSaga(tx: Transaction, order: OrderRow, whole: boolean): Promise<void> {
  const [saga] = await tx.sql<{ fulfilled: number; underWay: number }>(
    `select (select count(*) from order_items where order_id = $1 and state = 'fulfilled') as fulfilled,
       (select count(*) from tasks where order_id = $1 and job not in ('carry-out-refund', 'send-mail')
         and (state in ('pending', 'enqueued') or (job = 'distribute-revenue' and state <> 'done'))) as "underWay"`,
    [order.id],
  )
  const moving = order.state === 'accepted' && (!whole || (saga?.underWay ?? 0) > 0)
  const partly = whole && order.state !== 'complete' && (saga?.fulfilled ?? 0) > 0
  if (moving || partly) throw new ApiError('order_not_refundable')
}

/** What money was taken for of a locked order: its lines, and shipping that stands beside them. */
export async function readRefundable(tx: Transaction, order: Pick<OrderRow, 'id' | 'merchantId'>): Promise<Refundable> {
  const view = await readOrder(tx.sql, { merchantId: order.merchantId }, order.id)
  if (!view) throw new Error(`order ${order.id} does not exist`)
  const earlier = await tx.sql<{ type: RefundType | null; items: RefundItem[] }>(
    `select type, items from refunds where order_id = $1 and state <> 'failed'`,
    [order.id],
  )
  return {
    lines: view.items.map((item) => toRefundableLine(view, item, earlier)),
    shipping: refundableShipping(view),
  }
}

function toRefundableLine(
  view: OrderView,
  item: OrderView['items'][number],
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
    refunded: item.refundedAmount,
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
