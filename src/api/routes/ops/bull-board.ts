import { createBoards } from '../../../../queues/board.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import { pageHeaders } from '../../pages/page.ts'
import type { ApiParts } from '../../route-dependencies.ts'

const basePath = '/ops/queues'

/**
 * Bull Board at `/ops/queues`, for operators. Read-only until the operator allows changes for 15 minutes on `/ops`;
 * every change that is made is logged with who made it.
 */
export function registerBullBoard(app: ApiApp, parts: ApiParts): void {
  const boards = createBoards(parts.queues, basePath)
  const headers = pageHeaders(boards.contentSecurityPolicy)

  app.all(`${basePath}/*`, requireOperator(parts), async (c) => {
    if (c.req.path === `${basePath}/`) return c.redirect(basePath, 301)
    const operator = c.get('operator')
    const changes = c.req.method !== 'GET' && c.req.method !== 'HEAD'
    if (changes && operator.confirmedUntil === null) {
      throw new ApiError('forbidden', { message: 'Bull Board is read-only. Allow changes on the page /ops first.' })
    }
    const board = changes || operator.confirmedUntil !== null ? boards.writable : boards.readOnly
    const answer = await board.fetch(c.req.raw).catch((error: unknown) => {
      throw redisIsDown(error)
        ? new ApiError('database_unavailable', {
            message: 'Redis does not answer. Nothing is lost; try again shortly.',
            cause: error,
          })
        : error
    })
    // Bull Board's own refusals are JSON with the keys its page translates; a path it does not know is ours to answer.
    if (answer.status === 404 && !answer.headers.get('content-type')?.includes('json')) throw new ApiError('not_found')
    if (changes)
      parts.log.info({ operatorId: operator.userId, path: c.req.path, status: answer.status }, 'Bull Board change')
    const out = new Response(answer.body, answer)
    for (const [name, value] of Object.entries(headers)) out.headers.set(name, value)
    if (hashedAsset.test(c.req.path)) out.headers.set('cache-control', 'private, max-age=31536000, immutable')
    return out
  })
}

/** Files whose name changes with their content. */
const hashedAsset = /^\/ops\/queues\/static\/(?:js|css)\/.*\.[0-9a-f]{10}\.(?:js|css)$/

const redisIsDown = (error: unknown) =>
  error instanceof Error &&
  /ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|timed out|isn't writeable|Connection is closed|max retries per request/i.test(
    `${'code' in error ? String(error.code) : ''} ${error.message}`,
  )
