import { moveOrder } from '../orders/move-order.ts'
import { isClosed, type OrderState } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** Finishes one fulfilment step of a locked order that has no other effect. */
export async function finishFulfilmentStep(tx: Transaction, order: OrderRow, taskId: string): Promise<void> {
  const [counted] = await tx.sql<{ openSteps: number }>(countStepSql('$1'), [order.id])
  await completeStep(tx, order.id, taskId, counted?.openSteps)
}

/**
 * Counts one step of an accepted order as done; to be one with the statement that stores the step's effects. Locks the order: what
 * the statement's other parts change is locked after it.
 */
export const countStepSql = (parameter: string) => `
  update orders set open_steps = open_steps - 1, updated_at = now() where id = ${parameter} and state = 'accepted'
  returning open_steps as "openSteps"`

/**
 * Ends a fulfilment step that has been counted. The last one calls for the distribution:
 * counted under the order's row lock, so exactly one step is the last (K15).
 * @throws TaskError when no step was counted, because the order is not accepted any more; everything is rolled back
 */
export async function completeStep(
  tx: Transaction,
  orderId: string,
  taskId: string,
  openSteps: number | undefined,
): Promise<void> {
  if (openSteps === undefined) {
    const [order] = await tx.sql<{ state: OrderState }>('select state from orders where id = $1', [orderId])
    // Of an order that was closed meanwhile the next attempt finds nothing left to do.
    throw new TaskError(`order_${order?.state}`, { retry: order !== undefined && isClosed(order.state) })
  }
  tx.finish(taskId)
  if (openSteps !== 0) return
  tx.enqueue({ job: 'distribute-revenue', payload: { orderId }, dedupeKey: `${orderId}-distribute-1` })
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
