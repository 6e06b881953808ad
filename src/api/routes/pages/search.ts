import { searchShop } from '../../../links/search-shop.ts'
import { searchPage } from '../../pages/seller/search-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageParts } from './page-app.ts'

const longestText = 200

/** `/dashboard/search`: a seller's orders and products by whatever of them is at hand. */
export function registerSearch(app: PageApp, { database: { sql } }: PageParts): void {
  app.get('/dashboard/search', async (c) => {
    const member = c.get('member')
    const text = (c.req.query('q') ?? '').trim().slice(0, longestText)
    const found = text === '' ? { orders: [], products: [] } : await searchShop(sql, member.merchantId, text)
    return sendDashboard(c, undefined, searchPage({ member, text, ...found }))
  })
}
