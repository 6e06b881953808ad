import type { Context } from 'hono'
import { findPublicLink } from '../../../links/public-link.ts'
import { readBrand } from '../../../merchants/brands.ts'
import type { ApiError } from '../../../platform/errors.ts'
import { toApiError } from '../../middleware/handle-errors.ts'
import { branded } from '../../pages/buyer/branded.ts'
import { isLinkProblem, linkProblemPage } from '../../pages/buyer/link-problem-page.ts'
import { localeOf } from '../../pages/locale.ts'
import { type Page, type PageStatus, sendPage } from '../../pages/page.ts'
import { problemPage } from '../../pages/problem-page.ts'
import type { PageEnv, PageParts } from './page-app.ts'

/** Answers what a page throws with a page; on the dashboard `unauthorized` leads to the sign-in page. */
export const handlePageErrors =
  ({ log, database }: Pick<PageParts, 'log' | 'database'>) =>
  async (error: Error, c: Context<PageEnv>): Promise<Response> => {
    const known = toApiError(error)
    const onDashboard = /^\/dashboard(\/|$)/.test(c.req.path)
    if (known.status === 401 && onDashboard) return c.redirect('/dashboard/login', 303)
    if (known.status >= 500) {
      log.error({ requestId: c.get('requestId'), code: known.code, err: known.cause ?? error }, 'page failed')
    }
    if (known.status === 503) c.header('retry-after', '5')
    if (/^\/c\/[^/]+$/.test(c.req.path) && isLinkProblem(known.code)) {
      const page = linkProblemPage(known.code, localeOf(c.req.header('accept-language')))
      return sendPage(c, await bySeller(c, database, page, known), known.status as PageStatus)
    }
    const page = problemPage(known, wayBack(c.req.path, known))
    return sendPage(c, await bySeller(c, database, page, known), known.status as PageStatus)
  }

/** As the page of the link's seller, where there is one: what does not exist is nobody's. Without the database it stays as it is. */
async function bySeller(
  c: Context,
  { sql }: PageParts['database'],
  page: Page,
  { code, status }: ApiError,
): Promise<Page> {
  const slug = /^\/c\/([a-z0-9-]{1,64})(?:\/|$)/.exec(c.req.path)?.[1]
  if (slug === undefined || code === 'not_found' || status >= 500) return page
  const link = await findPublicLink(sql, slug)
  return link ? branded(page, await readBrand(sql, link.merchantId), localeOf(c.req.header('accept-language'))) : page
}

/** Where to go on from a refusal; from an order that does not exist there is no way. */
function wayBack(path: string, { code }: ApiError) {
  if (/^\/dashboard(\/|$)/.test(path)) return { href: '/dashboard', label: 'Back to the dashboard' }
  const order = /^(\/c\/[\w-]+\/order\/\w+)\/pay$/.exec(path)?.[1]
  return order && code !== 'not_found' ? { href: order, label: 'Back to your order' } : undefined
}
