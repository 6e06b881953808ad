import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { type Viewer, type ViewerValues, viewerValues, visible } from '../merchants/viewer.ts'
import { ApiError } from '../platform/errors.ts'
import { type SourceRow, sourceRow } from './source-row.ts'

const readVisible = statement<ViewerValues & { sourceId: string }>()((db, $) =>
  db
    .selectFrom('sources as s')
    .select(sourceRow.as('source'))
    .where('s.id', '=', $.sourceId)
    .where((s) => visible(s.ref('s.merchant_id'), s.ref('s.api_key_id'), $)),
)

const lock = statement<{ merchantId: string; sourceId: string }>()((db, $) =>
  db
    .selectFrom('sources as s')
    .select(sourceRow.as('source'))
    .where('s.id', '=', $.sourceId)
    .where('s.merchant_id', '=', $.merchantId)
    .forUpdate(),
)

/**
 * Reads a source. A publishable key sees only what was made with it.
 * @throws ApiError `not_found`, also for another merchant's
 */
export async function readSource(sql: Sql, visibleTo: Viewer, sourceId: string): Promise<SourceRow> {
  const [row] = await readVisible(sql, { sourceId, ...viewerValues(visibleTo) })
  if (!row) throw sourceNotFound(sourceId, 'id')
  return row.source
}

/** Reads a merchant's source and keeps it as it is until the end of the transaction. @throws ApiError `not_found` */
export async function lockSource(
  sql: Sql,
  { merchantId, sourceId }: { merchantId: string; sourceId: string },
): Promise<SourceRow> {
  const [row] = await lock(sql, { merchantId, sourceId })
  if (!row) throw sourceNotFound(sourceId, 'sourceId')
  return row.source
}

export const sourceNotFound = (sourceId: string, parameter: string) =>
  new ApiError('not_found', { message: `Source ${sourceId} not found`, parameter })
