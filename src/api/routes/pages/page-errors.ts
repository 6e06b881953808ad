import type { Context } from 'hono'
import { ApiError, isDatabaseDown } from '../../../platform/errors.ts'
import type { Log } from '../../../platform/log.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import { problemPage } from '../../pages/problem-page.ts'
import type { PageEnv } from './page-parts.ts'

/** Answers what a page throws with a page; on the dashboard `unauthorized` leads to the sign-in page. */
export const handlePageErrors =
  (log: Log) =>
  (error: Error, c: Context<PageEnv>): Response | Promise<Response> => {
    const known = toApiError(error)
    const onDashboard = /^\/dashboard(\/|$)/.test(c.req.path)
    if (known.status === 401 && onDashboard) return c.redirect('/dashboard/login', 303)
    if (known.status >= 500) {
      log.error({ requestId: c.get('requestId'), code: known.code, err: known.cause ?? error }, 'page failed')
    }
    if (known.status === 503) c.header('retry-after', '5')
    const back = onDashboard ? { href: '/dashboard', label: 'Back to the dashboard' } : undefined
    return sendPage(c, problemPage(known, back), known.status as PageStatus)
  }

function toApiError(error: Error): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError(isDatabaseDown(error) ? 'database_unavailable' : 'internal_server_error', { cause: error })
}
