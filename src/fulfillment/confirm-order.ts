import type { NewTask } from '../../queues/outbox.ts'
import type { SkuKind } from '../catalog/sku.entity.ts'
import { isPastConfirmation } from '../orders/order.state-machine.ts'
import { type OrderRow, orderRowColumns } from '../orders/order-row.ts'
import type { Transaction } from '../platform/transaction.ts'

type OrderToConfirm = OrderRow & { groups: { sellerId: string; kind: SkuKind }[] }

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
  const [order] = await tx.sql<OrderToConfirm>(
    `select ${orderRowColumns('o')},
      (select coalesce(json_agg(distinct jsonb_build_object('sellerId', i.seller_id, 'kind', i.kind)), '[]')
       from order_items i where i.order_id = o.id) as groups
     from orders o where o.id = $1 for update of o`,
    [orderId],
  )
  if (!order) throw new Error(`order ${orderId} does not exist`)
  if (order.state !== 'accepted') {
    tx.note({
      orderId,
      kind: 'drop',
      subject: 'order',
      subjectId: orderId,
      from: order.state,
      to: 'confirmed',
      cause: isPastConfirmation(order.state)
        ? 'confirmation rejected: order is closed or confirmed'
        : 'confirmation rejected: order is not accepted',
    })
    return
  }
  await tx.sql('update orders set open_steps = $2 where id = $1', [orderId, order.groups.length])
  for (const { sellerId, kind } of order.groups) {
    const job = jobOfKind[kind]
    tx.enqueue({ job, payload: { orderId, sellerId }, dedupeKey: `${orderId}-${job}-${sellerId}-1` })
  }
}
