import type { Context } from 'hono'
import type { ApiError } from '../../../platform/errors.ts'
import type { Log } from '../../../platform/log.ts'
import { toApiError } from '../../middleware/handle-errors.ts'
import { isLinkProblem, linkProblemPage } from '../../pages/buyer/link-problem-page.ts'
import { localeOf } from '../../pages/locale.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import { problemPage } from '../../pages/problem-page.ts'
import type { PageEnv } from './page-app.ts'

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
    if (/^\/c\/[^/]+$/.test(c.req.path) && isLinkProblem(known.code)) {
      const page = linkProblemPage(known.code, localeOf(c.req.header('accept-language')))
      return sendPage(c, page, known.status as PageStatus)
    }
    return sendPage(c, problemPage(known, wayBack(c.req.path, known)), known.status as PageStatus)
  }

/** Where to go on from a refusal; from an order that does not exist there is no way. */
function wayBack(path: string, { code }: ApiError) {
  if (/^\/dashboard(\/|$)/.test(path)) return { href: '/dashboard', label: 'Back to the dashboard' }
  const order = /^(\/c\/[\w-]+\/order\/\w+)\/pay$/.exec(path)?.[1]
  return order && code !== 'not_found' ? { href: order, label: 'Back to your order' } : undefined
}
