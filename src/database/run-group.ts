import type pg from 'pg'
import { isDatabaseDown } from '../platform/database-unavailable.ts'
import type { Connections } from './connections.ts'
import type { Mergeable, Sql } from './database.ts'
import type { Statement } from './statement-batch.ts'

/** What one of a group wants to do in the transaction that they share. */
export type GroupWork<T> = (tx: { sql: Sql }) => Promise<T>

/**
 * How a group ended: its members' values are committed, but for those that failed by themselves; or nothing is, and it has to be run again
 * in these smaller groups; or nothing is, and running it again would not help.
 */
export type GroupEnd<T> =
  | { outcome: 'committed'; members: readonly ({ value: T } | { error: unknown })[] }
  | { outcome: 'split'; into: readonly (readonly number[])[] }
  | { outcome: 'failed'; error: unknown }

/** A row that somebody else holds keeps a whole group waiting; after a second its members part, and whoever needs it waits alone. */
const impatient = { text: `set local lock_timeout = '1s'`, params: [] }

/**
 * Runs the work of several in one transaction, side by side: what they ask for at the same time travels together, and equal statements
 * among it are one. They stand in the order in which they lock. The last statement is `commit`'s, of all that have not failed.
 * Who fails having only read is left out alone; who fails having written takes all back, and is run again by itself.
 */
export async function runGroup<T>(
  connections: Connections,
  works: readonly GroupWork<T>[],
  commit: (last: Sql, values: readonly T[]) => Promise<void>,
): Promise<GroupEnd<T>> {
  const client = await connections.checkOut()
  let broken: unknown
  try {
    const shared = shareConnection(connections, client)
    const settled = await Promise.allSettled(works.map((work) => sharing(shared, work)))
    if (shared.failure) return await rolledBack(afterFailure(shared.failure.error, works.length))
    const ends = settled.map((member) =>
      member.status === 'fulfilled' ? { value: member.value } : (member.reason as Failed),
    )
    const failed = ends.flatMap((end, index) => ('error' in end && end.wrote ? [index] : []))
    if (failed.length > 0) return await rolledBack({ outcome: 'split', into: without(failed, works.length) })
    const values = ends.flatMap((end) => ('value' in end ? [end.value] : []))
    if (values.length === 0) return await rolledBack({ outcome: 'committed', members: ends })
    try {
      await commitWith(connections, client, shared, commit, values)
    } catch (error) {
      return await rolledBack(afterFailure(error, works.length))
    }
    return { outcome: 'committed', members: ends }
  } catch (error) {
    return await rolledBack({ outcome: 'failed', error })
  } finally {
    client.release(broken instanceof Error ? broken : undefined)
  }

  async function rolledBack(end: GroupEnd<T>): Promise<GroupEnd<T>> {
    await client.query('rollback').catch((reason: unknown) => {
      broken = reason
    })
    return end
  }
}

/** A member's own failure, and whether there is anything of it to take back. */
type Failed = { error: unknown; wrote: boolean }

async function sharing<T>(shared: Shared, work: GroupWork<T>): Promise<T> {
  let wrote = false
  const sql: Sql = <Row extends object>(text: string, params: readonly unknown[] = [], mergeable?: Mergeable) => {
    wrote ||= !/^select\b/.test(text)
    return shared.ask<Row>({ text, params }, mergeable)
  }
  try {
    return await work({ sql })
  } catch (error) {
    throw { error, wrote } satisfies Failed
  }
}

async function commitWith<T>(
  connections: Connections,
  client: pg.PoolClient,
  shared: Shared,
  commit: (last: Sql, values: readonly T[]) => Promise<void>,
  values: readonly T[],
): Promise<void> {
  let ended: string | undefined
  const last: Sql = async <Row extends object>(text: string, params: readonly unknown[] = []) => {
    const frame = { begins: !shared.begun, commits: true }
    const { rows, command } = await connections.run<Row>(client, [{ text, params }], frame)
    ended = command
    return rows[0] ?? []
  }
  await commit(last, values)
  if (shared.begun) ended ??= (await client.query('commit')).command
  if (ended !== undefined && ended !== 'COMMIT') throw new Error('the transaction was rolled back')
}

/** A statement that failed has ended the transaction of all: halves of it find out whose it was. */
function afterFailure<T>(error: unknown, members: number): GroupEnd<T> {
  if (isDatabaseDown(error)) return { outcome: 'failed', error }
  const all = Array.from({ length: members }, (_, index) => index)
  const half = Math.ceil(members / 2)
  return { outcome: 'split', into: [all.slice(0, half), all.slice(half)] }
}

/** Those that failed alone, each by itself, and the others together. */
function without(failed: readonly number[], members: number): number[][] {
  const others = Array.from({ length: members }, (_, index) => index).filter((index) => !failed.includes(index))
  return [...(others.length > 0 ? [others] : []), ...failed.map((index) => [index])]
}

type Asked = {
  statement: Statement
  mergeable: Mergeable | undefined
  resolve: (rows: object[]) => void
  reject: (error: unknown) => void
}

type Shared = {
  ask<Row extends object>(statement: Statement, mergeable: Mergeable | undefined): Promise<Row[]>
  readonly begun: boolean
  /** The first statement that failed, and with it everything after. */
  readonly failure: { error: unknown } | undefined
}

/** One connection for many: what is asked for before the next turn of the event loop goes together. */
function shareConnection(connections: Connections, client: pg.PoolClient): Shared {
  let asked: Asked[] = []
  let failure: { error: unknown } | undefined
  let begun = false
  const send = () => {
    const together = mergedOf(asked)
    asked = []
    const first = begun ? [] : [impatient]
    const statements = [...first, ...together.map(({ statement }) => statement)]
    connections.run<object>(client, statements, { begins: !begun }).then(
      ({ rows }) => {
        for (const [index, { answer }] of together.entries()) answer(rows[first.length + index] ?? [])
      },
      (error: unknown) => {
        failure ??= { error }
        for (const { reject } of together) reject(error)
      },
    )
    begun = true
  }
  return {
    get begun() {
      return begun
    },
    ask: <Row extends object>(statement: Statement, mergeable: Mergeable | undefined) =>
      new Promise<Row[]>((resolve, reject) => {
        if (asked.length === 0) setImmediate(send)
        asked.push({ statement, mergeable, resolve: resolve as Asked['resolve'], reject })
      }),
    get failure() {
      return failure
    },
  }
}

type Sent = { statement: Statement; answer(rows: object[]): void; reject(error: unknown): void }

/** What was asked for, equal statements as one. */
function mergedOf(asked: readonly Asked[]): Sent[] {
  const groups = Map.groupBy(asked, (call) => call.mergeable?.merging ?? call)
  return [...groups.values()].map((calls) => {
    const [first] = calls as [Asked, ...Asked[]]
    const merging = first.mergeable?.merging
    if (!merging || calls.length === 1)
      return { statement: first.statement, answer: first.resolve, reject: first.reject }
    const values = calls.map(({ mergeable }) => mergeable?.values ?? {})
    return {
      statement: { text: merging.text, params: merging.params(values) },
      answer: (rows) => {
        const answers = merging.answers(rows, calls.length)
        for (const [index, { resolve }] of calls.entries()) resolve(answers[index] ?? [])
      },
      reject: (error) => {
        for (const { reject } of calls) reject(error)
      },
    }
  })
}
