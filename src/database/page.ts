import type { Sql } from './database.ts'

export type Page = { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined }

/** A condition on one value; left out of the statement when there is no value, because plans are made without looking at values. */
export type Condition = [condition: (parameter: string) => string, value: unknown]

/** One page of rows, newest first, in one statement. Ids sort by time; `id` is their column. */
export async function readPage<Row extends object>(
  sql: Sql,
  { select, id, conditions, page }: { select: string; id: string; conditions: readonly Condition[]; page: Page },
): Promise<{ hasMore: boolean; rows: Row[] }> {
  const backwards = page.endingBefore !== undefined
  const params: unknown[] = [page.limit + 1]
  const where = ['true']
  const cursor: Condition = backwards
    ? [(before) => `${id} > ${before}`, page.endingBefore]
    : [(after) => `${id} < ${after}`, page.startingAfter]
  for (const [condition, value] of [...conditions, cursor]) {
    if (value !== undefined) where.push(condition(`$${params.push(value)}`))
  }
  const found = await sql<Row>(
    `${select} where ${where.join(' and ')} order by ${id} ${backwards ? 'asc' : 'desc'} limit $1`,
    params,
  )
  const rows = found.slice(0, page.limit)
  return { hasMore: found.length > page.limit, rows: backwards ? rows.toReversed() : rows }
}
