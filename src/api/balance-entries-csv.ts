import type { Context } from 'hono'
import type { Sql } from '../database/database.ts'
import { iso } from '../database/database.ts'
import { listBalanceEntries } from '../distribution/list-balance-entries.ts'
import type { EntryFilter } from '../ledger/entry-filter.ts'
import { decimalAmount } from '../platform/money.ts'
import { sendCsv } from './csv.ts'

const atOnce = 1_000

/** Sends every line of what a merchant is owed that fits, newest first. */
export const sendBalanceEntries = (c: Context, sql: Sql, merchantId: string, filter: EntryFilter): Promise<Response> =>
  sendCsv(c, {
    filename: 'balance-entries.csv',
    header: ['id', 'createdTime', 'type', 'orderId', 'amount', 'currency', 'balance'],
    toCells: ({ id, createdAt, type, orderId, amount, currency, balance }) => [
      id,
      iso(createdAt),
      type,
      orderId,
      decimalAmount(amount, currency),
      currency,
      decimalAmount(balance, currency),
    ],
    read: async (after: string | undefined) => {
      const page = { limit: atOnce, startingAfter: after }
      const { hasMore, entries } = await listBalanceEntries(sql, merchantId, filter, page)
      return { rows: entries, next: hasMore ? entries.at(-1)?.id : undefined }
    },
  })
