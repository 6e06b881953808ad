import { moveOrder } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Transaction } from '../platform/transaction.ts'

/**
 * Finishes one fulfilment step of a locked order. The last one calls for the distribution:
 * counted under the order's row lock, so exactly one step is the last (K15).
 */
export async function finishFulfilmentStep(tx: Transaction, order: OrderRow, taskId: string): Promise<void> {
  tx.finish(taskId)
  const [counted] = await tx.sql<{ openSteps: number }>(
    'update orders set open_steps = open_steps - 1, updated_at = now() where id = $1 returning open_steps as "openSteps"',
    [order.id],
  )
  if (counted?.openSteps !== 0) return
  tx.enqueue({ job: 'distribute-revenue', payload: { orderId: order.id }, dedupeKey: `${order.id}-distribute-1` })
}

/** Moves a confirmed order on once every item is fulfilled and its money is complete. */
export async function advanceFulfilledOrder(tx: Transaction, order: OrderRow, cause: string): Promise<void> {
  if (order.state !== 'confirmed') return
  const [open] = await tx.sql<{ items: number; charges: number }>(
    `select (select count(*) from order_items where order_id = $1 and state = 'created') as items,
       (select count(*) from charges where order_id = $1 and state in ('capturable', 'processing')) as charges`,
    [order.id],
  )
  if (open?.items !== 0) return
  await moveOrder(tx, order, open.charges === 0 ? ['fulfilled', 'complete'] : 'fulfilled', cause)
}
