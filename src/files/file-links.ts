import { expressionBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { now, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { type FileParts, readFile, type StoredFile, storedFile } from './files.ts'

const l = expressionBuilder<{ l: Tables['file_links'] }, 'l'>()

const columns = {
  id: l.ref('l.id'),
  fileId: l.ref('l.file_id'),
  expiresAt: l.ref('l.expires_at'),
  metadata: l.ref('l.metadata'),
  liveMode: l.ref('l.live_mode'),
  createdAt: l.ref('l.created_at'),
}
const selected = [
  columns.id.as('id'),
  columns.fileId.as('fileId'),
  columns.expiresAt.as('expiresAt'),
  columns.metadata.as('metadata'),
  columns.liveMode.as('liveMode'),
  columns.createdAt.as('createdAt'),
]

/** A public address of a file, as its owner sees it. */
export type FileLink = {
  id: string
  fileId: string
  expiresAt: Date | string
  metadata: Record<string, string | number | boolean> | null
  liveMode: boolean
  createdAt: Date | string
}

const defaultDays = 30

/** A {@link FileLink} as one JSON object, of `file_links as l`. */
export const fileLink = jsonBuildObject(columns)

/** Where a link is downloaded without credentials: its token cannot be guessed from its id. */
export const fileLinkUrl = (parts: UrlParts, linkId: string): string => `${linkUrl(parts, linkId)}/content`

/** Where the electronic invoice of a linked document is downloaded without credentials. */
export const linkedEInvoiceUrl = (parts: UrlParts, linkId: string): string => `${linkUrl(parts, linkId)}/e-invoice`

type UrlParts = Pick<FileParts, 'config' | 'files'>

const linkUrl = ({ config, files }: UrlParts, linkId: string): string =>
  `${config.publicUrl.replace(/\/+$/, '')}/file-links/${files.linkSigner.sign(linkId)}`

type NewLink = {
  id: string
  fileId: string
  merchantId: string
  expiresAt: string | null
  metadata: FileLink['metadata']
  liveMode: boolean
}

const insertLink = statement<NewLink>()((db, $) =>
  db
    .with('l', (db) =>
      db
        .insertInto('file_links')
        .values({
          id: $.id,
          file_id: $.fileId,
          merchant_id: $.merchantId,
          expires_at: sql`coalesce(${$.expiresAt.typed('timestamptz')}, now() + make_interval(days => ${sql.lit(defaultDays)}))`,
          metadata: $.metadata.json,
          live_mode: $.liveMode,
        })
        .returningAll(),
    )
    .selectFrom('l')
    .select(selected),
)

/**
 * Makes a link to a file of the caller's; without a time it lives for thirty days.
 * @throws ApiError `not_found` naming `fileId`, `invalid_parameter` for a time that is past
 */
export async function createFileLink(
  on: { sql: Sql },
  input: {
    merchantId: string
    fileId: string
    liveMode: boolean
    expiresAt?: string | undefined
    metadata?: FileLink['metadata'] | undefined
  },
): Promise<FileLink> {
  requireFuture(input.expiresAt)
  await readFile(on.sql, input).catch((error: unknown) => {
    throw error instanceof ApiError ? new ApiError(error.code, { parameter: 'fileId' }) : error
  })
  const [link] = await insertLink(on, {
    id: newId('fileLink'),
    fileId: input.fileId,
    merchantId: input.merchantId,
    expiresAt: input.expiresAt ?? null,
    metadata: input.metadata ?? null,
    liveMode: input.liveMode,
  })
  return found(link)
}

type Target = { merchantId: string; id: string }

const read = statement<Target>()((db, $) =>
  db.selectFrom('file_links as l').select(selected).where('l.id', '=', $.id).where('l.merchant_id', '=', $.merchantId),
)

/** @throws ApiError `not_found` */
export async function readFileLink(on: Sql, merchantId: string, id: string): Promise<FileLink> {
  const [link] = await read(on, { merchantId, id })
  return found(link)
}

/** A merchant's links, newest first: ids sort by time. */
export async function listFileLinks(
  on: Sql,
  merchantId: string,
  filter: {
    fileId?: string | undefined
    expired?: boolean | undefined
    ids?: readonly string[] | undefined
    created?: Period | undefined
  },
  page: Page,
): Promise<{ hasMore: boolean; links: FileLink[] }> {
  const { hasMore, rows } = await readPage(on, page, 'l.id', (db) =>
    db
      .selectFrom('file_links as l')
      .select(selected)
      .where('l.merchant_id', '=', merchantId)
      .where((link) =>
        link.and([
          ...ifGiven(filter.fileId, (fileId) => link('l.file_id', '=', fileId)),
          ...ifGiven(filter.expired, (expired) =>
            expired ? link('l.expires_at', '<=', now) : link('l.expires_at', '>', now),
          ),
          ...madeWithin('l', 'fileLink', filter.created),
          ...ifGiven(filter.ids, (ids) => link('l.id', '=', link.fn.any(link.val(ids)))),
        ]),
      ),
  )
  return { hasMore, links: rows }
}

const setEnd = statement<Target & { expiresAt: string }>()((db, $) =>
  db
    .updateTable('file_links as l')
    .set({ expires_at: sql<Date>`${$.expiresAt.typed('timestamptz')}` })
    .where('l.id', '=', $.id)
    .where('l.merchant_id', '=', $.merchantId)
    .returning(selected),
)

/** Lets a link live until another time. @throws ApiError `not_found`, `invalid_parameter` for a time that is past */
export async function updateFileLink(
  on: { sql: Sql },
  merchantId: string,
  id: string,
  expiresAt: string,
): Promise<FileLink> {
  requireFuture(expiresAt)
  const [link] = await setEnd(on, { merchantId, id, expiresAt })
  return found(link)
}

const remove = statement<Target>()((db, $) =>
  db.deleteFrom('file_links').where('id', '=', $.id).where('merchant_id', '=', $.merchantId).returning('id'),
)

/** Takes a link back: its address is gone. @throws ApiError `not_found` */
export async function deleteFileLink(on: Sql, merchantId: string, id: string): Promise<void> {
  const [deleted] = await remove(on, { merchantId, id })
  found(deleted)
}

const readLinked = statement<{ id: string | null }>()((db, $) =>
  db
    .selectFrom('file_links as l')
    .innerJoin('files as f', 'f.id', 'l.file_id')
    .select(storedFile)
    .select((link) => link('l.expires_at', '<=', now).as('expired'))
    .where('l.id', '=', $.id)
    .where('f.state', '=', 'stored'),
)

/**
 * The file behind a link's token, for whoever has it.
 * @throws ApiError `not_found` for a token that is not ours or a link that was taken back, `download_expired`
 */
export async function openFileLink({ database, files }: FileParts, token: string): Promise<StoredFile> {
  const [file] = await readLinked(database, { id: files.linkSigner.open(token) ?? null })
  if (!file) throw new ApiError('not_found')
  if (file.expired) throw new ApiError('download_expired')
  return file
}

function requireFuture(expiresAt: string | undefined): void {
  if (expiresAt === undefined || Date.parse(expiresAt) > Date.now()) return
  throw new ApiError('invalid_parameter', { message: 'expiresTime: must be in the future.', parameter: 'expiresTime' })
}

function found<T>(row: T | undefined): T {
  if (row === undefined) throw new ApiError('not_found')
  return row
}
