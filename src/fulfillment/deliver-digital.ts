import { newId } from '../platform/ids.ts'
import type { Transaction } from '../platform/transaction.ts'
import { finishFulfilmentStep } from './finish-step.ts'
import { lockStep } from './lock-step.ts'

/**
 * Hands over the digital goods of one seller, without any outside provider (R39).
 * The entitlement row is unique per order item, so content is handed over once; the buyer sees it on the order.
 */
export async function deliverDigital(
  tx: Transaction,
  { orderId, sellerId, taskId }: { orderId: string; sellerId: string; taskId: string },
): Promise<void> {
  const order = await lockStep(tx, { orderId, sellerId, kind: 'digital', taskId })
  if (!order) return
  // An item without content is handed over by the merchant, in its own way.
  const deliveries = order.items.flatMap(({ id, product: { delivery } }) =>
    delivery
      ? [{ id: newId('delivery'), order_item_id: id, content_type: delivery.contentType, content: delivery.content }]
      : [],
  )
  const delivered = deliveries.map((delivery) => delivery.order_item_id)
  await tx.sql(
    `with handed_over as (
      insert into deliveries (id, order_id, order_item_id, content_type, content)
      select id, $1, order_item_id, content_type, content
      from jsonb_to_recordset($2::jsonb) as d(id text, order_item_id text, content_type text, content text)
      on conflict (order_item_id) do nothing
    )
    update order_items set state = 'fulfilled', fulfilled_quantity = quantity,
      state_transitions = state_transitions || jsonb_build_object('fulfilled', $3::text)
    where order_id = $1 and id = any($4::text[]) and state = 'created'`,
    [orderId, JSON.stringify(deliveries), new Date().toISOString(), delivered],
  )
  for (const item of order.items) {
    if (!delivered.includes(item.id)) continue
    tx.note({
      orderId,
      kind: 'transition',
      subject: 'item',
      subjectId: item.id,
      from: item.state,
      to: 'fulfilled',
      cause: 'delivered',
    })
  }
  await finishFulfilmentStep(tx, order, taskId)
}
