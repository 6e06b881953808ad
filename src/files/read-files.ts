import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { type db, jsonList, scalar, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import type { FilePurpose } from './file.entity.ts'
import { type FileLink, fileLink } from './file-links.ts'
import type { StoredFile } from './files.ts'

/** A stored file with its links, as its owner sees it. */
export type FileView = Pick<StoredFile, 'id' | 'filename' | 'size' | 'contentType'> & {
  purpose: FilePurpose | null
  title: string | null
  liveMode: boolean
  createdAt: Date
  links: FileLink[]
}

export type FileFilter = {
  ids?: readonly string[] | undefined
  purpose?: FilePurpose | undefined
  fileName?: string | undefined
  title?: string | undefined
  size?: number | undefined
  created?: Period | undefined
}

const selectViews = (from: typeof db) =>
  from.selectFrom('files as f').select((f) => [
    'f.id',
    'f.filename',
    f.ref('f.size').$notNull().as('size'),
    f.ref('f.content_type').$notNull().as('contentType'),
    'f.purpose',
    'f.title',
    'f.live_mode as liveMode',
    'f.created_at as createdAt',
    scalar(
      f
        .selectFrom('file_links as l')
        .select((l) => jsonList(fileLink, sql`${l.ref('l.id')} desc`).as('list'))
        .whereRef('l.file_id', '=', 'f.id'),
    ).as('links'),
  ])

const readOne = statement<{ merchantId: string; id: string }>()((db, $) =>
  selectViews(db).where('f.id', '=', $.id).where('f.merchant_id', '=', $.merchantId).where('f.state', '=', 'stored'),
)

/** A merchant's own file. @throws ApiError `not_found`, also for another merchant's */
export async function readFileView(on: Sql, merchantId: string, id: string): Promise<FileView> {
  const [file] = await readOne(on, { merchantId, id })
  if (!file) throw new ApiError('not_found')
  return file
}

/** A merchant's files, uploads and documents, newest first: ids sort by time. */
export async function listFileViews(
  on: Sql,
  merchantId: string,
  filter: FileFilter,
  page: Page,
): Promise<{ hasMore: boolean; files: FileView[] }> {
  const { hasMore, rows } = await readPage(on, page, 'f.id', (db) =>
    selectViews(db)
      .where('f.merchant_id', '=', merchantId)
      .where('f.state', '=', 'stored')
      .where((f) =>
        f.and([
          ...ifGiven(filter.ids, (ids) => f('f.id', '=', f.fn.any(f.val(ids)))),
          ...ifGiven(filter.purpose, (purpose) => f('f.purpose', '=', purpose)),
          ...ifGiven(filter.fileName, (name) => f('f.filename', '=', name)),
          ...ifGiven(filter.title, (title) => f('f.title', '=', title)),
          ...ifGiven(filter.size, (size) => f('f.size', '=', size)),
          ...madeWithin('f', 'file', filter.created),
        ]),
      ),
  )
  return { hasMore, files: rows }
}
