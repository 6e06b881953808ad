import type { Sql } from '../database/database.ts'
import { type Viewer, viewerParams, visibleSql } from '../merchants/viewer.ts'
import { ApiError } from '../platform/errors.ts'
import { type SourceRow, sourceRowJson } from './source-row.ts'

/**
 * Reads a source. A publishable key sees only what was made with it.
 * @throws ApiError `not_found`, also for another merchant's (I11)
 */
export async function readSource(sql: Sql, visibleTo: Viewer, sourceId: string): Promise<SourceRow> {
  const [row] = await sql<{ source: SourceRow }>(
    `select ${sourceRowJson('s')} as source from sources s
     where s.id = $1 and ${visibleSql('s', '$2', '$3')}`,
    [sourceId, ...viewerParams(visibleTo)],
  )
  if (!row) throw sourceNotFound(sourceId, 'id')
  return row.source
}

/** Reads a merchant's source and keeps it as it is until the end of the transaction. @throws ApiError `not_found` */
export async function lockSource(
  sql: Sql,
  { merchantId, sourceId }: { merchantId: string; sourceId: string },
): Promise<SourceRow> {
  const [row] = await sql<{ source: SourceRow }>(
    `select ${sourceRowJson('s')} as source from sources s where s.id = $1 and s.merchant_id = $2 for update`,
    [sourceId, merchantId],
  )
  if (!row) throw sourceNotFound(sourceId, 'sourceId')
  return row.source
}

export const sourceNotFound = (sourceId: string, parameter: string) =>
  new ApiError('not_found', { message: `Source ${sourceId} not found`, parameter })
