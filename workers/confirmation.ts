import { confirmOrder } from '../src/confirmation/confirm-order.ts'
import { inGroup } from '../src/tasks/in-group.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { runProcess, type StartWorker } from './run.ts'

/** The first step of the saga, for orders that are accepted without a payment. */
export const confirmation: StartWorker = (parts) =>
  runQueue(parts, 'confirmation', {
    'confirm-order': ({ taskId, payload }) =>
      inGroup(parts, { kind: 'confirm-order', about: payload.orderId }, async (tx) => {
        await confirmOrder(tx, payload.orderId)
        tx.finish(taskId)
      }),
  })

if (import.meta.main) await runProcess('confirmation', confirmation)
