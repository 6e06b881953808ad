import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { attachment } from '../../../documents/filename.ts'
import { type FileParts, openFile } from '../../../documents/files.ts'
import { type Download, openDownload } from '../../../documents/open-download.ts'
import { requestedRange } from '../../../documents/range.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { refusal } from '../../envelope.ts'
import type { ApiParts } from '../../parts.ts'

/** `GET /v2/downloads/{token}`: a signed, short-lived link to a file, counted once and resumable while it lasts. */
export function registerDownloadFile(app: ApiApp, parts: ApiParts & FileParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/downloads/{token}',
    tags: ['Digital products'],
    summary: 'Download a file by its signed link',
    security: [],
    request: { params: z.object({ token: z.string() }) },
    responses: {
      200: { description: 'The file, always as an attachment.' },
      206: { description: 'The part of it that `Range` asks for.' },
      302: { description: 'To the storage, where files are kept in a bucket.' },
      402: refusal('`order_not_paid`'),
      404: refusal('No link of ours, or its file is gone.'),
      410: refusal('`download_expired`, `download_limit_reached` or `delivery_revoked`'),
      416: refusal('`invalid_range`'),
    },
  })
  app.openAPIRegistry.registerPath(route)
  app.get('/v2/downloads/:token', async (c) => {
    // Hono gives HEAD to this handler too.
    const head = c.req.raw.method === 'HEAD'
    c.header('cache-control', 'private, no-store')
    const download = await openDownload(parts, c.req.param('token'), { count: !head })
    // An address signed for GET does not answer HEAD, so that one is always answered here.
    if (head) return sendHead(c, download)
    const { storage } = parts.files
    if (!storage.signedUrl) return sendContent(c, parts, download)
    const { file, filename } = download
    const url = await storage.signedUrl(file.storageKey, {
      disposition: attachment(filename),
      contentType: file.contentType,
      seconds: parts.config.downloadUrlSeconds,
    })
    return c.redirect(url, 302)
  })
}

/** Nothing in it is run or shown by a browser, whatever it is. */
const headersOf = ({ file, filename }: Download) => ({
  'content-type': file.contentType,
  'content-disposition': attachment(filename),
  'accept-ranges': 'bytes',
  etag: etagOf(file),
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
})

const etagOf = (file: Download['file']): string => `"${file.sha256}"`

const sendHead = (c: Context, download: Download) =>
  c.body(null, 200, { ...headersOf(download), 'content-length': String(download.file.size) })

async function sendContent(c: Context, parts: FileParts, download: Download): Promise<Response> {
  const { file } = download
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
    const headers = { ...headersOf(download), 'content-length': String(file.size) }
    return c.body(await openFile(parts, file), 200, headers)
  }
  const { start, end } = wanted.range
  return c.body(await openFile(parts, file, wanted.range), 206, {
    ...headersOf(download),
    'content-length': String(end - start + 1),
    'content-range': `bytes ${start}-${end}/${file.size}`,
  })
}
