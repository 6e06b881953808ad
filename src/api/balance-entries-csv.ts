import type { Context } from 'hono'
import type { Sql } from '../database/database.ts'
import { iso } from '../database/database.ts'
import type { EntryFilter } from '../ledger/entry-filter.ts'
import type { BalanceOwner } from '../payouts/balance-owner.ts'
import { listBalanceEntries } from '../payouts/list-balance-entries.ts'
import { decimalAmount } from '../platform/money.ts'
import { sendCsv } from './csv.ts'

const atOnce = 1_000

/** Sends every line of what somebody is owed that fits, newest first. */
export const sendBalanceEntries = (c: Context, sql: Sql, owner: BalanceOwner, filter: EntryFilter): Promise<Response> =>
  sendCsv(c, {
    filename: 'balance-entries.csv',
    header: ['id', 'createdTime', 'type', 'orderId', 'amount', 'currency', 'balance', 'payoutId'],
    toCells: ({ id, createdAt, type, orderId, amount, currency, balance, payoutId }) => [
      id,
      iso(createdAt),
      type,
      orderId,
      decimalAmount(amount, currency),
      currency,
      decimalAmount(balance, currency),
      payoutId,
    ],
    read: async (after: string | undefined) => {
      const page = { limit: atOnce, startingAfter: after }
      const { hasMore, entries } = await listBalanceEntries(sql, owner, filter, page)
      return { rows: entries, next: hasMore ? entries.at(-1)?.id : undefined }
    },
  })
