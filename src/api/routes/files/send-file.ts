import type { Context } from 'hono'
import { attachment } from '../../../files/filename.ts'
import { type FileParts, openFile, type StoredFile } from '../../../files/files.ts'
import { requestedRange } from '../../../files/range.ts'
import { ApiError } from '../../../platform/errors.ts'

/** A file and the name it is saved under. */
export type Sendable = { file: StoredFile; filename: string }

/** Hono gives HEAD to the handlers of GET too. */
export const isHead = (c: Context): boolean => c.req.raw.method === 'HEAD'

/**
 * Answers with a file's content or the part that `Range` asks for, or sends on to the bucket it is kept in.
 * @throws ApiError `invalid_range`, `not_found` when the storage has lost it
 */
export async function sendFile(c: Context, parts: FileParts, sendable: Sendable): Promise<Response> {
  c.header('cache-control', 'private, no-store')
  // An address signed for GET does not answer HEAD, so that one is always answered here.
  if (isHead(c)) return sendHead(c, sendable)
  const { storage } = parts.files
  if (!storage.signedUrl) return sendContent(c, parts, sendable)
  const { file, filename } = sendable
  const url = await storage.signedUrl(file.storageKey, {
    disposition: attachment(filename),
    contentType: file.contentType,
    seconds: parts.config.downloadUrlSeconds,
  })
  return c.redirect(url, 302)
}

/** Nothing in it is run or shown by a browser, whatever it is. */
const headersOf = ({ file, filename }: Sendable) => ({
  'content-type': file.contentType,
  'content-disposition': attachment(filename),
  'accept-ranges': 'bytes',
  etag: etagOf(file),
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
})

const etagOf = (file: StoredFile): string => `"${file.sha256}"`

const sendHead = (c: Context, sendable: Sendable) =>
  c.body(null, 200, { ...headersOf(sendable), 'content-length': String(sendable.file.size) })

async function sendContent(c: Context, parts: FileParts, sendable: Sendable): Promise<Response> {
  const { file } = sendable
  const wanted = requestedRange(file.size, {
    range: c.req.header('range'),
    ifRange: c.req.header('if-range'),
    etag: etagOf(file),
  })
  if (wanted.outcome === 'unsatisfiable') {
    c.header('content-range', `bytes */${file.size}`)
    throw new ApiError('invalid_range')
  }
  if (wanted.outcome === 'whole') {
    const headers = { ...headersOf(sendable), 'content-length': String(file.size) }
    return c.body(await openFile(parts, file), 200, headers)
  }
  const { start, end } = wanted.range
  return c.body(await openFile(parts, file, wanted.range), 206, {
    ...headersOf(sendable),
    'content-length': String(end - start + 1),
    'content-range': `bytes ${start}-${end}/${file.size}`,
  })
}
