import { runAudit } from '../src/audit/run-audit.ts'
import { purgeCarts, purgeShippingRates } from '../src/checkouts/purge-checkouts.ts'
import {
  sweepExpiredOrders,
  sweepLapsingAuthorizations,
  sweepUndecidedCharges,
  sweepUndecidedRefunds,
} from '../src/confirmation/sweeps.ts'
import { sweepTaxIdentifiers } from '../src/customers/sweep-tax-identifiers.ts'
import { sweepHeldTasks } from '../src/disputes/sweep-held-tasks.ts'
import { eraseLateCopies } from '../src/erasure/erase-late-copies.ts'
import { sweepErasures } from '../src/erasure/request-erasure.ts'
import { sweepPendingFiles } from '../src/files/receive-file.ts'
import { purgeSignals } from '../src/fraud/judge-velocity.ts'
import { purgeInbox } from '../src/inbox/purge-inbox.ts'
import { countRevenue } from '../src/links/count-revenue.ts'
import { purgeIdempotencyKeys } from '../src/merchants/purge-idempotency-keys.ts'
import { purgeMails } from '../src/notifications/purge-mails.ts'
import { purgeSessions } from '../src/operators/purge-sessions.ts'
import { purgeOldEvents } from '../src/outgoing/events.ts'
import { sweepPayouts } from '../src/payouts/sweep-payouts.ts'
import { purgeTasks } from '../src/tasks/purge-tasks.ts'
import { ringDueTasks } from '../src/tasks/relay.ts'
import { purgeTimeline } from '../src/timeline/purge-timeline.ts'
import type { WorkerParts } from './connect-worker.ts'
import { every } from './every.ts'
import { type Running, runProcess, type StartWorker } from './run.ts'

const sweepEveryMs = 5_000
const purgeEveryMs = 3_600_000
const payoutsEveryMs = 600_000

type Sweep = (parts: WorkerParts) => Promise<unknown>

/** What calls for the work that has become due. */
export const sweeps: Record<string, Sweep> = {
  'expired-orders': sweepExpiredOrders,
  'undecided-charges': sweepUndecidedCharges,
  'undecided-refunds': sweepUndecidedRefunds,
  'lapsing-authorizations': warnOfLapses,
  'held-tasks': sweepHeldTasks,
  erasures: sweepErasures,
  'tax-identifiers': sweepTaxIdentifiers,
  revenue: countRevenue,
}

/** What removes the rows and files that have served. */
export const purges: Record<string, Sweep> = {
  tasks: purgeTasks,
  inbox: purgeInbox,
  'shipping-rates': purgeShippingRates,
  carts: purgeCarts,
  'idempotency-keys': purgeIdempotencyKeys,
  sessions: purgeSessions,
  'fraud-signals': purgeSignals,
  'pending-files': sweepPendingFiles,
  'outgoing-events': purgeOldEvents,
  mails: purgeMails,
  timeline: purgeTimeline,
  'erased-copies': ({ database }) => eraseLateCopies(database),
}

/** The relay: rings again for what was lost, and starts what has become due. Any number of processes may run it. */
export const retries: StartWorker = (parts) => [
  every(parts, 'relay', parts.config.tasks.relayIntervalMs, async () => {
    while ((await ringDueTasks(parts, parts.config.tasks.leaseSeconds)) > 0);
  }),
  ...startAll(parts, sweeps, Math.min(sweepEveryMs, parts.config.tasks.relayIntervalMs * 5)),
  ...startAll(parts, { audit: auditBooks }, parts.config.audit.everyMs),
  ...startAll(parts, { payouts: (workers) => sweepPayouts(workers) }, payoutsEveryMs),
  ...startAll(parts, purges, purgeEveryMs),
]

/** Each has rounds of its own, so that one that fails or takes long holds no other up; a counter tells how its rounds end. */
const startAll = (parts: WorkerParts, all: Record<string, Sweep>, intervalMs: number): Running[] =>
  Object.entries(all).map(([name, sweep]) =>
    every(parts, name, intervalMs, async () => {
      try {
        await sweep(parts)
        parts.metrics.sweeps.inc({ sweep: name, outcome: 'done' })
      } catch (error) {
        parts.metrics.sweeps.inc({ sweep: name, outcome: 'failed' })
        throw error
      }
    }),
  )

/** An authorization that lapses is money lost: the log and a counter say so before it does (I9). */
async function warnOfLapses(parts: WorkerParts): Promise<void> {
  const count = await sweepLapsingAuthorizations(parts, parts.config.captureMarginHours)
  if (count === 0) return
  parts.log.warn({ count }, 'authorizations are about to lapse')
  parts.metrics.lapsingAuthorizations.inc(count)
}

/** Books that disagree are money that somebody has and should not, or should have and has not. */
async function auditBooks(parts: WorkerParts): Promise<void> {
  for (const { provider, currency, unexplained, open } of await runAudit(parts, parts.config.audit.graceMs)) {
    parts.metrics.unexplained.set({ provider, currency }, unexplained)
    if (unexplained !== 0 || open > 0)
      parts.log.warn({ provider, currency, unexplained, open }, 'the books disagree with the provider’s')
  }
}

if (import.meta.main) await runProcess('retries', retries)
