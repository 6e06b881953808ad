import { deliverDigital } from '../src/fulfillment/deliver-digital.ts'
import { runQueue } from '../src/platform/task-runner.ts'
import { inTransaction } from '../src/platform/transaction.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Hands over digital content. */
export const digital: StartWorker = (parts) =>
  runQueue(parts, 'digital', {
    'deliver-digital': ({ taskId, payload }) =>
      inTransaction(parts, (tx) => deliverDigital(tx, { ...payload, taskId })),
  })

if (import.meta.main) await runProcess('digital', digital)
