import { createHash } from 'node:crypto'
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { CompiledQuery } from 'kysely'
import pg from 'pg'
import { entities } from './entities.ts'

/** Runs one SQL statement with `$1` placeholders and returns its rows. */
export type Sql = <Row extends object>(text: string, params?: readonly unknown[]) => Promise<Row[]>

/** What runs inside one transaction: raw statements for the hot paths, `em` for everything else. */
export type DatabaseTransaction = { sql: Sql; em: EntityManager }

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
  counters: { statements: number; commits: number }
  close(): Promise<void>
}

export type DatabaseOptions = { url: string; poolSize: number; name: string }

/** Connects lazily: the first statement opens the first connection, and an unreachable server fails within two seconds. */
export async function connectDatabase({ url, poolSize, name }: DatabaseOptions): Promise<Database> {
  const orm = await MikroORM.init({
    entities: [...entities],
    clientUrl: url,
    forceUtcTimezone: true,
    ensureDatabase: false,
    pool: { min: 0, max: poolSize },
    driverOptions: {
      Client: PreparingClient,
      // Our statements are prepared once and look rows up by key. Planning them anew for every value costs more than it gains, and
      // a plan made while the tables were empty must not go on scanning them when they are full.
      options: '-c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
      application_name: `ordermill-${name}`,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 30_000,
      lock_timeout: 10_000,
      idle_in_transaction_session_timeout: 60_000,
    },
  })
  const counters = { statements: 0, commits: 0 }
  const connection = orm.em.getConnection()

  const run = async <Row extends object>(
    executor: { executeQuery(query: CompiledQuery): Promise<{ rows: unknown[] }> },
    text: string,
    params: readonly unknown[],
  ): Promise<Row[]> => {
    counters.statements += 1
    const { rows } = await executor.executeQuery(CompiledQuery.raw(text, [...params]))
    return rows as Row[]
  }

  // MikroORM's own transactions keep the pooled connection for ever when COMMIT or ROLLBACK fails with it, so every
  // transaction cut off by a restarting Postgres would cost one. Here the connection goes back whatever happens.
  const once = <T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> =>
    connection
      .getClient()
      .connection()
      .execute(async (session) => {
        await session.executeQuery(begin)
        try {
          let em: EntityManager | undefined
          const result = await work({
            sql: (text, params = []) => run(session, text, params),
            get em() {
              if (!em) {
                em = orm.em.fork()
                em.setTransactionContext(session)
              }
              return em
            },
          })
          await em?.flush()
          await session.executeQuery(commit)
          counters.commits += 1
          return result
        } catch (error) {
          // A connection that cannot even roll back is dead, and the pool drops it.
          await session.executeQuery(rollback).catch(() => undefined)
          throw error
        }
      })

  return {
    orm,
    counters,
    em: () => orm.em.fork(),
    sql: async (text, params = []) => {
      counters.commits += 1
      return run(connection.getClient(), text, params)
    },
    transaction: async (work) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(work)
        } catch (error) {
          if (attempt >= 4 || !isSerializationFailure(error)) throw error
        }
      }
    },
    close: () => orm.close(true),
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

const begin = CompiledQuery.raw('begin')
const commit = CompiledQuery.raw('commit')
const rollback = CompiledQuery.raw('rollback')

const statementNames = new Map<string, string>()

/** A stable name per statement text: each connection parses and plans a hot statement once instead of every time. */
function statementName(text: string): string {
  let name = statementNames.get(text)
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url')
    statementNames.set(text, name)
  }
  return name
}

class PreparingClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config)
    // Amounts and counts are below 2^53, so a bigint column reads as a number. (20 = int8, 1700 = numeric of sum().)
    this.setTypeParser(20, Number)
    this.setTypeParser(1700, Number)
  }

  // pg's own overloads cannot be satisfied by one implementation, hence the cast.
  override query = ((text: unknown, values?: unknown, ...rest: unknown[]) => {
    const parent = super.query as unknown as (...args: unknown[]) => unknown
    return typeof text === 'string' && Array.isArray(values) && values.length > 0
      ? parent.call(this, { name: statementName(text), text, values }, ...rest)
      : parent.call(this, text, values, ...rest)
  }) as typeof pg.Client.prototype.query
}

/** ISO 8601 UTC of a timestamp as the driver returns it. */
export function iso(value: string | Date): string {
  return new Date(value).toISOString()
}
