import type { Sql } from '../database/database.ts'
import type { StoredFile } from './files.ts'

/** A stored file as its owner's list shows it. */
export type ListedFile = Pick<StoredFile, 'id' | 'filename' | 'size' | 'contentType'> & { createdAt: string }

/** The files a merchant has uploaded to sell them, newest first: ids sort by time. */
export async function listFiles(
  sql: Sql,
  merchantId: string,
  page: { limit: number; startingAfter?: string | undefined },
): Promise<{ hasMore: boolean; files: ListedFile[] }> {
  const rows = await sql<ListedFile>(
    `select id, filename, size, content_type as "contentType", created_at as "createdAt" from files
     where merchant_id = $1 and state = 'stored' and purpose is null and ($2::text is null or id < $2) order by id desc limit $3`,
    [merchantId, page.startingAfter ?? null, page.limit + 1],
  )
  return { hasMore: rows.length > page.limit, files: rows.slice(0, page.limit) }
}
