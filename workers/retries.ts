import { sweepPendingFiles } from '../src/documents/receive-file.ts'
import { eraseLateCopies } from '../src/erasure/erase-late-copies.ts'
import { sweepErasures } from '../src/erasure/request-erasure.ts'
import { purgeSignals } from '../src/fraud/judge-velocity.ts'
import {
  purgeOldRows,
  sweepExpiredOrders,
  sweepLapsingAuthorizations,
  sweepUndecidedCharges,
  sweepUndecidedRefunds,
} from '../src/orders/sweeps.ts'
import { ringDueTasks } from '../src/platform/relay.ts'
import { purgeOldEvents } from '../src/webhooks/out/events.ts'
import { every } from './every.ts'
import type { WorkerParts } from './parts.ts'
import { runProcess, type StartWorker } from './run.ts'

const sweepEveryMs = 5_000
const purgeEveryMs = 3_600_000

/** The relay: rings again for what was lost, and starts what has become due. Any number of processes may run it. */
export const retries: StartWorker = (parts) => [
  every(parts, 'relay', parts.config.tasks.relayIntervalMs, async () => {
    while ((await ringDueTasks(parts, parts.config.tasks.leaseSeconds)) > 0);
  }),
  every(parts, 'sweep', Math.min(sweepEveryMs, parts.config.tasks.relayIntervalMs * 5), async () => {
    await sweepExpiredOrders(parts)
    await sweepUndecidedCharges(parts)
    await sweepUndecidedRefunds(parts)
    await warnOfLapses(parts)
    await sweepErasures(parts)
  }),
  every(parts, 'purge', purgeEveryMs, async () => {
    await purgeOldRows(parts)
    await purgeSignals(parts)
    await sweepPendingFiles(parts)
    await purgeOldEvents(parts.database)
    await eraseLateCopies(parts.database)
  }),
]

/** An authorization that lapses is money lost: the log and a counter say so before it does (I9). */
async function warnOfLapses(parts: WorkerParts): Promise<void> {
  const count = await sweepLapsingAuthorizations(parts, parts.config.captureMarginHours)
  if (count === 0) return
  parts.log.warn({ count }, 'authorizations are about to lapse')
  parts.metrics.lapsingAuthorizations.inc(count)
}

if (import.meta.main) await runProcess('retries', retries)
