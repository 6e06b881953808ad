import { scalar, statement } from '../database/statement.ts'
import { moveOrder } from '../orders/move-order.ts'
import { countStep } from '../orders/open-steps.ts'
import { isClosed } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction } from '../tasks/transaction.ts'

const count = statement<{ orderId: string }>()((db, $) => countStep(db, $.orderId))

/** Finishes one fulfilment step of a locked order that has no other effect. */
export async function finishFulfilmentStep(tx: Transaction, order: OrderRow, taskId: string): Promise<void> {
  const [counted] = await count(tx, { orderId: order.id })
  await completeStep(tx, order.id, taskId, counted?.openSteps)
}

const readState = statement<{ orderId: string }>()((db, $) =>
  db.selectFrom('orders').select('state').where('id', '=', $.orderId),
)

/**
 * Ends a fulfilment step that has been counted. The last one calls for the distribution:
 * counted under the order's row lock, so exactly one step is the last. A step that sends something `again` calls for nothing more.
 * @throws TaskError when no step was counted, because the order is not accepted any more; everything is rolled back
 */
export async function completeStep(
  tx: Transaction,
  orderId: string,
  taskId: string,
  openSteps: number | undefined,
  again = false,
): Promise<void> {
  if (openSteps === undefined) {
    const [order] = await readState(tx, { orderId })
    // Of an order that was closed meanwhile the next attempt finds nothing left to do.
    throw new TaskError(`order_${order?.state}`, { retry: order !== undefined && isClosed(order.state) })
  }
  tx.finish(taskId)
  if (again || openSteps !== 0) return
  tx.enqueue({ job: 'distribute-revenue', payload: { orderId }, dedupeKey: `${orderId}-distribute-1` })
}

const countOpen = statement<{ orderId: string }>()((db, $) =>
  db.selectNoFrom([
    scalar(
      db
        .selectFrom('order_items')
        .select((i) => i.fn.countAll<number>().as('count'))
        .where('order_id', '=', $.orderId)
        .where('state', '=', 'created'),
    ).as('items'),
    scalar(
      db
        .selectFrom('charges')
        .select((c) => c.fn.countAll<number>().as('count'))
        .where('order_id', '=', $.orderId)
        .where('state', 'in', ['capturable', 'processing']),
    ).as('charges'),
  ]),
)

/** Moves a confirmed order on once every item is fulfilled and its money is complete. */
export async function advanceFulfilledOrder(tx: Transaction, order: OrderRow, cause: string): Promise<void> {
  if (order.state !== 'confirmed') return
  const [open] = await countOpen(tx, { orderId: order.id })
  if (open?.items !== 0) return
  await moveOrder(tx, order, open.charges === 0 ? ['fulfilled', 'complete'] : 'fulfilled', cause)
}
