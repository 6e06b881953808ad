import { z } from '@hono/zod-openapi'
import { listBalanceEntries } from '../../../payouts/list-balance-entries.ts'
import { listPayouts } from '../../../payouts/list-payouts.ts'
import { readBalances } from '../../../payouts/read-balances.ts'
import { readBalanceStatement } from '../../../statements/read-balance-statement.ts'
import { sendBalanceEntries } from '../../balance-entries-csv.ts'
import { sendStatementCsv, sendStatementPdf } from '../../balance-statement-response.ts'
import { invalidInput } from '../../env.ts'
import { balancePage } from '../../pages/seller/balance-page.ts'
import { currencySchema } from '../../schemas.ts'
import { monthSchema } from '../../statement-month.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageParts } from './page-app.ts'

const pageSize = 25
const statementQuery = z.object({ month: monthSchema, currency: currencySchema, format: z.enum(['pdf', 'csv']) })
const payoutCount = 25

/** `/dashboard/balance`: what a seller has, what was paid out of it, what it is made of, and all of that as CSV. */
export function registerBalance(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database

  app.get('/dashboard/balance', async (c) => {
    const member = c.get('member')
    const { merchantId } = member
    const after = c.req.query('after')
    const [balances, { payouts }, { hasMore, entries }] = await Promise.all([
      readBalances(sql, { merchantId }, parts.config.payouts),
      listPayouts(sql, merchantId, { recipientId: null }, { limit: payoutCount }),
      listBalanceEntries(sql, { merchantId }, {}, { limit: pageSize, startingAfter: after }),
    ])
    const older = hasMore ? entries.at(-1)?.id : undefined
    return sendDashboard(c, 'balance', balancePage({ member, balances, payouts, entries, after, older }))
  })

  app.get('/dashboard/balance/statement', async (c) => {
    const { merchantId, merchantName, locale } = c.get('member')
    const asked = statementQuery.safeParse(c.req.query())
    if (!asked.success) throw invalidInput(asked.error)
    const statement = await readBalanceStatement(sql, { merchantId }, asked.data)
    return asked.data.format === 'csv'
      ? sendStatementCsv(c, statement)
      : sendStatementPdf(c, statement, { name: merchantName, locale }, parts.fonts)
  })

  app.get('/dashboard/balance/entries.csv', (c) =>
    sendBalanceEntries(c, sql, { merchantId: c.get('member').merchantId }, {}),
  )
}
