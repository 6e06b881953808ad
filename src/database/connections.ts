import type pg from 'pg'
import { toDatabaseError } from '../platform/database-unavailable.ts'
import { type BatchResult, type PreparedStatements, runBatch } from './statement-batch.ts'

const begin = { text: 'begin', params: [] }
const commit = { text: 'commit', params: [] }

/** The connections of a pool, and the statements that each has prepared. */
export type Connections = {
  /** A connection of one's own, which has to be released. */
  checkOut(): Promise<pg.PoolClient>
  /** One statement on a connection, together with the BEGIN before it or the COMMIT after it where the transaction asks for them. */
  run<Row extends object>(
    client: pg.PoolClient,
    text: string,
    params: readonly unknown[],
    frame?: { begins?: boolean; commits?: boolean },
  ): Promise<BatchResult<Row>>
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

  const run: Connections['run'] = async (client, text, params, { begins = false, commits = false } = {}) => {
    counters.statements += 1
    const statement = { text, params }
    const batch = [...(begins ? [begin] : []), statement, ...(commits ? [commit] : [])]
    try {
      return await runBatch(client, preparedBy(client), batch)
    } catch (error) {
      // From here the stack leads to who asked; the error's own leads to the socket.
      if (error instanceof Error) Error.captureStackTrace(error)
      throw toDatabaseError(error)
    }
  }

  const runAlone: Connections['runAlone'] = async <Row extends object>(text: string, params: readonly unknown[]) => {
    const client = await checkOut()
    try {
      const { rows } = await run<Row>(client, text, params)
      client.release()
      return rows
    } catch (error) {
      client.release(error instanceof Error ? error : true)
      throw error
    }
  }

  return { checkOut, run, runAlone }
}
