import { applyCarrierEvent } from '../src/goods/apply-carrier-event.ts'
import { callOffShipment } from '../src/goods/call-off-shipment.ts'
import { fulfillShipping } from '../src/goods/fulfill-shipping.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { inTransaction } from '../src/tasks/transaction.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Buys shipping labels and follows the parcels. */
export const shipping: StartWorker = (parts) =>
  runQueue(parts, 'shipping', {
    'fulfill-shipping': ({ taskId, payload }) => fulfillShipping(parts, { ...payload, taskId }),
    'void-label': ({ taskId, payload }) => callOffShipment(parts, payload, taskId),
    'apply-shipping-event': ({ taskId, payload }) =>
      inTransaction(parts, async (tx) => {
        await applyCarrierEvent(tx, parts.carriers, payload.inboxEventId)
        tx.finish(taskId)
      }),
  })

if (import.meta.main) await runProcess('shipping', shipping)
