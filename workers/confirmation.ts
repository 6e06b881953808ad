import { confirmOrder } from '../src/confirmation/confirm-order.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { inTransaction } from '../src/tasks/transaction.ts'
import { runProcess, type StartWorker } from './run.ts'

/** The first step of the saga, for orders that are accepted without a payment. */
export const confirmation: StartWorker = (parts) =>
  runQueue(parts, 'confirmation', {
    'confirm-order': ({ taskId, payload }) =>
      inTransaction(parts, async (tx) => {
        await confirmOrder(tx, payload.orderId)
        tx.finish(taskId)
      }),
  })

if (import.meta.main) await runProcess('confirmation', confirmation)
