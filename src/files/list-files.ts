import type { Sql } from '../database/database.ts'
import { type Page, readPage } from '../database/page.ts'
import type { StoredFile } from './files.ts'

/** A stored file as its owner's list shows it. */
export type ListedFile = Pick<StoredFile, 'id' | 'filename' | 'size' | 'contentType'> & { createdAt: Date }

/** The files a merchant has uploaded to sell them, newest first: ids sort by time. */
export async function listFiles(
  on: Sql,
  merchantId: string,
  page: Page,
): Promise<{ hasMore: boolean; files: ListedFile[] }> {
  const { hasMore, rows } = await readPage(on, page, 'f.id', (db) =>
    db
      .selectFrom('files as f')
      .select((f) => [
        'f.id',
        'f.filename',
        f.ref('f.size').$notNull().as('size'),
        f.ref('f.content_type').$notNull().as('contentType'),
        'f.created_at as createdAt',
      ])
      .where('f.merchant_id', '=', merchantId)
      .where('f.state', '=', 'stored')
      .where('f.purpose', 'is', null)
      .where('f.storage_key', 'not like', 'pictures/%'),
  )
  return { hasMore, files: rows }
}
