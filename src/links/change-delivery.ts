import type { DigitalContent } from '../catalog/sku.entity.ts'
import { advanceFulfilledOrder, finishFulfilmentStep } from '../goods/finish-step.ts'
import { isClosed, isPayable } from '../orders/order.state-machine.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type DigitalOrder, type DigitalStatus, digitalStatus, readDigitalOrder } from './digital-orders.ts'

type Target = { orderId: string; merchantId: string }

/**
 * Replaces what one order hands over, without touching the product or other orders (R259, R260, R274).
 * Before payment the new content waits on the order; after delivery it replaces what was delivered.
 * @throws ApiError `not_found`, `nothing_to_deliver`
 */
export async function overrideDelivery(tx: Transaction, target: Target, content: DigitalContent): Promise<void> {
  const { item } = await lockDigitalOrder(tx, target)
  await tx.sql(
    `with snapshot as (
      update order_items set product = jsonb_set(product, '{delivery}', $2::jsonb) where id = $1
    )
    update deliveries set content_type = $3, content = $4 where order_item_id = $1`,
    [item, JSON.stringify(content), content.contentType, content.content],
  )
  tx.note({
    orderId: target.orderId,
    kind: 'note',
    subject: 'delivery',
    subjectId: item,
    to: content.contentType,
    cause: 'delivery override',
  })
}

/**
 * Sets the status by hand (R258, R275): a paid order may be called delivered, a pending one failed is left to cancellation.
 * The status it has already is no change. @throws ApiError `not_found`, `order_not_paid`, `invalid_status_transition`
 */
export async function setDigitalStatus(tx: Transaction, target: Target, status: DigitalStatus): Promise<void> {
  const { order, seen } = await lockDigitalOrder(tx, target)
  const current = digitalStatus(seen)
  if (current === status) return
  if (status !== 'delivered') throw new ApiError('invalid_status_transition', { parameter: 'status' })
  if (isPayable(order.state) || isClosed(order.state) || order.state === 'in_review')
    throw new ApiError('order_not_paid')
  const fulfilled = await tx.sql<{ id: string }>(
    `update order_items set state = 'fulfilled', fulfilled_quantity = quantity - cancelled_quantity,
       state_transitions = state_transitions || jsonb_build_object('fulfilled', $2::text)
     where order_id = $1 and kind = 'digital' and state = 'created' returning id`,
    [order.id, new Date().toISOString()],
  )
  for (const { id } of fulfilled) {
    tx.note({
      orderId: order.id,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'created',
      to: 'fulfilled',
      cause: 'delivered by hand',
    })
  }
  // A step that waits for a person has been done by one: the saga goes on behind it.
  const [waiting] = await tx.sql<{ id: string }>(
    `select id from tasks where order_id = $1 and job = 'deliver-digital' and state <> 'done' for update`,
    [order.id],
  )
  if (waiting) await finishFulfilmentStep(tx, order, waiting.id)
  await advanceFulfilledOrder(tx, order, 'delivered by hand')
}

/**
 * Delivers again (R273): a delivery that failed is tried again, one that was made is mailed again.
 * Returns the failed task to retry, if there is one. @throws ApiError `not_found`, `order_not_paid`, `nothing_to_deliver`
 */
export async function requestRedelivery(
  tx: Transaction,
  target: Target,
): Promise<{ failedTaskId: string | undefined }> {
  const { order, seen } = await lockDigitalOrder(tx, target)
  const status = digitalStatus(seen)
  if (status === 'pending' || status === 'failed') throw new ApiError('order_not_paid')
  const [failed] = await tx.sql<{ id: string }>(
    `select id from tasks where order_id = $1 and job = 'deliver-digital' and state = 'failed'`,
    [order.id],
  )
  if (failed) return { failedTaskId: failed.id }
  if (status === 'delivered') {
    tx.enqueue({
      job: 'send-mail',
      payload: { orderId: order.id, kind: 'delivery' },
      dedupeKey: `${order.id}-delivery-mail-${newId('task')}`,
    })
  }
  return { failedTaskId: undefined }
}

async function lockDigitalOrder(
  tx: Transaction,
  { orderId, merchantId }: Target,
): Promise<{ order: OrderRow; seen: DigitalOrder; item: string }> {
  const order = await lockOrder(tx, orderId)
  if (!order || order.merchantId !== merchantId) throw new ApiError('not_found')
  const seen = await readDigitalOrder(tx.sql, orderId, merchantId)
  if (!seen?.itemId) throw new ApiError('nothing_to_deliver')
  return { order, seen, item: seen.itemId }
}
