import type { Context } from 'hono'
import { findPublicLink } from '../../../links/public-link.ts'
import { readBrand } from '../../../merchants/brands.ts'
import type { ApiError, ErrorCode } from '../../../platform/errors.ts'
import { toApiError } from '../../middleware/handle-errors.ts'
import { branded } from '../../pages/buyer/branded.ts'
import { buyerProblemPage, type Refusal } from '../../pages/buyer/buyer-problem-page.ts'
import { localeOf } from '../../pages/locale.ts'
import { type Page, type PageStatus, sendPage } from '../../pages/page.ts'
import { problemPage } from '../../pages/problem-page.ts'
import type { PageParts } from './page-app.ts'

/** Answers what a page throws with a page; on the dashboard `unauthorized` leads to the sign-in page. */
export const handlePageErrors =
  ({ log, database }: Pick<PageParts, 'log' | 'database'>) =>
  async (error: Error, c: Context): Promise<Response> => {
    const known = toApiError(error)
    const onDashboard = /^\/dashboard(\/|$)/.test(c.req.path)
    if (known.status === 401 && onDashboard) return c.redirect('/dashboard/login', 303)
    if (known.status >= 500) {
      log.error({ requestId: c.get('requestId'), code: known.code, err: known.cause ?? error }, 'page failed')
    }
    if (known.status === 503) c.header('retry-after', '5')
    const page = isBuyers(c.req.path)
      ? await bySeller(c, database, buyerProblemPage(refusalOf(c.req.path, known), localeOfBuyer(c)), known)
      : problemPage(known, onDashboard ? { href: '/dashboard', label: 'Back to the dashboard' } : undefined)
    return sendPage(c, page, known.status as PageStatus)
  }

const isBuyers = (path: string): boolean => /^\/(c|o)(\/|$)/.test(path)

/** Whether what goes wrong at an address is told by a page. */
export const isPage = (path: string): boolean => isBuyers(path) || /^\/dashboard(\/|$)/.test(path)

const localeOfBuyer = (c: Context): string => localeOf(c.req.header('accept-language'))

/** What a buyer is told; from an order that does not exist there is no way back. */
function refusalOf(path: string, { code }: ApiError): Refusal {
  const order = code === 'not_found' ? undefined : /^(\/c\/[\w-]+\/order\/\w+)\/pay$/.exec(path)?.[1]
  return { code, onOffer: /^\/c\/[^/]+$/.test(path), order }
}

const nobodys: readonly ErrorCode[] = ['not_found', 'database_unavailable', 'internal_server_error']

/** As the page of the link's seller, where there is one that can be read: what does not exist is nobody's. */
async function bySeller(c: Context, { sql }: PageParts['database'], page: Page, { code }: ApiError): Promise<Page> {
  const slug = /^\/c\/([a-z0-9-]{1,64})(?:\/|$)/.exec(c.req.path)?.[1]
  if (slug === undefined || nobodys.includes(code)) return page
  try {
    const link = await findPublicLink(sql, slug)
    return link ? branded(page, await readBrand(sql, link.merchantId), localeOfBuyer(c)) : page
  } catch {
    // The refusal is told all the same, without a brand.
    return page
  }
}
