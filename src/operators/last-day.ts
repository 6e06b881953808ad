import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { runQuery } from '../database/statement.ts'
import { firstIdSince } from '../platform/ids.ts'

/** What was ordered in one hour, what of it came to nothing, and the tasks that have failed of those that were due then. */
export type Hour = { at: Date; orders: number; unpaid: number; failedTasks: number }

/** The hours, the oldest first; `isWhole` is false where there were more orders than are counted. */
export type LastDay = { hours: Hour[]; isWhole: boolean }

const hourMs = 3_600_000
const hours = 24

/** So many orders are counted at most, the newest: a twentieth of a second. */
export const mostCounted = 100_000

type Counted = { hour: Date; orders: number; unpaid: number; failedTasks: number; reached: number }

/**
 * The last 24 hours by the hour, the oldest first, in one statement: ids say when an order was made, so no index is needed for it and
 * nothing is written while orders run. `isWhole` is false where there were more orders than are counted.
 */
export async function readLastDay(on: Sql, now = new Date()): Promise<LastDay> {
  const thisHour = Math.floor(now.getTime() / hourMs) * hourMs
  const since = new Date(thisHour - (hours - 1) * hourMs)
  const hourOf = (column: string) => sql<Date>`date_trunc('hour', ${sql.ref(column)}, 'UTC')`
  const counted = await runQuery(on, (db) => {
    const newest = db
      .selectFrom('orders as o')
      .select(['o.created_at', 'o.state', 'o.draft'])
      .where('o.id', '>=', firstIdSince('order', since))
      .orderBy('o.id', 'desc')
      .limit(mostCounted)
      .as('o')
    const ordered = db
      .selectFrom(newest)
      .select([
        hourOf('o.created_at').as('hour'),
        sql<number>`count(*) filter (where not o.draft)`.as('orders'),
        sql<number>`count(*) filter (where not o.draft and o.state in ('payment_failed', 'cancelled', 'blocked'))`.as(
          'unpaid',
        ),
        sql<number>`0::bigint`.as('failedTasks'),
        sql<number>`count(*)`.as('reached'),
      ])
      .groupBy('hour')
    const failed = db
      .selectFrom('tasks as t')
      .select([
        hourOf('t.run_at').as('hour'),
        sql<number>`0::bigint`.as('orders'),
        sql<number>`0::bigint`.as('unpaid'),
        sql<number>`count(*)`.as('failedTasks'),
        sql<number>`0::bigint`.as('reached'),
      ])
      // Written out, so that the index of those that have failed is used.
      .where('t.state', '=', sql.lit('failed'))
      .where('t.run_at', '>=', since)
      .groupBy('hour')
    return ordered.unionAll(failed)
  })
  return { hours: byHour(counted, since), isWhole: sumOf(counted, 'reached') < mostCounted }
}

const byHour = (counted: readonly Counted[], since: Date): Hour[] =>
  Array.from({ length: hours }, (_, index) => {
    const at = new Date(since.getTime() + index * hourMs)
    const of = counted.filter(({ hour }) => hour.getTime() === at.getTime())
    return {
      at,
      orders: sumOf(of, 'orders'),
      unpaid: sumOf(of, 'unpaid'),
      failedTasks: sumOf(of, 'failedTasks'),
    }
  })

const sumOf = (counted: readonly Counted[], what: 'orders' | 'unpaid' | 'failedTasks' | 'reached') =>
  counted.reduce((sum, each) => sum + Number(each[what]), 0)
