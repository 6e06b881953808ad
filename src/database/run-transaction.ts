import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import type pg from 'pg'
import type { Connections } from './connections.ts'
import type { DatabaseTransaction } from './database.ts'

/** Runs `work` in one transaction, once, and returns its value; where anything fails, nothing is committed. */
export async function runTransaction<T>(
  connections: Connections,
  orm: MikroORM,
  work: (tx: DatabaseTransaction) => Promise<T>,
): Promise<T> {
  const client = await connections.checkOut()
  let broken: unknown
  try {
    const { tx, end } = openTransaction(connections, orm, client)
    const value = await work(tx)
    await end()
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

/** A transaction that begins with its first statement. `end` commits what its last statement has not. */
function openTransaction(
  connections: Connections,
  orm: MikroORM,
  client: pg.PoolClient,
): { tx: DatabaseTransaction; end(): Promise<void> } {
  let begun = false
  let em: EntityManager | undefined
  let ended: string | undefined
  const next = async <Row extends object>(text: string, params: readonly unknown[], commits: boolean) => {
    const begins = !begun
    begun = true
    const { rows, command } = await connections.run<Row>(client, [{ text, params }], { begins, commits })
    return { rows: rows[0] ?? [], command }
  }
  const tx: DatabaseTransaction = {
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
  }
  const end = async () => {
    if (ended === undefined) await em?.flush()
    if (begun) ended ??= (await client.query('commit')).command
    if (begun && ended !== 'COMMIT') throw new Error('the transaction was rolled back')
  }
  return { tx, end }
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
