import { sql } from 'kysely'
import type { ChargeEntryKind } from '../charges/charge-entry.entity.ts'
import { type Page, readPage } from '../database/page.ts'
import { type Runs, statement } from '../database/statement.ts'
import { type EntryFilter, fitting } from '../ledger/entry-filter.ts'
import { merchantAccount } from '../ledger/merchant-account.ts'
import { ApiError } from '../platform/errors.ts'

export const balanceEntryTypes = [
  'sale',
  'refund',
  'refund_failed',
  'dispute',
  'transfer',
  'transfer_reversed',
  'settlement',
  'correction',
] as const
export type BalanceEntryType = (typeof balanceEntryTypes)[number]

/** One line of what a merchant is owed. Minor units. */
export type BalanceEntry = {
  /** What was booked; of one account it names one line. The ledger's own number would tell how much everybody else books. */
  id: string
  type: BalanceEntryType
  amount: number
  currency: string
  /** What the merchant was owed in this currency once this was booked. */
  balance: number
  orderId: string | null
  createdAt: Date
}

const findNumber = statement<{ account: string; id: string }>()((db, $) =>
  db.selectFrom('ledger_entries').select('id').where('account', '=', $.account).where('correlation_key', '=', $.id),
)

/** A cursor as the ledger counts. @throws ApiError `invalid_parameter` for what is no line of the account */
async function numberOf(on: Runs, account: string, parameter: 'startingAfter' | 'endingBefore', page: Page) {
  const id = page[parameter]
  if (id === undefined) return undefined
  const [found] = await findNumber(on, { account, id })
  if (!found) throw new ApiError('invalid_parameter', { parameter, message: 'There is no such entry.' })
  return String(found.id)
}

/**
 * Every line of what a merchant is owed, newest first. The balances are those of all lines, whichever are asked for. Minor units.
 * @throws ApiError `invalid_parameter` for a cursor that is no line of theirs
 */
export async function listBalanceEntries(
  on: Runs,
  merchantId: string,
  filter: EntryFilter,
  page: Page,
): Promise<{ hasMore: boolean; entries: BalanceEntry[] }> {
  const account = merchantAccount(merchantId)
  const numbered = {
    limit: page.limit,
    startingAfter: await numberOf(on, account, 'startingAfter', page),
    endingBefore: await numberOf(on, account, 'endingBefore', page),
  }
  const { hasMore, rows } = await readPage(on, numbered, 'e.id', (db) =>
    db
      .selectFrom((from) =>
        from
          .selectFrom('ledger_entries as l')
          .select([
            'l.id',
            'l.correlation_key',
            'l.order_id',
            'l.amount',
            'l.currency',
            'l.created_at',
            sql<number>`(sum(l.amount) over (partition by l.currency order by l.id))::bigint`.as('balance'),
          ])
          .where('l.account', '=', account)
          .as('e'),
      )
      .leftJoin('ledger_entries as o', (other) =>
        other.onRef('o.correlation_key', '=', 'e.correlation_key').on('o.account', '<>', account),
      )
      .leftJoin('charge_entries as c', (cause) =>
        cause.on((eb) => eb('c.id', '=', sql<string>`split_part(${eb.ref('e.correlation_key')}, '-returned-', 2)`)),
      )
      .select([
        'e.correlation_key as correlationKey',
        'e.order_id as orderId',
        'e.amount',
        'e.currency',
        'e.created_at as createdAt',
        'e.balance',
        'o.account as other',
        'c.kind as cause',
      ])
      .where((e) => e.and(fitting(filter, { currency: 'e.currency', createdAt: 'e.created_at' }))),
  )
  return {
    hasMore,
    entries: rows.map(({ correlationKey, other, cause, ...entry }) => ({
      ...entry,
      id: correlationKey,
      type: typeOf({ correlationKey, other, cause, amount: entry.amount }),
    })),
  }
}

type Booked = { correlationKey: string; other: string | null; cause: ChargeEntryKind | null; amount: number }

/** What a line is, by where its money came from or went. */
function typeOf({ correlationKey, other, cause, amount }: Booked): BalanceEntryType {
  switch (other?.split(':', 1)[0]) {
    case 'charge':
      if (amount > 0) return correlationKey.includes('-restored-') ? 'refund_failed' : 'sale'
      return cause === 'dispute' ? 'dispute' : 'refund'
    case 'account':
      return amount > 0 ? 'transfer_reversed' : 'transfer'
    case 'settled':
      return 'settlement'
    default:
      return 'correction'
  }
}
