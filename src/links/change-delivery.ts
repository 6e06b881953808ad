import type { DigitalContent } from '../catalog/sku.entity.ts'
import { statement } from '../database/statement.ts'
import { advanceFulfilledOrder, finishFulfilmentStep } from '../goods/finish-step.ts'
import { replaceDelivery } from '../goods/replace-delivery.ts'
import { fulfilDigitalItems } from '../orders/digital-items.ts'
import { isClosed, isPayable } from '../orders/order.state-machine.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type DigitalOrder, type DigitalStatus, digitalStatus, readDigitalOrder } from './digital-orders.ts'

type Target = { orderId: string; merchantId: string }

/**
 * Replaces what one order hands over, without touching the product or other orders.
 * Before payment the new content waits on the order; after delivery it replaces what was delivered.
 * @throws ApiError `not_found`, `nothing_to_deliver`
 */
export async function overrideDelivery(tx: Transaction, target: Target, content: DigitalContent): Promise<void> {
  const { item } = await lockDigitalOrder(tx, target)
  await replaceDelivery(tx, item, content)
  tx.note({
    orderId: target.orderId,
    kind: 'note',
    subject: 'delivery',
    subjectId: item,
    to: content.contentType,
    cause: 'delivery override',
  })
}

const lockUndelivered = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('tasks')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('job', '=', 'deliver-digital')
    .where('state', '<>', 'done')
    .forUpdate(),
)

/**
 * Sets the status by hand: a paid order may be called delivered, a pending one failed is left to cancellation.
 * The status it has already is no change. @throws ApiError `not_found`, `order_not_paid`, `invalid_status_transition`
 */
export async function setDigitalStatus(tx: Transaction, target: Target, status: DigitalStatus): Promise<void> {
  const { order, seen } = await lockDigitalOrder(tx, target)
  const current = digitalStatus(seen)
  if (current === status) return
  if (status !== 'delivered') throw new ApiError('invalid_status_transition', { parameter: 'status' })
  if (isPayable(order.state) || isClosed(order.state) || order.state === 'in_review')
    throw new ApiError('order_not_paid')
  await fulfilDigitalItems(tx, order.id, 'delivered by hand')
  // A step that waits for a person has been done by one: the saga goes on behind it.
  const [waiting] = await lockUndelivered(tx, { orderId: order.id })
  if (waiting) await finishFulfilmentStep(tx, order, waiting.id)
  await advanceFulfilledOrder(tx, order, 'delivered by hand')
}

const findFailed = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('tasks')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('job', '=', 'deliver-digital')
    .where('state', '=', 'failed'),
)

/**
 * Delivers again: a delivery that failed is tried again, one that was made is mailed again.
 * Returns the failed task to retry, if there is one. `once` names this wish: asked for under the same name again, nothing is mailed. @throws ApiError `not_found`, `order_not_paid`, `nothing_to_deliver`
 */
export async function requestRedelivery(
  tx: Transaction,
  target: Target,
  once: string = newId('task'),
): Promise<{ failedTaskId: string | undefined }> {
  const { order, seen } = await lockDigitalOrder(tx, target)
  const status = digitalStatus(seen)
  if (status === 'pending' || status === 'failed') throw new ApiError('order_not_paid')
  const [failed] = await findFailed(tx, { orderId: order.id })
  if (failed) return { failedTaskId: failed.id }
  if (status === 'delivered') {
    tx.enqueue({
      job: 'send-mail',
      payload: { orderId: order.id, kind: 'delivery' },
      dedupeKey: `${order.id}-delivery-mail-${once}`,
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
