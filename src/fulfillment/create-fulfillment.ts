import { isDisputed } from '../disputes/is-disputed.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { decideOrderPieces, readLines } from './decide-order-pieces.ts'
import { type Decision, decidePieces, type Line, openPieces } from './decide-pieces.ts'

export type FulfillmentInput = {
  orderId: string
  merchantId: string
  items: readonly Decision[]
  shipmentId?: string | undefined
  trackingCompany?: string | undefined
  trackingNumber?: string | undefined
  trackingUrl?: string | undefined
  metadata: Record<string, string | number | boolean>
}

/**
 * Records what a merchant has fulfilled or given up of an accepted order, and calls for the captures and cancellations that
 * follow from it (R78–R86). Returns the fulfillment's id.
 * @throws ApiError `not_found`, `order_fulfilled`, `order_not_submitted`, `order_not_accepted`, `invalid_quantity`,
 * `payment_authorization_failed`
 */
export async function createFulfillment(tx: Transaction, input: FulfillmentInput): Promise<string> {
  const order = await lockOrder(tx, input.orderId)
  if (!order || order.merchantId !== input.merchantId || order.draft) {
    throw new ApiError('not_found', { parameter: 'orderId' })
  }
  const lines = await readLines(tx, order)
  await checkFulfillable(tx, order, lines)
  const decided = decidePieces(lines, input.items)
  const id = newId('fulfillment')
  await tx.sql(
    `insert into fulfillments (id, order_id, merchant_id, items, shipment_id, tracking_company, tracking_number, tracking_url,
       metadata, live_mode)
     select $1, o.id, o.merchant_id, $3::jsonb, $4, $5, $6, $7, $8::jsonb, o.live_mode from orders o where o.id = $2`,
    [
      id,
      order.id,
      JSON.stringify(
        decided.map(({ line, quantity, cancelQuantity }) => ({
          itemId: line.id,
          skuId: line.skuId,
          quantity,
          cancelQuantity,
        })),
      ),
      input.shipmentId ?? null,
      input.trackingCompany ?? null,
      input.trackingNumber ?? null,
      input.trackingUrl ?? null,
      JSON.stringify(input.metadata),
    ],
  )
  tx.note({
    orderId: order.id,
    kind: 'event',
    subject: 'fulfillment',
    subjectId: id,
    cause: 'fulfillment.created',
    detail: {
      quantity: decided.reduce((sum, line) => sum + line.quantity, 0),
      cancelQuantity: decided.reduce((sum, line) => sum + line.cancelQuantity, 0),
    },
  })
  await decideOrderPieces(tx, {
    order,
    lines,
    decided,
    fulfillmentId: id,
    cause: 'fulfillment',
    refundReason: 'cancelled',
  })
  return id
}

async function checkFulfillable(tx: Transaction, order: OrderRow, lines: readonly Line[]): Promise<void> {
  if (order.fulfilledBy !== 'merchant') throw new ApiError('order_not_accepted')
  const settled = ['fulfilled', 'complete', 'returned'].includes(order.state)
  if (settled || (order.state === 'accepted' && lines.every((line) => openPieces(line) === 0))) {
    throw new ApiError('order_fulfilled', { message: `Resource '${order.id}' is fulfilled.` })
  }
  if (await isDisputed(tx, order.id)) throw new ApiError('order_not_submitted')
  if (order.state !== 'accepted') throw new ApiError('order_not_accepted')
}
