import { statement } from '../database/statement.ts'
import { isDisputed } from '../disputes/is-disputed.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { decideOrderPieces, readLines } from './decide-order-pieces.ts'
import { type Decision, decidePieces, type Line, openPieces } from './decide-pieces.ts'
import type { FulfillmentItem } from './fulfillment.entity.ts'

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

const store = statement<{
  id: string
  orderId: string
  items: readonly FulfillmentItem[]
  shipmentId: string | null
  trackingCompany: string | null
  trackingNumber: string | null
  trackingUrl: string | null
  metadata: Record<string, string | number | boolean>
}>()((db, $) =>
  db
    .insertInto('fulfillments')
    .columns([
      'id',
      'order_id',
      'merchant_id',
      'items',
      'shipment_id',
      'tracking_company',
      'tracking_number',
      'tracking_url',
      'metadata',
      'live_mode',
    ])
    .expression(
      db
        .selectFrom('orders as o')
        .select([
          $.id.as('id'),
          'o.id as order_id',
          'o.merchant_id',
          $.items.json.as('items'),
          $.shipmentId.as('shipment_id'),
          $.trackingCompany.as('tracking_company'),
          $.trackingNumber.as('tracking_number'),
          $.trackingUrl.as('tracking_url'),
          $.metadata.json.as('metadata'),
          'o.live_mode',
        ])
        .where('o.id', '=', $.orderId),
    ),
)

/**
 * Records what a merchant has fulfilled or given up of an accepted order, and calls for the captures and cancellations that
 * follow from it. Returns the fulfillment's id.
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
  await store(tx, {
    id,
    orderId: order.id,
    items: decided.map(({ line, quantity, cancelQuantity }) => ({
      itemId: line.id,
      skuId: line.skuId,
      quantity,
      cancelQuantity,
    })),
    shipmentId: input.shipmentId ?? null,
    trackingCompany: input.trackingCompany ?? null,
    trackingNumber: input.trackingNumber ?? null,
    trackingUrl: input.trackingUrl ?? null,
    metadata: input.metadata,
  })
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
