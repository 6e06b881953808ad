import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { type Runs, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'

const summary = [
  's.id',
  's.provider',
  's.first_day as firstDay',
  's.last_day as lastDay',
  's.entered_by as enteredBy',
  's.created_at as createdAt',
  's.compared_at as comparedAt',
  's.counts',
  's.totals',
] as const

const readOne = statement<{ id: string }>()((db, $) =>
  db.selectFrom('settlement_statements as s').select(summary).select('s.items').where('s.id', '=', $.id),
)

/** A statement as it compared when it was entered last. Minor units. */
export type StatementView = Awaited<ReturnType<typeof readOne>>[number]
export type StatementSummary = Omit<StatementView, 'items'>

/** @throws ApiError `not_found` */
export async function readStatement(on: Runs, id: string): Promise<StatementView> {
  const [found] = await readOne(on, { id })
  if (!found) throw new ApiError('not_found')
  return found
}

/** Statements, newest first, without what stands in them. */
export async function listStatements(
  on: Sql,
  page: Page,
  filter: { provider?: string | undefined; entered?: Period | undefined } = {},
): Promise<{ hasMore: boolean; statements: StatementSummary[] }> {
  const { hasMore, rows } = await readPage(on, page, 's.id', (db) =>
    db
      .selectFrom('settlement_statements as s')
      .select(summary)
      .where((s) =>
        s.and([
          ...madeWithin('s', 'statement', filter.entered),
          ...ifGiven(filter.provider, (provider) => s('s.provider', '=', provider)),
        ]),
      ),
  )
  return { hasMore, statements: rows }
}
