import { distributeRevenue } from '../src/confirmation/distribute-revenue.ts'
import { distributeCapture } from '../src/distribution/distribute-capture.ts'
import { makePayout } from '../src/payouts/make-payout.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Pays everyone's share of a paid order, and makes payouts. */
export const distribution: StartWorker = (parts) =>
  runQueue(parts, 'distribution', {
    'distribute-capture': ({ taskId, payload }) => distributeCapture(parts, payload, taskId),
    'distribute-revenue': ({ taskId, payload }) => distributeRevenue(parts, { ...payload, taskId }),
    'make-payout': ({ taskId, payload }) => makePayout(parts, payload, taskId),
  })

if (import.meta.main) await runProcess('distribution', distribution)
