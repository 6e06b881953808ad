import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { html } from 'hono/html'
import { statement } from '../../../database/statement.ts'
import { may } from '../../../operators/roles.ts'
import { ApiError } from '../../../platform/errors.ts'
import { gate } from '../../gates.ts'
import { checkSameOrigin, readSession } from '../../middleware/require-operator.ts'
import { localeOf } from '../../pages/locale.ts'
import { type Page, type PageStatus, sendPage } from '../../pages/page.ts'
import { flash } from '../../pages/seller/flash.ts'
import { frame, type Section } from '../../pages/seller/frame.ts'
import { rightFor } from './dashboard-rights.ts'
import type { PageEnv, PageParts } from './page-app.ts'

const readName = statement<{ merchantId: string }>()((db, $) =>
  db.selectFrom('merchants').select('name').where('id', '=', $.merchantId),
)

/**
 * Lets only a merchant's signed-in people pass, where their role allows it; everybody else is sent to the sign-in page.
 * Forms count only when they come from our own pages. @throws ApiError `forbidden`, `role_too_low`
 */
export const requireMember = (parts: PageParts) =>
  gate(
    ['seller'],
    createMiddleware<PageEnv>(async (c, next) => {
      const session = await readSession(c, parts)
      if (!session || session.merchantId === null) {
        const { pathname, search } = new URL(c.req.url)
        const wanted = c.req.method === 'GET' ? `?next=${encodeURIComponent(pathname + search)}` : ''
        return c.redirect(`/dashboard/login${wanted}`, 303)
      }
      checkSameOrigin(c, parts)
      // A NUL is in no id and no name, and Postgres would refuse the query.
      if (c.req.url.includes('%00')) throw new ApiError('not_found')
      const right = rightFor(c)
      if (right !== undefined && !may(session.role, right)) throw new ApiError('role_too_low')
      const [merchant] = await readName(parts.database, { merchantId: session.merchantId })
      c.set('member', {
        userId: session.userId,
        email: session.email,
        role: session.role,
        merchantId: session.merchantId,
        merchantName: merchant?.name ?? '',
        locale: localeOf(c.req.header('accept-language')),
      })
      return next()
    }),
  )

/** Answers with a page of the dashboard: its bar, the last form's message, the page. */
export const sendDashboard = (
  c: Context<PageEnv>,
  section: Section | undefined,
  page: Page,
  status: PageStatus = 200,
) =>
  sendPage(
    c,
    {
      ...page,
      site: c.get('member').merchantName,
      header: frame(c.get('member'), section),
      scripts: ['actions', ...(page.scripts ?? [])],
      body: html`${flash(c.req.query())}${page.body}`,
    },
    status,
  )
