import type { Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import type { FilePurpose } from './file.entity.ts'
import { type FileLink, fileLinkJson } from './file-links.ts'
import type { FileParts, StoredFile } from './files.ts'
import { discardFile } from './receive-file.ts'

/** A stored file with its links, as its owner sees it. */
export type FileView = Pick<StoredFile, 'id' | 'filename' | 'size' | 'contentType'> & {
  purpose: FilePurpose | null
  title: string | null
  liveMode: boolean
  createdAt: string
  links: FileLink[]
}

export type FileFilter = {
  ids?: readonly string[] | undefined
  purpose?: FilePurpose | undefined
  fileName?: string | undefined
  title?: string | undefined
  size?: number | undefined
}

const viewSql = `
  select f.id, f.filename, f.size, f.content_type as "contentType", f.purpose, f.title, f.live_mode as "liveMode", f.created_at as "createdAt",
    (select coalesce(json_agg(${fileLinkJson('l')} order by l.id desc), '[]') from file_links l where l.file_id = f.id) as links
  from files f`

/** A merchant's own file. @throws ApiError `not_found`, also for another merchant's (I11) */
export async function readFileView(sql: Sql, merchantId: string, id: string): Promise<FileView> {
  const [file] = await sql<FileView>(`${viewSql} where f.id = $1 and f.merchant_id = $2 and f.state = 'stored'`, [
    id,
    merchantId,
  ])
  if (!file) throw new ApiError('not_found')
  return file
}

/** A merchant's files, uploads and documents, newest first: ids sort by time. */
export async function listFileViews(
  sql: Sql,
  merchantId: string,
  filter: FileFilter,
  page: { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined },
): Promise<{ hasMore: boolean; files: FileView[] }> {
  const backwards = page.endingBefore !== undefined
  const params: unknown[] = [merchantId, page.limit + 1]
  // Only what is asked for stands in the statement: plans are made without looking at values.
  const where = ['f.merchant_id = $1', `f.state = 'stored'`]
  const narrow = (condition: (parameter: string) => string, value: unknown) => {
    if (value !== undefined) where.push(condition(`$${params.push(value)}`))
  }
  narrow((ids) => `f.id = any(${ids}::text[])`, filter.ids)
  narrow((purpose) => `f.purpose = ${purpose}`, filter.purpose)
  narrow((name) => `f.filename = ${name}`, filter.fileName)
  narrow((title) => `f.title = ${title}`, filter.title)
  narrow((size) => `f.size = ${size}`, filter.size)
  if (backwards) narrow((id) => `f.id > ${id}`, page.endingBefore)
  else narrow((id) => `f.id < ${id}`, page.startingAfter)
  const rows = await sql<FileView>(
    `${viewSql} where ${where.join(' and ')} order by f.id ${backwards ? 'asc' : 'desc'} limit $2`,
    params,
  )
  const files = rows.slice(0, page.limit)
  return { hasMore: rows.length > page.limit, files: backwards ? files.toReversed() : files }
}

/**
 * Removes a file and its links. What was issued or sold stays.
 * @throws ApiError `not_found`; `in_use` for an invoice or credit memo, and for what a product or a delivery hands over
 */
export async function deleteFile(parts: FileParts, merchantId: string, id: string): Promise<void> {
  const file = await parts.database.transaction(async ({ sql }) => {
    const [locked] = await sql<{ id: string; storageKey: string }>(
      `select id, storage_key as "storageKey" from files where id = $1 and merchant_id = $2 and state = 'stored' for update`,
      [id, merchantId],
    )
    if (!locked) throw new ApiError('not_found')
    const [use] = await sql<{ used: boolean }>(
      `select exists (select 1 from order_documents where file_id = $1)
         or exists (select 1 from skus where delivery ->> 'content' like '%' || $1 || '%')
         or exists (select 1 from deliveries where content like '%' || $1 || '%') as used`,
      [id],
    )
    if (use?.used) throw new ApiError('in_use')
    // Pending, it is swept when this process dies before its content is gone.
    await sql(
      `with gone as (delete from file_links where file_id = $1) update files set state = 'pending' where id = $1`,
      [id],
    )
    return locked
  })
  await discardFile(parts, file)
}
