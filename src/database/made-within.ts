import { type Expression, type SqlBool, sql } from 'kysely'
import { firstIdSince, firstUuidSince, type IdKind } from '../platform/ids.ts'

/** From a moment on and before another one; null where there is no such end. */
export type Period = { since: Date | null; before: Date | null }

/** How far the clocks of processes and of Postgres may be apart: an id says when a process made it, its row when Postgres stored it. */
export const clocksApartMs = 10 * 60_000

/**
 * Rows that were made in a period. Where ids of their kind sort by time the index that a list is read by ends where the period does;
 * the time of the row decides. `alias` is the table's; left out of a statement that asks for no period.
 */
export function madeWithin(
  alias: string,
  kind: IdKind | 'uuid' | undefined,
  period: Period | undefined,
  column = 'created_at',
): Expression<SqlBool>[] {
  const { since = null, before = null } = period ?? {}
  const at = sql.ref(`${alias}.${column}`)
  const id = sql.ref(`${alias}.id`)
  const from = kind && since && firstOf(kind, moved(since, -clocksApartMs))
  const until = kind && before && firstOf(kind, moved(before, clocksApartMs))
  return [
    ...(since ? [sql<SqlBool>`${at} >= ${since}`] : []),
    ...(before ? [sql<SqlBool>`${at} < ${before}`] : []),
    ...(from ? [sql<SqlBool>`${id} >= ${from}`] : []),
    ...(until ? [sql<SqlBool>`${id} < ${until}`] : []),
  ]
}

const firstOf = (kind: IdKind | 'uuid', since: Date) =>
  kind === 'uuid' ? firstUuidSince(since) : firstIdSince(kind, since)

/** A moment that an id can name. */
const moved = (moment: Date, byMs: number) => new Date(Math.max(0, moment.getTime() + byMs))
