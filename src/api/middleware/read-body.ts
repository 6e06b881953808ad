import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { ApiError } from '../../platform/errors.ts'

const kibibyte = 1024
const maxBodyBytes = 1024 * kibibyte
/** A body that is too large is read to its end up to this size, so that its sender gets the answer and not a lost connection. */
const maxDiscardedBytes = 32 * maxBodyBytes

/** What strangers and browsers send is short, and a form with a picture is long; everything else may have 1 MiB. */
const limits: readonly (readonly [prefix: string, maxBytes: number])[] = [
  ['/v2/public/', 16 * kibibyte],
  ['/c/', 16 * kibibyte],
  ['/v2/sessions', 16 * kibibyte],
  ['/ops/login', 16 * kibibyte],
  ['/dashboard/login', 16 * kibibyte],
  ['/v2/carts', 256 * kibibyte],
  ['/dashboard/brand', 12 * maxBodyBytes],
  ['/dashboard/disputes/', 6 * maxBodyBytes],
  ['/dashboard/new-goods', 12 * maxBodyBytes],
  ['/dashboard/products/', 12 * maxBodyBytes],
]

/** Have limits of their own. */
const uploadPaths = [
  '/v2/digital/upload',
  '/dashboard/files',
  '/v2/ops/denied-persons',
  '/ops/audit/statements',
  '/v2/tax-rates',
]

/** Refuses bodies over the limit of their route before anything reads them. */
export const limitBody = createMiddleware(async (c, next) => {
  if (uploadPaths.includes(c.req.path)) return next()
  // These may also come in JSON, where they are held in memory.
  if (c.req.path === '/v2/settlements' && /^text\/csv\b/i.test(c.req.header('content-type') ?? '')) return next()
  if (c.req.path === '/v2/files' && /^multipart\//i.test(c.req.header('content-type') ?? '')) return next()
  const maxBytes = limits.find(([prefix]) => c.req.path.startsWith(prefix))?.[1] ?? maxBodyBytes
  const declared = c.req.header('content-length')
  if (declared === undefined) return limitUndeclared(maxBytes)(c, next)
  if (Number(declared) > maxBytes) {
    await discard(c.req.raw.body)
    throw new ApiError('payload_too_large')
  }
  await next()
})

const limitUndeclared = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new ApiError('payload_too_large')
    },
  })

async function discard(body: ReadableStream<Uint8Array> | null): Promise<void> {
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > maxDiscardedBytes) return
  }
}

/** Takes a JSON body sent as `text/plain` for JSON, as Digital River's clients send it. */
export const acceptPlainTextJson = createMiddleware(async (c, next) => {
  if (c.req.header('content-type')?.startsWith('text/plain')) {
    const headers = new Headers(c.req.raw.headers)
    headers.set('content-type', 'application/json')
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body: await c.req.text() })
  }
  await next()
})
