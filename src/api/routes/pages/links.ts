import type { Context } from 'hono'
import { listLinks, readLink, updateLink } from '../../../links/links.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { linkListPage } from '../../pages/seller/link-pages.ts'
import { sendDashboard } from './dashboard-session.ts'
import { createLinkForm, toValues } from './link-form.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, readForm } from './page-form.ts'

const pageSize = 25

/** `/dashboard/links`: the addresses a seller sells by, and what each brought. */
export function registerLinks(app: PageApp, parts: PageParts): void {
  const form = createLinkForm(parts)
  const readOwn = (c: Context<PageEnv>) =>
    readLink(parts.database.em(), c.get('member').merchantId, c.req.param('id') ?? '')

  app.get('/dashboard/links', async (c) => {
    const after = c.req.query('after') || undefined
    const member = c.get('member')
    const { merchantId } = member
    const { hasMore, links } = await listLinks(parts.database.em(), merchantId, {
      limit: pageSize,
      startingAfter: after,
    })
    const older = hasMore ? links.at(-1)?.id : undefined
    return sendDashboard(c, 'links', linkListPage({ member, links, older, after, publicUrl: parts.config.publicUrl }))
  })
  app.get('/dashboard/links/new', (c) => {
    const values = { product_id: c.req.query('product') ?? '', max_uses: '0' }
    return form.show(c, undefined, { state: { values, errors: {} }, chosenMethods: [] })
  })
  app.post('/dashboard/links/new', (c) => form.save(c, undefined))
  app.get('/dashboard/links/:id', async (c) => {
    const link = await readOwn(c)
    const state = { values: toValues(link), errors: {} }
    return form.show(c, link, { state, chosenMethods: link.paymentMethods ?? [] })
  })
  app.post('/dashboard/links/:id', async (c) => form.save(c, await readOwn(c)))
  app.post('/dashboard/links/:id/active', async (c) => {
    const isActive = (await readForm(c)).text('active') === 'yes'
    const id = c.req.param('id')
    return act(c, { path: `/dashboard/links/${id}`, done: isActive ? 'link-on' : 'link-off' }, () =>
      inTransaction(parts, (tx) => updateLink(tx, c.get('member').merchantId, id, { isActive })),
    )
  })
}
