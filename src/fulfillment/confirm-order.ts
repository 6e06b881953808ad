import type { NewTask } from '../../queues/outbox.ts'
import type { SkuKind } from '../catalog/sku.entity.ts'
import { isPastConfirmation } from '../orders/order.state-machine.ts'
import { lockOrder } from '../orders/order-row.ts'
import type { Transaction } from '../platform/transaction.ts'

/** The fulfilment path of each kind of goods (R36–R40). */
const jobOfKind = {
  digital: 'deliver-digital',
  physical: 'fulfill-shipping',
  pod: 'fulfill-pod',
} as const satisfies Record<SkuKind, NewTask['job']>

/**
 * Saga steps 1 and 2: validates the order and routes every item to its path, one task per path and seller (R34–R40).
 * A closed or already confirmed order is rejected without any effect (R35).
 */
export async function confirmOrder(tx: Transaction, orderId: string): Promise<void> {
  const [order] = await tx.sql<{ groups: { sellerId: string; kind: SkuKind }[] }>(
    `with routed as (
      select coalesce(json_agg(distinct jsonb_build_object('sellerId', seller_id, 'kind', kind)), '[]') as groups,
        count(distinct (seller_id, kind)) as steps
      from order_items where order_id = $1
    )
    update orders set open_steps = steps from routed where id = $1 and state = 'accepted' returning groups`,
    [orderId],
  )
  if (!order) return rejectConfirmation(tx, orderId)
  for (const { sellerId, kind } of order.groups) {
    const job = jobOfKind[kind]
    tx.enqueue({ job, payload: { orderId, sellerId }, dedupeKey: `${orderId}-${job}-${sellerId}-1` })
  }
}

async function rejectConfirmation(tx: Transaction, orderId: string): Promise<void> {
  const order = await lockOrder(tx, orderId)
  if (!order) throw new Error(`order ${orderId} does not exist`)
  const why = isPastConfirmation(order.state) ? 'closed or confirmed' : 'not accepted'
  tx.note({
    orderId,
    kind: 'drop',
    subject: 'order',
    subjectId: orderId,
    from: order.state,
    to: 'confirmed',
    cause: `confirmation rejected: order is ${why}`,
  })
}
