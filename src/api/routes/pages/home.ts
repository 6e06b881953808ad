import { listDigitalOrders } from '../../../links/digital-orders.ts'
import { readSellerHome } from '../../../links/seller-home.ts'
import { homePage } from '../../pages/seller/home-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageParts } from './page-app.ts'

const newestOrders = 5

/** `/dashboard`: what a seller's day begins with, in two statements. */
export function registerHome(app: PageApp, { database: { sql } }: PageParts): void {
  app.get('/dashboard', async (c) => {
    const member = c.get('member')
    const now = new Date()
    const [home, { orders }] = await Promise.all([
      readSellerHome(sql, member.merchantId, now),
      listDigitalOrders(sql, member.merchantId, {}, { limit: newestOrders }),
    ])
    return sendDashboard(c, 'home', homePage({ member, home, orders, today: now.toISOString().slice(0, 10) }))
  })
}
