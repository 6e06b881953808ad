import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import { type db, type Runs, runQuery } from './statement.ts'

export type Page = { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined }

/** The condition on a value that was asked for; left out of the statement when it was not, because plans are made without looking at values. */
export const ifGiven = <T>(
  value: T | undefined,
  condition: (value: T) => Expression<SqlBool>,
): Expression<SqlBool>[] => (value === undefined ? [] : [condition(value)])

/** One page of rows, newest first, in one statement. Ids sort by time; `id` is their column. */
export async function readPage<DB, Table extends keyof DB, Row extends object>(
  on: Runs,
  page: Page,
  id: `${string}.id`,
  select: (from: typeof db) => SelectQueryBuilder<DB, Table, Row>,
): Promise<{ hasMore: boolean; rows: Row[] }> {
  const backwards = page.endingBefore !== undefined
  const column = sql.ref(id)
  const cursor = ifGiven(page.endingBefore ?? page.startingAfter, (edge) =>
    backwards ? sql<SqlBool>`${column} > ${edge}` : sql<SqlBool>`${column} < ${edge}`,
  )
  const found = await runQuery(on, (from) =>
    select(from)
      .where(({ and }) => and(cursor))
      .orderBy(column, backwards ? 'asc' : 'desc')
      .limit(page.limit + 1),
  )
  return cutPage(found, page)
}

/** The page of rows that were asked for with one more than its limit, in the order of a page that is read forwards. */
export function cutPage<Row>(found: Row[], { limit, endingBefore }: Page): { hasMore: boolean; rows: Row[] } {
  const rows = found.slice(0, limit)
  return { hasMore: found.length > limit, rows: endingBefore === undefined ? rows : rows.toReversed() }
}
