import type pg from 'pg'
import { toDatabaseError } from '../platform/database-unavailable.ts'
import { type PreparedStatements, runBatch, type Statement } from './statement-batch.ts'

const begin = { text: 'begin', params: [] }
const commit = { text: 'commit', params: [] }

/** The connections of a pool, and the statements that each has prepared. */
export type Connections = {
  /** A connection of one's own, which has to be released. */
  checkOut(): Promise<pg.PoolClient>
  /**
   * Statements on a connection, together with the BEGIN before them or the COMMIT after them where the transaction asks for it.
   * Returns the rows of each, and the command tag of the last: a COMMIT after a failure answers ROLLBACK.
   */
  run<Row extends object>(
    client: pg.PoolClient,
    statements: readonly Statement[],
    frame?: { begins?: boolean; commits?: boolean },
  ): Promise<{ rows: Row[][]; command: string }>
  /** One statement in its own transaction. */
  runAlone<Row extends object>(text: string, params: readonly unknown[]): Promise<Row[]>
}

export function createConnections(pool: pg.Pool, counters: { statements: number }): Connections {
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

  const run: Connections['run'] = async <Row extends object>(
    client: pg.PoolClient,
    statements: readonly Statement[],
    { begins = false, commits = false } = {},
  ) => {
    counters.statements += statements.length
    const batch = [...(begins ? [begin] : []), ...statements, ...(commits ? [commit] : [])]
    try {
      const { rows, command } = await runBatch<Row>(client, preparedBy(client), batch)
      const first = begins ? 1 : 0
      return { rows: rows.slice(first, first + statements.length), command }
    } catch (error) {
      // From here the stack leads to who asked; the error's own leads to the socket.
      if (error instanceof Error) Error.captureStackTrace(error)
      throw toDatabaseError(error)
    }
  }

  const runAlone: Connections['runAlone'] = async <Row extends object>(text: string, params: readonly unknown[]) => {
    const client = await checkOut()
    try {
      const { rows } = await run<Row>(client, [{ text, params }])
      client.release()
      return rows[0] ?? []
    } catch (error) {
      client.release(error instanceof Error ? error : true)
      throw error
    }
  }

  return { checkOut, run, runAlone }
}
