import { applyCarrierEvent } from '../src/goods/apply-carrier-event.ts'
import { callOffShipment } from '../src/goods/call-off-shipment.ts'
import { fulfillPod } from '../src/goods/fulfill-pod.ts'
import { beginMockUp, takeMockUp } from '../src/goods/make-mock-up.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { inTransaction } from '../src/tasks/transaction.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Has goods printed on demand and follows the print jobs. */
export const pod: StartWorker = (parts) =>
  runQueue(parts, 'pod', {
    'fulfill-pod': ({ taskId, payload }) => fulfillPod(parts, { ...payload, taskId }),
    'cancel-print-job': ({ taskId, payload }) => callOffShipment(parts, payload, taskId),
    'begin-mock-up': ({ taskId, payload }) => beginMockUp(parts, payload, taskId),
    'take-mock-up': ({ taskId, payload }) => takeMockUp(parts, payload, taskId),
    'apply-pod-event': ({ taskId, payload }) =>
      inTransaction(parts, async (tx) => {
        await applyCarrierEvent(tx, parts.carriers, payload.inboxEventId)
        tx.finish(taskId)
      }),
  })

if (import.meta.main) await runProcess('pod', pod)
