import { type EntityManager, type EntitySchema, MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'
import { createConnections } from './connections.ts'
import { mergeCalls } from './merge-calls.ts'
import { PreparingClient } from './preparing-client.ts'
import { type GroupEnd, type GroupWork, runGroup } from './run-group.ts'
import { runTransaction } from './run-transaction.ts'

/** Runs one SQL statement with `$1` placeholders and returns its rows. `mergeable` lets it be one statement with equal ones. */
export type Sql = <Row extends object>(
  text: string,
  params?: readonly unknown[],
  mergeable?: Mergeable,
) => Promise<Row[]>

/** How calls of one statement become one statement, and its rows their answers. */
export type Merging = {
  text: string
  params(calls: readonly object[]): unknown[]
  answers(rows: readonly object[], calls: number): object[][]
}

/** A call that may be one of a set. */
export type Mergeable = { merging: Merging; values: object }

/** What runs inside one transaction: raw statements for the hot paths, `em` for everything else. */
export type DatabaseTransaction = {
  sql: Sql
  em: EntityManager
  /** The last statement of the transaction: it is sent together with the COMMIT, and when it fails nothing is committed. */
  last: Sql
}

export type Database = {
  orm: MikroORM
  /** One statement in its own transaction. */
  sql: Sql
  /** A fresh entity manager for reads outside a transaction. */
  em(): EntityManager
  /**
   * Runs `work` in one transaction and returns its value. A deadlock or serialization failure is repeated
   * up to three times, so `work` must not do anything outside the database.
   */
  transaction<T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T>
  /** Several in one transaction, once; see {@link runGroup}. Never rejects. */
  group<T>(
    works: readonly GroupWork<T>[],
    commit: (last: Sql, values: readonly T[]) => Promise<void>,
  ): Promise<GroupEnd<T>>
  counters: { statements: number; commits: number }
  /** What the process holds of its pool at this moment. */
  pool(): PoolState
  close(): Promise<void>
}

/** Connections that are used and that are free, and the callers that wait for one. */
export type PoolState = { used: number; free: number; waiting: number }

export type DatabaseOptions = {
  url: string
  poolSize: number
  name: string
  /** Every table there is. Rooms declare theirs, and whoever boots lists them. */
  entities: readonly EntitySchema[]
}

/** Back-office reads by the ORM outside a transaction share these few connections, which a process opens besides its pool. */
export const ormPoolSize = 3

const limitsOf = (name: string) => ({
  application_name: `ordermill-${name}`,
  // Our statements are prepared once and look rows up by key: planning them anew for every value costs more than it gains.
  options: '-c jit=off -c plan_cache_mode=force_generic_plan',
  // For a free connection: a burst of requests waits its turn.
  connectionTimeoutMillis: 10_000,
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 60_000,
})

/** Connects lazily: the first statement opens the first connection, and an unreachable server fails within two seconds. */
export async function connectDatabase({ url, poolSize, name, entities }: DatabaseOptions): Promise<Database> {
  const orm = await MikroORM.init({
    entities: [...entities],
    clientUrl: url,
    forceUtcTimezone: true,
    ensureDatabase: false,
    pool: { min: 0, max: ormPoolSize },
    driverOptions: { Client: PreparingClient, ...limitsOf(name) },
  })
  const pool = createPool(url, poolSize, name)
  const counters = { statements: 0, commits: 0 }
  const connections = createConnections(pool, counters)
  return {
    orm,
    counters,
    em: () => orm.em.fork(),
    sql: mergeCalls(async (text, params = []) => {
      counters.commits += 1
      return connections.runAlone(text, params)
    }),
    transaction: (work) =>
      repeatable(async () => {
        const value = await runTransaction(connections, orm, work)
        counters.commits += 1
        return value
      }),
    group: async (works, commit) => {
      counters.commits += 1
      return runGroup(connections, works, commit).catch((error: unknown) => ({ outcome: 'failed', error }))
    },
    pool: () => ({
      used: pool.totalCount - pool.idleCount,
      free: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    async close() {
      await pool.end()
      await orm.close(true)
    },
  }
}

/** BEGIN travels with the first statement of a transaction and COMMIT with the last, which halves its round trips. */
function createPool(url: string, poolSize: number, name: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    Client: PreparingClient,
    pipeline: true,
    ...limitsOf(name),
  } as pg.PoolConfig)
  // Without listeners a lost connection would end the process; whoever uses it sees its own rejection.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Repeats a transaction that Postgres rolled back for the sake of another, up to three times. */
async function repeatable<T>(once: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once()
    } catch (error) {
      if (attempt >= 4 || !isSerializationFailure(error)) throw error
    }
  }
}

/** 40P01 deadlock detected, 40001 serialization failure: the transaction was rolled back and may be repeated. */
function isSerializationFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === '40P01' || code === '40001'
}

/** Constraint that a unique violation (23505) names, or undefined for any other error. */
export function violatedConstraint(error: unknown): string | undefined {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ('code' in e && e.code === '23505' && 'constraint' in e) return String(e.constraint)
  }
  return undefined
}

/** ISO 8601 UTC of a timestamp as the driver returns it. */
export function iso(value: string | Date): string {
  return new Date(value).toISOString()
}
