import type { Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { type FileParts, fileColumns, readFile, type StoredFile } from './files.ts'

/** A public address of a file, as its owner sees it. */
export type FileLink = {
  id: string
  fileId: string
  expiresAt: string
  metadata: Record<string, string | number | boolean> | null
  liveMode: boolean
  createdAt: string
}

const columns = `l.id, l.file_id as "fileId", l.expires_at as "expiresAt", l.metadata, l.live_mode as "liveMode", l.created_at as "createdAt"`
const defaultDays = 30

/** A {@link FileLink} as one JSON object, for a table alias. */
export const fileLinkJson = (l: string) =>
  `json_build_object('id', ${l}.id, 'fileId', ${l}.file_id, 'expiresAt', ${l}.expires_at, 'metadata', ${l}.metadata,
    'liveMode', ${l}.live_mode, 'createdAt', ${l}.created_at)`

/** Where a link is downloaded without credentials (R211): its token cannot be guessed from its id. */
export const fileLinkUrl = ({ config, files }: Pick<FileParts, 'config' | 'files'>, linkId: string): string =>
  `${config.publicUrl.replace(/\/+$/, '')}/file-links/${files.linkSigner.sign(linkId)}/content`

/**
 * Makes a link to a file of the caller's (R210); without a time it lives for thirty days.
 * @throws ApiError `not_found` naming `fileId`, `invalid_parameter` for a time that is past
 */
export async function createFileLink(
  { sql }: { sql: Sql },
  input: {
    merchantId: string
    fileId: string
    liveMode: boolean
    expiresAt?: string | undefined
    metadata?: FileLink['metadata'] | undefined
  },
): Promise<FileLink> {
  requireFuture(input.expiresAt)
  await readFile(sql, input).catch((error: unknown) => {
    throw error instanceof ApiError ? new ApiError(error.code, { parameter: 'fileId' }) : error
  })
  const [link] = await sql<FileLink>(
    `insert into file_links as l (id, file_id, merchant_id, expires_at, metadata, live_mode)
     values ($1, $2, $3, coalesce($4::timestamptz, now() + make_interval(days => ${defaultDays})), $5::jsonb, $6)
     returning ${columns}`,
    [
      newId('fileLink'),
      input.fileId,
      input.merchantId,
      input.expiresAt ?? null,
      input.metadata ? JSON.stringify(input.metadata) : null,
      input.liveMode,
    ],
  )
  return found(link)
}

/** @throws ApiError `not_found` */
export async function readFileLink(sql: Sql, merchantId: string, id: string): Promise<FileLink> {
  const [link] = await sql<FileLink>(`select ${columns} from file_links l where id = $1 and merchant_id = $2`, [
    id,
    merchantId,
  ])
  return found(link)
}

/** A merchant's links, newest first: ids sort by time. */
export async function listFileLinks(
  sql: Sql,
  merchantId: string,
  filter: { fileId?: string | undefined; expired?: boolean | undefined; ids?: readonly string[] | undefined },
  page: { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined },
): Promise<{ hasMore: boolean; links: FileLink[] }> {
  const backwards = page.endingBefore !== undefined
  const rows = await sql<FileLink>(
    `select ${columns} from file_links l where merchant_id = $1 and ($2::text is null or file_id = $2)
       and ($3::boolean is null or (expires_at <= now()) = $3) and ($4::text[] is null or id = any($4))
       and ($5::text is null or id ${backwards ? '>' : '<'} $5) order by id ${backwards ? 'asc' : 'desc'} limit $6`,
    [
      merchantId,
      filter.fileId ?? null,
      filter.expired ?? null,
      filter.ids ?? null,
      page.endingBefore ?? page.startingAfter ?? null,
      page.limit + 1,
    ],
  )
  const links = rows.slice(0, page.limit)
  return { hasMore: rows.length > page.limit, links: backwards ? links.toReversed() : links }
}

/** Lets a link live until another time. @throws ApiError `not_found`, `invalid_parameter` for a time that is past */
export async function updateFileLink(
  { sql }: { sql: Sql },
  merchantId: string,
  id: string,
  expiresAt: string,
): Promise<FileLink> {
  requireFuture(expiresAt)
  const [link] = await sql<FileLink>(
    `update file_links l set expires_at = $3 where id = $1 and merchant_id = $2 returning ${columns}`,
    [id, merchantId, expiresAt],
  )
  return found(link)
}

/** Takes a link back: its address is gone. @throws ApiError `not_found` */
export async function deleteFileLink(sql: Sql, merchantId: string, id: string): Promise<void> {
  const deleted = await sql<{ id: string }>('delete from file_links where id = $1 and merchant_id = $2 returning id', [
    id,
    merchantId,
  ])
  found(deleted[0])
}

/**
 * The file behind a link's token, for whoever has it (R212).
 * @throws ApiError `not_found` for a token that is not ours or a link that was taken back, `download_expired`
 */
export async function openFileLink({ database, files }: FileParts, token: string): Promise<StoredFile> {
  const [file] = await database.sql<StoredFile & { expired: boolean }>(
    `select ${fileColumns}, l.expires_at <= now() as expired from file_links l join files f on f.id = l.file_id
     where l.id = $1 and f.state = 'stored'`,
    [files.linkSigner.open(token) ?? null],
  )
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
