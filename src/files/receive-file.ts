import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { insertRows, type NewRow, type Runs, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { FilePurpose } from './file.entity.ts'
import { cleanFilename } from './filename.ts'
import type { FileParts } from './files.ts'
import { headBytes, recognizeFile } from './recognize-file.ts'

/** A file on its way in. */
export type IncomingFile = {
  merchantId: string
  /** As the sender says; shown, never used as a path. */
  filename: string
  declaredType: string
  content: AsyncIterable<Uint8Array>
  /** Who may read it: `uploads` its owner and who has bought it, `pictures` anybody. */
  folder?: 'uploads' | 'pictures'
}

/** A file whose content is stored and whose row is pending: {@link keepFile} it or {@link discardFile} it. */
export type ReceivedFile = {
  id: string
  storageKey: string
  filename: string
  size: number
  contentType: string
  sha256: string
}

const insertPending = statement<{ file: NewRow<'files'> }>()((_, $) => insertRows('files', $.file))

/**
 * Streams a file into the storage, in bounded memory. Its row is there before its content, so that a crash in between leaves
 * nothing nobody knows of. Whatever fails, also the sender's connection, leaves neither content nor row.
 * @throws ApiError `file_required` when it is empty, `file_too_large`, `file_type_mismatch`, `file_type_refused`
 */
export async function receiveFile(parts: FileParts, incoming: IncomingFile): Promise<ReceivedFile> {
  const filename = cleanFilename(incoming.filename)
  const { head, content } = await peek(incoming.content)
  if (head.length === 0) throw new ApiError('file_required')
  const recognized = await recognizeFile({ head, filename, declaredType: incoming.declaredType })
  if (recognized.outcome === 'mismatch') throw new ApiError('file_type_mismatch')
  if (recognized.outcome === 'refused') throw new ApiError('file_type_refused')
  const { contentType } = recognized

  const id = newId('file')
  const storageKey = `${incoming.folder ?? 'uploads'}/${incoming.merchantId}/${id}`
  await insertPending(parts.database, {
    file: {
      id,
      merchant_id: incoming.merchantId,
      storage_key: storageKey,
      filename,
      state: 'pending',
      live_mode: false,
    },
  })
  try {
    const measured = measure(content, parts.config.uploadMaxBytes)
    await parts.files.storage.put(storageKey, measured.content, { contentType })
    return { id, storageKey, filename, contentType, ...measured.result() }
  } catch (error) {
    await discardFile(parts, { id, storageKey })
    throw error
  }
}

/** What a file is kept as; without a purpose it can be sold. */
export type FileLabels = { filename?: string; purpose?: FilePurpose; title?: string | undefined; liveMode?: boolean }

type Kept = {
  id: string
  size: number
  contentType: string
  sha256: string
  purpose: FilePurpose | null
  title: string | null
  liveMode: boolean
  filename: string
}

const keep = statement<Kept>()((db, $) =>
  db
    .updateTable('files')
    .set({
      state: 'stored',
      size: $.size,
      content_type: $.contentType,
      sha256: $.sha256,
      purpose: $.purpose,
      title: $.title,
      live_mode: $.liveMode,
      filename: $.filename,
    })
    .where('id', '=', $.id)
    .where('state', '=', 'pending')
    .returning('id'),
)

/** Makes a received file one that can be used. */
export async function keepFile(
  { database }: { database: Runs },
  file: ReceivedFile,
  labels: FileLabels = {},
): Promise<void> {
  const kept = await keep(database, {
    id: file.id,
    size: file.size,
    contentType: file.contentType,
    sha256: file.sha256,
    purpose: labels.purpose ?? null,
    title: labels.title ?? null,
    liveMode: labels.liveMode ?? false,
    filename: labels.filename === undefined ? file.filename : cleanFilename(labels.filename),
  })
  if (kept.length === 0) throw new Error('the pending row of a received file is gone')
}

const removePending = statement<{ id: string }>()((db, $) =>
  db.deleteFrom('files').where('id', '=', $.id).where('state', '=', 'pending'),
)

/** Removes a received file that is not wanted after all; the row goes last, so that what fails is swept later. */
export async function discardFile(parts: FileParts, file: Pick<ReceivedFile, 'id' | 'storageKey'>): Promise<void> {
  await parts.files.storage.delete(file.storageKey)
  await removePending(parts.database, { id: file.id })
}

const sweepBatch = 100

const findLeft = statement()((db) =>
  db
    .selectFrom('files')
    .select(['id', 'storage_key as storageKey'])
    .where('state', '=', 'pending')
    .where('created_at', '<', sql<Date>`now() - interval '1 day'`)
    .orderBy('created_at')
    .limit(sweepBatch),
)

/** Removes what crashes in the middle of an upload have left: pending for a day. Returns how many. */
export async function sweepPendingFiles(parts: FileParts): Promise<number> {
  const left = await findLeft(parts.database, {})
  for (const file of left) await discardFile(parts, file)
  return left.length
}

/** The beginning of a stream, and the whole of it again. */
async function peek(
  source: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; content: AsyncIterable<Uint8Array> }> {
  const chunks = source[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  let bytes = 0
  while (bytes < headBytes) {
    const { done, value } = await chunks.next()
    if (done) break
    read.push(value)
    bytes += value.length
  }
  const beginning = Buffer.concat(read)
  async function* whole() {
    yield beginning
    yield* { [Symbol.asyncIterator]: () => chunks }
  }
  return { head: beginning.subarray(0, headBytes), content: whole() }
}

/** Counts and hashes a stream while it passes, and ends it with `file_too_large` at the first byte too many. */
function measure(source: AsyncIterable<Uint8Array>, maxBytes: number) {
  const hash = createHash('sha256')
  let size = 0
  async function* content() {
    for await (const chunk of source) {
      size += chunk.length
      if (size > maxBytes) throw new ApiError('file_too_large')
      hash.update(chunk)
      yield chunk
    }
  }
  return { content: content(), result: () => ({ size, sha256: hash.digest('hex') }) }
}
