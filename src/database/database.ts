import { createHash } from 'node:crypto'
import { type EntityManager, type EntitySchema, MikroORM } from '@mikro-orm/postgresql'
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import pg from 'pg'
import { toDatabaseError } from '../platform/database-unavailable.ts'
import { type BatchResult, type PreparedStatements, runBatch } from './statement-batch.ts'

/** Runs one SQL statement with `$1` placeholders and returns its rows. */
export type Sql = <Row extends object>(text: string, params?: readonly unknown[]) => Promise<Row[]>

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
  counters: { statements: number; commits: number }
  close(): Promise<void>
}

export type DatabaseOptions = {
  url: string
  poolSize: number
  name: string
  /** Every table there is. Rooms declare theirs, and whoever boots lists them. */
  entities: readonly EntitySchema[]
}

const begin = { text: 'begin', params: [] }
const commit = { text: 'commit', params: [] }

/** Back-office reads by the ORM outside a transaction share these few connections. */
const ormPoolSize = 3

/** Connects lazily: the first statement opens the first connection, and an unreachable server fails within two seconds. */
export async function connectDatabase({ url, poolSize, name, entities }: DatabaseOptions): Promise<Database> {
  const limits = {
    application_name: `ordermill-${name}`,
    // Our statements are prepared once and look rows up by key: planning them anew for every value costs more than it gains.
    options: '-c jit=off -c plan_cache_mode=force_generic_plan',
    connectionTimeoutMillis: 2_000,
    statement_timeout: 30_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 60_000,
  }
  const orm = await MikroORM.init({
    entities: [...entities],
    clientUrl: url,
    forceUtcTimezone: true,
    ensureDatabase: false,
    pool: { min: 0, max: ormPoolSize },
    driverOptions: { Client: PreparingClient, ...limits },
  })
  // BEGIN travels with the first statement of a transaction and COMMIT with the last, which halves its round trips.
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    Client: PreparingClient,
    pipeline: true,
    ...limits,
  } as pg.PoolConfig)
  // Without listeners a lost connection would end the process; whoever uses it sees its own rejection.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const counters = { statements: 0, commits: 0 }
  const prepared = new WeakMap<pg.ClientBase, PreparedStatements>()
  const preparedBy = (client: pg.ClientBase): PreparedStatements => {
    const known = prepared.get(client) ?? new Map()
    prepared.set(client, known)
    return known
  }

  const checkOut = () =>
    pool.connect().catch((error: unknown) => {
      throw toDatabaseError(error)
    })

  const run = async <Row extends object>(
    client: pg.PoolClient,
    text: string,
    params: readonly unknown[],
    { begins = false, commits = false } = {},
  ): Promise<BatchResult<Row>> => {
    counters.statements += 1
    const statement = { text, params }
    const batch = [...(begins ? [begin] : []), statement, ...(commits ? [commit] : [])]
    try {
      return await runBatch<Row>(client, preparedBy(client), batch)
    } catch (error) {
      // From here the stack leads to who asked; the error's own leads to the socket.
      if (error instanceof Error) Error.captureStackTrace(error)
      throw toDatabaseError(error)
    }
  }

  const once = async <T>(work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> => {
    const client = await checkOut()
    let broken: unknown
    try {
      let begun = false
      let em: EntityManager | undefined
      let ended: string | undefined
      const next = <Row extends object>(text: string, params: readonly unknown[], commits: boolean) => {
        const begins = !begun
        begun = true
        return run<Row>(client, text, params, { begins, commits })
      }
      const value = await work({
        sql: async <Row extends object>(text: string, params: readonly unknown[] = []) =>
          (await next<Row>(text, params, false)).rows,
        last: async <Row extends object>(text: string, params: readonly unknown[] = []) => {
          await em?.flush()
          const { rows, command } = await next<Row>(text, params, true)
          ended = command
          return rows
        },
        get em() {
          // Its failure is the next statement's too.
          if (!begun) client.query('begin').catch(() => undefined)
          begun = true
          em ??= joinedEntityManager(orm, client)
          return em
        },
      })
      if (ended === undefined) await em?.flush()
      if (begun) ended ??= (await client.query('commit')).command
      if (begun && ended !== 'COMMIT') throw new Error('the transaction was rolled back')
      counters.commits += 1
      return value
    } catch (error) {
      // A connection that cannot even roll back is dead, and the pool must drop it.
      await client.query('rollback').catch((reason: unknown) => {
        broken = reason
      })
      throw error
    } finally {
      client.release(broken instanceof Error ? broken : undefined)
    }
  }

  return {
    orm,
    counters,
    em: () => orm.em.fork(),
    sql: async (text, params = []) => {
      counters.commits += 1
      const client = await checkOut()
      try {
        const { rows } = await run(client, text, params)
        client.release()
        return rows as never
      } catch (error) {
        client.release(error instanceof Error ? error : true)
        throw error
      }
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
    async close() {
      await pool.end()
      await orm.close(true)
    },
  }
}

/** An entity manager whose statements run on the connection of a transaction. */
function joinedEntityManager(orm: MikroORM, client: pg.PoolClient): EntityManager {
  const connection = { query: client.query.bind(client), release: () => undefined }
  const session = new Kysely({
    dialect: new PostgresDialect({
      pool: { connect: async () => connection, end: async () => undefined } as unknown as PostgresPool,
    }),
  })
  const em = orm.em.fork()
  em.setTransactionContext(session)
  return em
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

const throwDatabaseError = (error: unknown): never => {
  throw toDatabaseError(error)
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
    const asked =
      typeof text === 'string' && Array.isArray(values) && values.length > 0
        ? parent.call(this, { name: statementName(text), text, values }, ...rest)
        : parent.call(this, text, values, ...rest)
    return asked instanceof Promise ? asked.catch(throwDatabaseError) : asked
  }) as typeof pg.Client.prototype.query

  override connect = ((callback?: (error: unknown, ...rest: unknown[]) => void) => {
    const parent = super.connect as unknown as (...args: unknown[]) => unknown
    if (!callback) return (parent.call(this) as Promise<unknown>).catch(throwDatabaseError)
    return parent.call(this, (error: unknown, ...rest: unknown[]) => callback(toDatabaseError(error), ...rest))
  }) as typeof pg.Client.prototype.connect
}

/** ISO 8601 UTC of a timestamp as the driver returns it. */
export function iso(value: string | Date): string {
  return new Date(value).toISOString()
}
