import os from 'node:os'
import { auditBooks } from './audit-books.ts'
import { checkPhase, readSummary } from './books-check.ts'
import { cpuEach, difference, type Pids, quiet, type Reading, readMeters, statisticsSettled } from './meter.ts'
import { type LoadOptions, loadOrders } from './order-load.ts'
import { type Spread, spread } from './percentiles.ts'
import type { Line } from './shop.ts'
import type { Stage } from './stage.ts'
import { countStatements, type StatementCount } from './statement-count.ts'
import { readTimes, type StatementTime, startTiming } from './statement-times.ts'

export type OrderPhase = {
  name: string
  orders: number
  seconds: number
  ordersPerSecond: number
  /** The share of all cores that nothing used while the load ran. */
  idle: number
  httpSteps: Record<string, Spread>
  /** From the creation of a task to the transaction that finished it. */
  taskSteps: Record<string, Spread>
  wholeOrder: Record<string, Spread>
  /** Divided by the number of orders. */
  perOrder: Reading
  statements: StatementCount | undefined
  /** Divided by the number of orders. */
  times: StatementTime[] | undefined
  /** How long it took to compare all books with the provider's, and how many payments there were by then. */
  audit: { payments: number; seconds: number }
  problems: string[]
}

export type PhasePlan = {
  name: string
  load: LoadOptions
  /** Orders that are placed before anything is measured. */
  warmUp: number
  analyze: boolean
  /** Whether the statements of some extra orders are counted, too. */
  counted: boolean
  /** Whether Postgres sums up what each statement costs; this slows it down a little. */
  timed: boolean
}

const countedOrders = 100
export const paidToConfirmed = 'buyer told paid → CONFIRMED'

/** One measured phase: a warm-up that does not count, the load, everything that follows from it, and the check of the books. */
export async function orderPhase(
  stage: Stage,
  pids: Pids,
  { name, warmUp, analyze, load, counted, timed }: PhasePlan,
): Promise<OrderPhase> {
  const warm = async (orders: number) => {
    if (orders > 0) await loadOrders(stage, { ...load, orders, seconds: 60, concurrency: 32 })
    await quiet(stage)
  }
  await warm(Math.ceil(warmUp / 2))
  // Plans are kept per connection; those made while the tables were empty read whole indexes once they are full.
  // Autovacuum analyzes a table within a minute of its growth, which a phase is too short to wait for.
  if (analyze) await stage.sql.query('vacuum analyze')
  // The second half makes the new plans on every connection: what is measured is what a system does that has run for a while.
  await warm(Math.floor(warmUp / 2))
  await statisticsSettled()
  if (timed) await startTiming(stage)
  const before = await readMeters(stage, pids)
  const booksBefore = await readSummary(stage)
  const { rows } = await stage.sql.query<{ now: Date }>('select clock_timestamp() as now')
  const since = rows[0]?.now ?? new Date()

  const idleSince = machineTimes()
  const result = await loadOrders(stage, load)
  const idle = idleShare(idleSince)
  await quiet(stage)
  const { cpuMs } = await readMeters(stage, pids)
  const times = timed ? await readTimes(stage) : undefined
  await statisticsSettled()
  const used = difference({ ...(await readMeters(stage, pids)), cpuMs }, before)
  const orders = result.orderIds.length
  const problems = await checkPhase(stage, {
    orderIds: result.orderIds,
    lines: load.lines,
    before: booksBefore,
    after: await readSummary(stage),
  })
  const audited = await auditBooks(stage)
  problems.push(...audited.problems)
  const seconds = (result.endedAt - result.startedAt) / 1_000
  const phase = {
    name,
    orders,
    seconds,
    ordersPerSecond: orders / seconds,
    idle,
    httpSteps: result.steps,
    taskSteps: await taskSteps(stage, since),
    wholeOrder: await wholeOrder(stage, result.paidAt),
    perOrder: perOrder(used, orders),
    audit: { payments: await countPayments(stage), seconds: audited.seconds },
    times: times?.map((time) => timeEach(time, orders)),
    problems,
  }
  // Last, because the server's log of statements slows everything down.
  return { ...phase, statements: counted ? await statementsOf(stage, load.lines) : undefined }
}

async function countPayments({ sql }: Stage): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    'select count(*)::int as count from charges where captured_amount > 0',
  )
  return rows[0]?.count ?? 0
}

async function statementsOf(stage: Stage, lines: readonly Line[]): Promise<StatementCount> {
  const count = await countStatements(stage, async () => {
    await loadOrders(stage, { lines, orders: countedOrders, seconds: 60, concurrency: 16 })
    await quiet(stage)
  })
  const each = (value: number) => value / countedOrders
  return {
    total: each(count.total),
    byProcess: Object.fromEntries(Object.entries(count.byProcess).map(([name, value]) => [name, each(value)])),
    top: count.top.map((entry) => ({ ...entry, count: each(entry.count) })),
  }
}

const timeEach = (time: StatementTime, orders: number): StatementTime => ({
  text: time.text,
  ms: time.ms / orders,
  calls: time.calls / orders,
  rows: time.rows / orders,
  walBytes: time.walBytes / orders,
})

type Times = { idle: number; all: number }

function machineTimes(): Times {
  const each = os
    .cpus()
    .map(({ times }) => ({ idle: times.idle, all: Object.values(times).reduce((a, b) => a + b, 0) }))
  return { idle: each.reduce((sum, { idle }) => sum + idle, 0), all: each.reduce((sum, { all }) => sum + all, 0) }
}

function idleShare(since: Times): number {
  const now = machineTimes()
  return (now.idle - since.idle) / Math.max(1, now.all - since.all)
}

function perOrder(used: Reading, orders: number): Reading {
  const each = (value: number) => value / orders
  return {
    cpuMs: cpuEach(used.cpuMs, orders),
    commits: each(used.commits),
    writes: each(used.writes),
    walBytes: each(used.walBytes),
    walSyncs: each(used.walSyncs),
    statements: used.statements === undefined ? undefined : each(used.statements),
    tasks: each(used.tasks),
    webhooks: each(used.webhooks),
  }
}

async function taskSteps({ sql }: Stage, since: Date): Promise<Record<string, Spread>> {
  const { rows } = await sql.query<{ job: string; ms: number[] }>(
    `select job, array_agg((extract(epoch from done_at - created_at) * 1000)::float8) as ms from tasks
     where created_at >= $1 and done_at is not null group by job order by min(created_at)`,
    [since],
  )
  return Object.fromEntries(rows.map(({ job, ms }) => [job, spread(ms)]))
}

async function wholeOrder({ sql }: Stage, paidAt: ReadonlyMap<string, number>): Promise<Record<string, Spread>> {
  const { rows } = await sql.query<{ id: string; created: Date; accepted: Date; confirmed: Date }>(
    `select id, created_at as created, (state_transitions ->> 'accepted')::timestamptz as accepted,
       (state_transitions ->> 'confirmed')::timestamptz as confirmed from orders where id = any($1)`,
    [[...paidAt.keys()]],
  )
  const between = (from: (row: (typeof rows)[number]) => number) =>
    spread(rows.map((row) => row.confirmed.getTime() - from(row)))
  return {
    'order created → CONFIRMED': between((row) => row.created.getTime()),
    [paidToConfirmed]: between((row) => paidAt.get(row.id) ?? 0),
    'accepted → CONFIRMED': between((row) => row.accepted.getTime()),
  }
}
