import { deliverDigital } from '../src/goods/deliver-digital.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { inTransaction } from '../src/tasks/transaction.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Hands over digital content. */
export const digital: StartWorker = (parts) =>
  runQueue(parts, 'digital', {
    'deliver-digital': ({ taskId, payload }) =>
      inTransaction(parts, (tx) => deliverDigital(tx, { ...payload, taskId })),
  })

if (import.meta.main) await runProcess('digital', digital)
