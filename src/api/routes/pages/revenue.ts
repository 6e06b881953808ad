import { dayOf, revenueByDay, revenueByProduct, sellerRevenue } from '../../../links/revenue.ts'
import { periods, revenuePage } from '../../pages/seller/revenue-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageParts } from './page-app.ts'

const usualDays = 30
const dayMs = 24 * 60 * 60 * 1000

/** `/dashboard/revenue`: what a shop has brought, by currency, day and product. */
export function registerRevenue(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database
  app.get('/dashboard/revenue', async (c) => {
    const member = c.get('member')
    const { merchantId } = member
    const days = periods.find((known) => String(known) === c.req.query('days')) ?? usualDays
    // Whole days in UTC, today included.
    const since = new Date(Math.floor(Date.now() / dayMs) * dayMs - (days - 1) * dayMs)
    const [totals, byDay, byProduct] = await Promise.all([
      sellerRevenue(sql, merchantId, since),
      // With as many days before them, to compare.
      revenueByDay(sql, merchantId, new Date(since.getTime() - days * dayMs)),
      revenueByProduct(sql, merchantId, since),
    ])
    const isNow = ({ day }: { day: string }) => day >= dayOf(since)
    const shown = { days, totals, byProduct, byDay: byDay.filter(isNow), before: byDay.filter((row) => !isNow(row)) }
    return sendDashboard(c, 'revenue', revenuePage({ member, ...shown }))
  })
}
