import { listBalanceEntries } from '../../../distribution/list-balance-entries.ts'
import { readBalances } from '../../../distribution/read-balances.ts'
import { sendBalanceEntries } from '../../balance-entries-csv.ts'
import { balancePage } from '../../pages/seller/balance-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageParts } from './page-app.ts'

const pageSize = 25

/** `/dashboard/balance`: what a seller has, what it is made of, and all of that as CSV. */
export function registerBalance(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database

  app.get('/dashboard/balance', async (c) => {
    const member = c.get('member')
    const { merchantId } = member
    const after = c.req.query('after')
    const [balances, { hasMore, entries }] = await Promise.all([
      readBalances(sql, merchantId),
      listBalanceEntries(sql, merchantId, {}, { limit: pageSize, startingAfter: after }),
    ])
    const older = hasMore ? entries.at(-1)?.id : undefined
    return sendDashboard(c, 'balance', balancePage({ member, balances, entries, after, older }))
  })

  app.get('/dashboard/balance/entries.csv', (c) => sendBalanceEntries(c, sql, c.get('member').merchantId, {}))
}
