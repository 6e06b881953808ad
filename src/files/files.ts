import type { Database, Sql } from '../database/database.ts'
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

export const fileColumns = `f.id, f.merchant_id as "merchantId", f.storage_key as "storageKey", f.filename, f.size,
  f.content_type as "contentType", f.sha256`

/** A merchant's own stored file. @throws ApiError `not_found`, also for another merchant's (I11) */
export async function readFile(sql: Sql, owner: { merchantId: string; fileId: string }): Promise<StoredFile> {
  const [file] = await sql<StoredFile>(
    `select ${fileColumns} from files f where f.id = $1 and f.merchant_id = $2 and f.state = 'stored'`,
    [owner.fileId, owner.merchantId],
  )
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

/** Where a file's content is, for its owner's secret key only (R205). */
export const fileContentUrl = (publicUrl: string, fileId: string): string =>
  `${publicUrl.replace(/\/+$/, '')}/files/${fileId}/content`

const pathOfFile = /^\/(?:api\/)?v2\/digital\/files\/(file_[0-9a-z]{26})$/

/** The address of an uploaded file that a product holds as its `delivery_content` (R268). It opens for its owner only. */
export const fileUrl = ({ config }: Pick<FileParts, 'config'>, fileId: string): string =>
  `${config.publicUrl.replace(/\/+$/, '')}/v2/digital/files/${fileId}`

/** The file that {@link fileUrl} names; undefined for every other address, such as the seller's own cloud storage. */
export function fileIdOfUrl({ config }: Pick<FileParts, 'config'>, url: string): string | undefined {
  const base = config.publicUrl.replace(/\/+$/, '')
  const path = url.startsWith(`${base}/`) ? url.slice(base.length) : url
  return pathOfFile.exec(path)?.[1]
}
