import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { ApiError } from '../../platform/errors.ts'

const maxBodyBytes = 1024 * 1024

/** Refuses bodies over 1 MiB before they are read. */
export const limitBody = bodyLimit({
  maxSize: maxBodyBytes,
  onError: () => {
    throw new ApiError('payload_too_large')
  },
})

/** Takes a JSON body sent as `text/plain` for JSON, as Digital River's clients send it (R240). */
export const acceptPlainTextJson = createMiddleware(async (c, next) => {
  if (c.req.header('content-type')?.startsWith('text/plain')) {
    const headers = new Headers(c.req.raw.headers)
    headers.set('content-type', 'application/json')
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body: await c.req.text() })
  }
  await next()
})
