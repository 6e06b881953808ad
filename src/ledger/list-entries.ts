import { type SqlBool, sql } from 'kysely'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { type Runs, runQuery } from '../database/statement.ts'
import { type EntryFilter, fitting } from './entry-filter.ts'

export type LedgerFilter = EntryFilter & { account?: string | undefined; orderId?: string | undefined }
export type LedgerEntry = Awaited<ReturnType<typeof listEntries>>['entries'][number]

/** Rows of the ledger, newest first. Minor units. */
export async function listEntries(on: Runs, { account, orderId, ...filter }: LedgerFilter, page: Page) {
  const { hasMore, rows } = await readPage(on, page, 'l.id', (db) =>
    db
      .selectFrom('ledger_entries as l')
      .select([
        'l.id',
        'l.correlation_key as correlationKey',
        'l.order_id as orderId',
        'l.payout_id as payoutId',
        'l.account',
        'l.amount',
        'l.currency',
        'l.created_at as createdAt',
      ])
      .where((l) =>
        l.and([
          ...ifGiven(account, (wanted) => l('l.account', '=', wanted)),
          ...ifGiven(orderId, (wanted) => l('l.order_id', '=', wanted)),
          ...fitting(filter, { currency: 'l.currency', createdAt: 'l.created_at' }),
        ]),
      ),
  )
  return { hasMore, entries: rows }
}

/** An account with what it has in one currency. Minor units. */
export type AccountBalance = { account: string; currency: string; balance: number }

/** The balances of all accounts that are not zero, by account and currency, after the one that is named. Minor units. */
export async function listAccountBalances(
  on: Runs,
  { limit, after }: { limit: number; after?: Pick<AccountBalance, 'account' | 'currency'> | undefined },
): Promise<{ hasMore: boolean; balances: AccountBalance[] }> {
  const found = await runQuery(on, (db) =>
    db
      .selectFrom('ledger_entries')
      .select(['account', 'currency', sql<number>`sum(amount)::bigint`.as('balance')])
      .where((l) =>
        l.and(ifGiven(after, ({ account, currency }) => sql<SqlBool>`(account, currency) > (${account}, ${currency})`)),
      )
      .groupBy(['account', 'currency'])
      .having(sql<SqlBool>`sum(amount) <> 0`)
      .orderBy('account')
      .orderBy('currency')
      .limit(limit + 1),
  )
  return { hasMore: found.length > limit, balances: found.slice(0, limit) }
}
