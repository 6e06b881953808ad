import { readDistribution } from '../../../distribution/read-distribution.ts'
import { digitalStatuses, listDigitalOrders, readDigitalOrder } from '../../../links/digital-orders.ts'
import { listLinks } from '../../../links/links.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { readTimeline } from '../../../orders/read-timeline.ts'
import { ApiError } from '../../../platform/errors.ts'
import { orderDetailPage } from '../../pages/seller/order-detail-page.ts'
import { orderListPage } from '../../pages/seller/order-list-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageParts } from './page-app.ts'

const pageSize = 25
const linksInFilter = 100

/** `/dashboard/orders`: a seller's orders and one of them with everything that happened. */
export function registerOrders(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database

  app.get('/dashboard/orders', async (c) => {
    const member = c.get('member')
    const asked = c.req.query()
    const query = {
      search: (asked.search ?? '').trim().slice(0, 200),
      status: asked.status ?? '',
      link: asked.link ?? '',
      attention: asked.attention === '1' ? '1' : '',
      after: asked.after || undefined,
    }
    const filter = {
      status: digitalStatuses.find((known) => known === query.status),
      linkId: query.link || undefined,
      search: query.search || undefined,
      attention: query.attention === '1',
    }
    const [{ hasMore, orders }, { links }] = await Promise.all([
      listDigitalOrders(sql, member.merchantId, filter, { limit: pageSize, startingAfter: query.after }),
      listLinks(parts.database.em(), member.merchantId, { limit: linksInFilter }),
    ])
    const older = hasMore ? orders.at(-1)?.id : undefined
    return sendDashboard(c, 'orders', orderListPage({ member, orders, older, query, links }))
  })

  app.get('/dashboard/orders/:id', async (c) => {
    const member = c.get('member')
    const { merchantId } = member
    const id = c.req.param('id')
    const [order, view, timeline, splits] = await Promise.all([
      readDigitalOrder(sql, id, merchantId),
      readOrder(sql, { merchantId }, id),
      readTimeline(sql, { merchantId }, id),
      readDistribution(sql, merchantId, id),
    ])
    if (!order || !view || !timeline) throw new ApiError('not_found')
    const { lines, tasks } = timeline
    return sendDashboard(c, 'orders', orderDetailPage({ member, order, view, lines, tasks, splits: splits ?? [] }))
  })
}
