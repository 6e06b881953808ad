import { setTimeout as pause } from 'node:timers/promises'
import { type Cpu, cpuOf, ownCpu } from './process-cpu.ts'
import { control } from './shop.ts'
import type { Stage } from './stage.ts'

export type Reading = {
  cpuMs: Record<string, Cpu>
  /** Transactions that committed, read-only ones included, by pg_stat_database. */
  commits: number
  /** Transactions that wrote: each took a transaction id. */
  writes: number
  walBytes: number
  walSyncs: number
  statements: number | undefined
  tasks: number
  webhooks: number
}

/** A backend that has gone idle hands its counts in at the latest after ten seconds. */
const statisticsLagMs = 10_500
const quietTimeoutMs = 120_000

export type Pids = Readonly<Record<string, readonly (number | undefined)[]>>

/** What everything has used so far. The counts of commits are complete once {@link statisticsSettled} has waited. */
export async function readMeters(stage: Stage, pids: Pids): Promise<Reading> {
  const cpuMs = { ...cpuOf(pids), load: ownCpu() }
  const { rows } = await stage.sql.query<Record<string, string>>(
    `select (select xact_commit from pg_stat_database where datname = current_database()) as commits,
       pg_snapshot_xmax(pg_current_snapshot())::text as writes,
       (select wal_bytes from pg_stat_wal) as wal_bytes,
       (select coalesce(sum(fsyncs), 0) from pg_stat_io where object = 'wal') as wal_syncs,
       (select count(*) from tasks) as tasks,
       (select count(*) from inbox_events) as webhooks`,
  )
  const number = (name: string) => Number(rows[0]?.[name] ?? 0)
  return {
    cpuMs,
    commits: number('commits'),
    writes: number('writes'),
    walBytes: number('wal_bytes'),
    walSyncs: number('wal_syncs'),
    statements: await exposedStatements(stage),
    tasks: number('tasks'),
    webhooks: number('webhooks'),
  }
}

export const statisticsSettled = () => pause(statisticsLagMs)

/** Waits until every task is done and every webhook has been delivered. */
export async function quiet(stage: Stage): Promise<void> {
  const deadline = Date.now() + quietTimeoutMs
  for (;;) {
    const { rows } = await stage.sql.query<{ open: number }>(
      `select count(*)::int as open from tasks where state in ('pending', 'enqueued')`,
    )
    const { pending } = await control(stage, 'GET', '/sandbox/webhooks')
    if (rows[0]?.open === 0 && pending === 0) return
    if (Date.now() > deadline) throw new Error(`${rows[0]?.open} tasks and ${String(pending)} webhooks stay unfinished`)
    await pause(200)
  }
}

/** What was used between two readings. */
export function difference(after: Reading, before: Reading): Reading {
  const { statements } = after
  return {
    cpuMs: cpuDifference(after.cpuMs, before.cpuMs),
    commits: after.commits - before.commits,
    writes: after.writes - before.writes,
    walBytes: after.walBytes - before.walBytes,
    walSyncs: after.walSyncs - before.walSyncs,
    statements:
      statements === undefined || before.statements === undefined ? undefined : statements - before.statements,
    tasks: after.tasks - before.tasks,
    webhooks: after.webhooks - before.webhooks,
  }
}

export function cpuDifference(after: Reading['cpuMs'], before: Reading['cpuMs']): Reading['cpuMs'] {
  return Object.fromEntries(
    Object.entries(after).map(([name, { all, kernel }]) => {
      const earlier = before[name] ?? { all: 0, kernel: 0 }
      return [name, { all: all - earlier.all, kernel: kernel - earlier.kernel }]
    }),
  )
}

/** CPU for one of `count` equal pieces of work. */
export function cpuEach(cpuMs: Reading['cpuMs'], count: number): Reading['cpuMs'] {
  return Object.fromEntries(
    Object.entries(cpuMs).map(([name, { all, kernel }]) => [name, { all: all / count, kernel: kernel / count }]),
  )
}

/** The API's own count of SQL statements, should it say so on /metrics. */
async function exposedStatements(stage: Stage): Promise<number | undefined> {
  const answer = await stage.http.api.call('GET', '/metrics')
  const line = answer.text.split('\n').find((entry) => /^ordermill_(sql|database)_statements_total[ {]/.test(entry))
  return answer.status === 200 && line ? Number(line.split(' ').at(-1)) : undefined
}
