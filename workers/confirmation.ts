import { confirmOrder } from '../src/fulfillment/confirm-order.ts'
import { finalizeOrder } from '../src/orders/finalize-order.ts'
import { runQueue } from '../src/platform/task-runner.ts'
import { inTransaction } from '../src/platform/transaction.ts'
import { runProcess, type StartWorker } from './run.ts'

/** The first and the last step of the saga. */
export const confirmation: StartWorker = (parts) =>
  runQueue(parts, 'confirmation', {
    'confirm-order': ({ taskId, payload }) =>
      inTransaction(parts, async (tx) => {
        await confirmOrder(tx, payload.orderId)
        tx.finish(taskId)
      }),
    'finalize-order': ({ taskId, payload }) =>
      inTransaction(parts, async (tx) => {
        await finalizeOrder(tx, payload.orderId)
        tx.finish(taskId)
      }),
  })

if (import.meta.main) await runProcess('confirmation', confirmation)
