import type { Page } from '../database/page.ts'
import { readPage } from '../database/page.ts'
import type { Runs } from '../database/statement.ts'
import { type EntryFilter, fitting } from './entry-filter.ts'

/** A movement of money as a journal has it, newest first. Minor units. */
export type JournalLine = Awaited<ReturnType<typeof listJournal>>['lines'][number]

/** The movements of the ledger, one line for both of its rows: from the account that got less to the one that got more. */
export async function listJournal(on: Runs, filter: EntryFilter, page: Page) {
  const { hasMore, rows } = await readPage(on, page, 'l.id', (db) =>
    db
      .selectFrom('ledger_entries as l')
      .innerJoin('ledger_entries as f', (from) =>
        from.onRef('f.correlation_key', '=', 'l.correlation_key').onRef('f.account', '<>', 'l.account'),
      )
      .select([
        'l.id',
        'l.correlation_key as reference',
        'l.order_id as orderId',
        'f.account as from',
        'l.account as to',
        'l.amount',
        'l.currency',
        'l.created_at as createdAt',
      ])
      .where('l.amount', '>', 0)
      .where((l) => l.and(fitting(filter, { currency: 'l.currency', createdAt: 'l.created_at' }))),
  )
  return { hasMore, lines: rows }
}
