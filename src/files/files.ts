import { expressionBuilder } from 'kysely'
import type { Database, Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import { createSigner, type Signer } from '../platform/signing.ts'
import { diskStorage } from './storage/disk.ts'
import { s3Storage } from './storage/s3.ts'
import type { ByteRange, FileStorage } from './storage.ts'

/** What dealing with files needs: where contents are kept, and what signs short-lived downloads and lasting links. */
export type Files = { storage: FileStorage; downloadSigner: Signer; linkSigner: Signer }

export type FileParts = { config: Config; database: Pick<Database, 'sql' | 'transaction'>; files: Files }

/** Made once per process: the bucket when one is configured, else the data folder. Nothing is read or connected yet. */
export const createFiles = (config: Config): Files => ({
  storage: config.s3 ? s3Storage(config.s3) : diskStorage(config.dataDir),
  downloadSigner: createSigner(config, 'download'),
  linkSigner: createSigner(config, 'file-link'),
})

/** A stored file. `size` in bytes, `contentType` by its content. */
export type StoredFile = {
  id: string
  merchantId: string
  storageKey: string
  filename: string
  size: number
  contentType: string
  sha256: string
}

const f = expressionBuilder<{ f: Tables['files'] }, 'f'>()

/** What a {@link StoredFile} is selected by, of `files as f`. One that is pending has no size yet. */
export const storedFile = [
  f.ref('f.id').as('id'),
  f.ref('f.merchant_id').as('merchantId'),
  f.ref('f.storage_key').as('storageKey'),
  f.ref('f.filename').as('filename'),
  f.ref('f.size').$notNull().as('size'),
  f.ref('f.content_type').$notNull().as('contentType'),
  f.ref('f.sha256').$notNull().as('sha256'),
]

const read = statement<{ merchantId: string; fileId: string }>()((db, $) =>
  db
    .selectFrom('files as f')
    .select(storedFile)
    .where('f.id', '=', $.fileId)
    .where('f.merchant_id', '=', $.merchantId)
    .where('f.state', '=', 'stored'),
)

/** A merchant's own stored file. @throws ApiError `not_found`, also for another merchant's */
export async function readFile(on: Sql, owner: { merchantId: string; fileId: string }): Promise<StoredFile> {
  const [file] = await read(on, owner)
  if (!file) throw new ApiError('not_found')
  return file
}

/** The content of a stored file or a part of it. @throws ApiError `not_found` when the storage has lost it */
export async function openFile(
  { files }: Pick<FileParts, 'files'>,
  file: Pick<StoredFile, 'storageKey'>,
  range?: ByteRange,
): Promise<ReadableStream<Uint8Array>> {
  const opened = await files.storage.open(file.storageKey, range)
  if (!opened) throw new ApiError('not_found')
  return opened.stream
}

/** Where the electronic invoice of a document's PDF is read. */
export const eInvoiceUrl = (publicUrl: string, fileId: string): string => `${publicUrl}/v2/files/${fileId}/e-invoice`

/** Where a file's content is, for its owner's secret key only. */
export const fileContentUrl = (publicUrl: string, fileId: string): string =>
  `${publicUrl.replace(/\/+$/, '')}/files/${fileId}/content`

const pathOfFile = /^\/(?:api\/)?v2\/digital\/files\/(file_[0-9a-z]{26})$/

/** The address of an uploaded file that a product holds as its `delivery_content`. It opens for its owner only. */
export const fileUrl = ({ config }: Pick<FileParts, 'config'>, fileId: string): string =>
  `${config.publicUrl.replace(/\/+$/, '')}/v2/digital/files/${fileId}`

/** The file that {@link fileUrl} names; undefined for every other address, such as the seller's own cloud storage. */
export function fileIdOfUrl({ config }: Pick<FileParts, 'config'>, url: string): string | undefined {
  const base = config.publicUrl.replace(/\/+$/, '')
  const path = url.startsWith(`${base}/`) ? url.slice(base.length) : url
  return pathOfFile.exec(path)?.[1]
}
