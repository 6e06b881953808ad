import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { disputesOfOrders } from '../../../disputes/read-disputes.ts'
import { readDistribution } from '../../../distribution/read-distribution.ts'
import { readShipmentStandings } from '../../../goods/shipment-standing.ts'
import {
  type DigitalOrderFilter,
  digitalStatuses,
  listDigitalOrders,
  readDigitalOrder,
} from '../../../links/digital-orders.ts'
import { listLinks } from '../../../links/links.ts'
import { listUsers } from '../../../operators/users.ts'
import { type OrderView, readOrder } from '../../../order-view/read-order.ts'
import { readAnnotations } from '../../../orders/annotate-order.ts'
import { readTimeline } from '../../../orders/read-timeline.ts'
import { ApiError } from '../../../platform/errors.ts'
import { orderDetailPage } from '../../pages/seller/order-detail-page.ts'
import { type OrderQuery, orderListPage } from '../../pages/seller/order-list-page.ts'
import { sendOrdersCsv } from '../../seller-orders-csv.ts'
import { sendDashboard } from './dashboard-session.ts'
import { sendPaper } from './order-papers.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { imageOf, readPictures } from './product-pictures.ts'

type Item = OrderView['items'][number]

const pageSize = 25
const shownStatuses = [...digitalStatuses, 'in_review' as const]
const linksInFilter = 100

/** What a list was asked for, as its form shows it and as it is looked for. What is no filter is none. */
function readQuery(c: Context<PageEnv>): { query: OrderQuery; filter: DigitalOrderFilter } {
  const asked = c.req.query()
  const query = {
    search: (asked.search ?? '').trim().slice(0, 200),
    status: asked.status ?? '',
    link: asked.link ?? '',
    attention: asked.attention === '1' ? '1' : '',
    tag: (asked.tag ?? '').trim().toLowerCase().slice(0, 30),
    after: asked.after || undefined,
  }
  const filter = {
    status: shownStatuses.find((known) => known === query.status),
    linkId: query.link || undefined,
    search: query.search || undefined,
    attention: query.attention === '1',
    tag: query.tag || undefined,
  }
  return { query, filter }
}

/** `/dashboard/orders`: a seller's orders and one of them with everything that happened. */
export function registerOrders(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database

  app.get('/dashboard/orders', async (c) => {
    const member = c.get('member')
    const { query, filter } = readQuery(c)
    const [{ hasMore, orders }, { links }] = await Promise.all([
      listDigitalOrders(sql, member.merchantId, filter, { limit: pageSize, startingAfter: query.after }),
      listLinks(parts.database.em(), member.merchantId, { limit: linksInFilter }),
    ])
    const older = hasMore ? orders.at(-1)?.id : undefined
    return sendDashboard(c, 'orders', orderListPage({ member, orders, older, query, links, once: randomUUID() }))
  })

  app.get('/dashboard/orders.csv', (c) => sendOrdersCsv(c, sql, c.get('member').merchantId, readQuery(c).filter))

  app.get('/dashboard/orders/:id', async (c) => {
    const member = c.get('member')
    const { merchantId } = member
    const id = c.req.param('id')
    const [order, view, timeline, splits, annotations, people, shipments, disputes] = await Promise.all([
      readDigitalOrder(sql, id, merchantId),
      readOrder(sql, { merchantId }, id),
      readTimeline(sql, { merchantId }, id),
      readDistribution(sql, merchantId, id),
      readAnnotations(sql, id),
      listUsers(sql, merchantId),
      readShipmentStandings(sql, id),
      disputesOfOrders(sql, { merchantId, orderIds: [id] }),
    ])
    if (!order || !view || !timeline) throw new ApiError('not_found')
    const { lines, tasks } = timeline
    const shown = await readPictures(sql, parts.config.publicUrl, view.items.map(imageOf))
    const more = {
      annotations,
      people,
      splits: splits ?? [],
      shipments,
      disputes,
      pictureOf: (item: Item) => shown(imageOf(item)),
    }
    return sendDashboard(c, 'orders', orderDetailPage({ member, order, view, lines, tasks, ...more }))
  })

  app.get('/dashboard/orders/:id/papers/:fileId/:format', async (c) => {
    const { merchantId } = c.get('member')
    const view = await readOrder(sql, { merchantId }, c.req.param('id'))
    if (!view) throw new ApiError('not_found')
    return sendPaper(c, parts, { merchantId, documents: view.documents })
  })
}
