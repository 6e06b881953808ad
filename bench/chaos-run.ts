import { setTimeout as pause } from 'node:timers/promises'
import type { Supervisor } from '../src/boot/services/supervisor.ts'
import { auditBooks } from './audit-books.ts'
import type { Acknowledged } from './books.ts'
import { buy } from './buyer.ts'
import { doubleTransfer, loseTask } from './chaos-controls.ts'
import { type PlannedOrder, planChaos, providerFaults, type Scenario } from './chaos-plan.ts'
import type { ChaosResult } from './chaos-report.ts'
import { backUpAmid, leaveOutLost, restoreAmid } from './chaos-restore.ts'
import { compareBooks } from './compare-books.ts'
import { machineFacts } from './machine.ts'
import { Crew, strike } from './nemesis.ts'
import { readOurBooks, readProviderBooks, readTimelines } from './read-books.ts'
import { settled } from './settle.ts'
import { control, shop } from './shop.ts'
import { type Stage, workerFiles } from './stage.ts'

export type ChaosRun = {
  stage: Stage
  supervisor: Supervisor
  /** A supervisor for processes that start after everything was stopped. */
  renewSupervisor(): Supervisor
  scenario: Scenario
  env: Readonly<Record<string, string>>
  seed: number
  orders: number
  spreadMs: number
  settleMs: number
  /** Whether providers also hide effects behind a 500 that they then repeat for the key. */
  hiddenErrors: boolean
  /** Operations of the providers that meet no misfortune. */
  spared: readonly string[]
  control: 'double-transfer' | 'lose-order' | undefined
  print: (line: string) => void
}

/** A storefront asks again for so long: on a slow machine a program that was killed takes a while to start, twelve at once longer. */
const patienceMs = 120_000

/** Places the orders, strikes while they are under way, waits for rest and compares the books. */
export async function runChaos(run: ChaosRun): Promise<ChaosResult> {
  const { stage, print } = run
  const crew = new Crew(run.supervisor)
  const processes = await hire(stage, crew)
  const plan = planChaos({ ...run, processes })
  await shop(stage).stock()
  await shop(stage).stockAbroad()
  // Redeliveries come fast, so that an API that is down delays a webhook and does not park it.
  await control(stage, 'POST', '/sandbox/webhooks', { retryDelaysMs: [200, 500, ...Array<number>(600).fill(1_000)] })
  const faults = providerFaults.filter(
    ({ kind, operation }) => (run.hiddenErrors || kind !== 'status') && !run.spared.includes(String(operation)),
  )
  for (const [index, fault] of faults.entries())
    await control(stage, 'POST', '/sandbox/faults', { ...fault, seed: run.seed * 100 + index })

  print(`Placing ${plan.orders.length} orders under ${plan.faults.length} faults …`)
  const startedAt = Date.now()
  const over = new AbortController()
  const told: Acknowledged[] = []
  const counts = { requests: 0, repeated: 0 }
  const lost = run.control === 'lose-order' ? loseTask(stage, over.signal) : undefined
  lost?.catch(() => {})
  const striking = strike(stage, crew, plan.faults, over.signal)
  const backingUp = run.scenario === 'restore' ? backUpAmid(run, plan.orders, told, over.signal) : undefined
  const failures = await place(stage, plan.orders, told, counts)
  const loadSeconds = (Date.now() - startedAt) / 1_000
  const { blows, byHand, endedAt } = await striking
  const faultsFired = await fired(stage)
  await control(stage, 'DELETE', '/sandbox/faults')

  const restored =
    backingUp && (await restoreAmid(run, await backingUp, (supervisor) => hire(stage, new Crew(supervisor))))
  print('Waiting until everything has come to rest …')
  const quietAt = await settled(stage, Date.now() + run.settleMs)
  over.abort()
  const damage = await (run.control === 'double-transfer' ? doubleTransfer(stage) : lost)

  const ours = await readOurBooks(stage.sql)
  const theirs = await readProviderBooks(stage, ours.charges)
  const known = restored ? told.filter(({ orderId }) => restored.orders.has(orderId)) : told
  if (restored) await leaveOutLost(stage, ours, restored)
  const discrepancies = compareBooks(known, ours, theirs, byHand)
  discrepancies.push(...(restored?.discrepancies ?? []))
  const { problems } = await auditBooks(stage)
  // Of what a restored database has lost, and what was given back, our books know nothing.
  for (const detail of restored ? problems.filter((line) => /^(?!missing_here|stripe )/.test(line)) : problems)
    discrepancies.push({ verdict: 'unbalanced', what: 'audit', orderId: /ord_\w+/.exec(detail)?.[0] ?? null, detail })
  for (const detail of failures) discrepancies.push({ verdict: 'lost', what: 'sale', orderId: null, detail })
  const offending = [...new Set(discrepancies.flatMap(({ orderId }) => (orderId === null ? [] : [orderId])))]
  return {
    seed: run.seed,
    machine: await machineFacts(stage),
    env: run.env,
    processes,
    orders: {
      planned: plan.orders.length,
      acknowledged: told.length,
      byManner: tally(plan.orders.map(({ manner }) => manner)),
      byState: tally(ours.orders.map(({ state }) => state)),
    },
    blows,
    faultsFired,
    repeated: await repeated(stage, counts),
    loadSeconds,
    settleSeconds: quietAt === undefined ? undefined : Math.max(0, quietAt - endedAt) / 1_000,
    control: damage,
    discrepancies,
    timelines: await readTimelines(stage.sql, offending),
  }
}

/** API, one process per worker file, and one that runs all of them: a kill hits one queue or everything. */
async function hire(stage: Stage, crew: Crew): Promise<[string, ...string[]]> {
  const api = await crew.hire(stage.application('api', 'src/main.ts'))
  const workers = [...workerFiles(), 'all']
  for (const file of workers) await crew.hire(stage.application(`worker-${file}`, `workers/${file}.ts`))
  await stage.ready(api)
  return ['api', ...workers.map((file) => `worker-${file}`)]
}

/** Lets every buyer go shopping at his time; returns why some were never acknowledged an order. */
async function place(
  stage: Stage,
  orders: readonly PlannedOrder[],
  told: Acknowledged[],
  counts: { requests: number; repeated: number },
): Promise<string[]> {
  const store = shop(stage)
  const startedAt = Date.now()
  const failures: string[] = []
  const acknowledged = (order: Acknowledged) => told.push(order)
  await Promise.all(
    orders.map(async (order) => {
      await pause(Math.max(0, order.startMs - (Date.now() - startedAt)))
      await buy(store, order, { patienceMs, acknowledged, counts }).catch((error: unknown) => {
        failures.push(error instanceof Error ? error.message : String(error))
      })
    }),
  )
  return failures
}

async function fired(stage: Stage): Promise<Record<string, number>> {
  const { faults } = (await control(stage, 'GET', '/sandbox/faults')) as {
    faults: { provider: string; operation: string; kind: string; after: boolean; fired: number }[]
  }
  return Object.fromEntries(
    faults.map((fault) => {
      const kind = fault.kind === 'status' ? '500 after the effect' : fault.kind
      const when = fault.kind === 'slow' ? (fault.after ? ' answer' : ' request') : ''
      return [`${fault.provider} ${fault.operation}: ${kind}${when}`, fault.fired]
    }),
  )
}

/** How often something was done again without doing it again: absorbed by keys, unique rows and compare-and-set. */
async function repeated(stage: Stage, counts: { repeated: number }): Promise<Record<string, number>> {
  const { rows } = await stage.sql.query<Record<string, number>>(
    `select (select coalesce(sum(attempts - 1), 0)::int from operations where attempts > 1) as operations,
       (select coalesce(sum(attempts), 0)::int from tasks) as failures,
       (select coalesce(sum(rings), 0)::int from tasks) as rings,
       (select count(*)::int from inbox_events) as stored,
       (select count(*)::int from order_timeline where kind = 'drop') as drops`,
  )
  const numbers = rows[0] ?? {}
  const { delivered } = await control(stage, 'GET', '/sandbox/webhooks')
  return {
    'requests repeated by storefronts': counts.repeated,
    'operations attempted again at providers': numbers.operations ?? 0,
    'webhooks acknowledged more than once': Math.max(0, Number(delivered) - (numbers.stored ?? 0)),
    'task attempts that failed and were repeated': numbers.failures ?? 0,
    'tasks rung for again by the relay': numbers.rings ?? 0,
    'stale events dropped': numbers.drops ?? 0,
  }
}

function tally(values: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([value, list]) => [value, list.length]))
}
