import { applyCarrierEvent } from '../src/fulfillment/apply-carrier-event.ts'
import { fulfillShipping } from '../src/fulfillment/fulfill-shipping.ts'
import { runQueue } from '../src/platform/task-runner.ts'
import { inTransaction } from '../src/platform/transaction.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Buys shipping labels and follows the parcels. */
export const shipping: StartWorker = (parts) =>
  runQueue(parts, 'shipping', {
    'fulfill-shipping': ({ taskId, payload }) => fulfillShipping(parts, { ...payload, taskId }),
    'apply-shipping-event': ({ taskId, payload }) =>
      inTransaction(parts, async (tx) => {
        await applyCarrierEvent(tx, parts.carriers, payload.inboxEventId)
        tx.finish(taskId)
      }),
  })

if (import.meta.main) await runProcess('shipping', shipping)
