import { type SqlBool, sql } from 'kysely'
import type { ChargeEntryKind } from '../charges/charge-entry.entity.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { db, type Runs, statement } from '../database/statement.ts'
import { type EntryFilter, fitting } from '../ledger/entry-filter.ts'
import { ApiError } from '../platform/errors.ts'
import { type BalanceOwner, isEntryOf, type OwnerValues, ownerValues } from './balance-owner.ts'

export const balanceEntryTypes = [
  'sale',
  'refund',
  'refund_failed',
  'dispute',
  'transfer',
  'transfer_reversed',
  'settlement',
  'payout',
  'payout_failed',
  'cost',
  'correction',
] as const
export type BalanceEntryType = (typeof balanceEntryTypes)[number]

/** One line of what somebody is owed. Minor units. */
export type BalanceEntry = {
  /** What was booked; of one account it names one line. The ledger's own number would tell how much everybody else books. */
  id: string
  type: BalanceEntryType
  amount: number
  currency: string
  /** What was owed in this currency once this was booked. */
  balance: number
  orderId: string | null
  payoutId: string | null
  createdAt: Date
}

const findNumber = statement<OwnerValues & { id: string }>()((db, $) =>
  db
    .selectFrom('ledger_entries as l')
    .select('l.id')
    .where('l.account', '=', (l) => l.fn.any($.accounts.typed('text[]')))
    .where('l.correlation_key', '=', $.id)
    .where((l) => l.or([l($.ofMerchant.typed('text'), 'is', null), isEntryOf($.ofMerchant.typed('text'))])),
)

/** A cursor as the ledger counts. @throws ApiError `invalid_parameter` for what is no line of theirs */
async function numberOf(on: Runs, owner: OwnerValues, parameter: 'startingAfter' | 'endingBefore', page: Page) {
  const id = page[parameter]
  if (id === undefined) return undefined
  const [found] = await findNumber(on, { ...owner, id })
  if (!found) throw new ApiError('invalid_parameter', { parameter, message: 'There is no such entry.' })
  return String(found.id)
}

/** Of the lines of a balance: all that fit a filter, or those between two of them. */
export type BalanceEntryFilter = EntryFilter & { between?: EntryRange | undefined }

/** Lines by the numbers of the ledger, without both. */
export type EntryRange = { after: number; before: number }

/**
 * Every line of what somebody is owed, newest first. The balances are those of all lines, whichever are asked for. Minor units.
 * @throws ApiError `invalid_parameter` for a cursor that is no line of theirs
 */
export async function listBalanceEntries(
  on: Runs,
  owner: BalanceOwner,
  { between, ...filter }: BalanceEntryFilter,
  page: Page,
): Promise<{ hasMore: boolean; entries: BalanceEntry[] }> {
  const values = ownerValues(owner)
  const numbered = {
    limit: page.limit,
    startingAfter: await numberOf(on, values, 'startingAfter', page),
    endingBefore: await numberOf(on, values, 'endingBefore', page),
  }
  const { hasMore, rows } = await readPage(on, numbered, 'e.id', (db) =>
    db
      .selectFrom(runningBalances(values).as('e'))
      .leftJoin('ledger_entries as o', (other) =>
        other.onRef('o.correlation_key', '=', 'e.correlation_key').onRef('o.account', '<>', 'e.account'),
      )
      .leftJoin('charge_entries as c', (cause) =>
        cause.on((eb) => eb('c.id', '=', sql<string>`split_part(${eb.ref('e.correlation_key')}, '-returned-', 2)`)),
      )
      .select([
        'e.correlation_key as correlationKey',
        'e.order_id as orderId',
        'e.payout_id as payoutId',
        'e.amount',
        'e.currency',
        'e.created_at as createdAt',
        'e.balance',
        'o.account as other',
        'c.kind as cause',
      ])
      .where((e) =>
        e.and([
          ...fitting(filter, { currency: 'e.currency', createdAt: 'e.created_at' }),
          ...ifGiven(between, ({ after, before }) => sql<SqlBool>`(e.id > ${after} and e.id < ${before})`),
        ]),
      ),
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

/** The rows of the accounts of an owner, each with what was owed after it. */
const runningBalances = ({ accounts, ofMerchant }: OwnerValues) =>
  db
    .selectFrom('ledger_entries as l')
    .select([
      'l.id',
      'l.correlation_key',
      'l.order_id',
      'l.payout_id',
      'l.account',
      'l.amount',
      'l.currency',
      'l.created_at',
      sql<number>`(sum(l.amount) over (partition by l.currency order by l.id))::bigint`.as('balance'),
    ])
    .where('l.account', 'in', accounts)
    .where((l) => l.and(ifGiven(ofMerchant ?? undefined, (merchantId) => isEntryOf(sql<string>`${merchantId}`))))

type Booked = { correlationKey: string; other: string | null; cause: ChargeEntryKind | null; amount: number }

/** What a line is, by where its money came from or went. */
function typeOf({ correlationKey, other, cause, amount }: Booked): BalanceEntryType {
  switch (other?.split(':', 1)[0]) {
    case 'charge':
      if (amount > 0) return correlationKey.includes('-restored-') ? 'refund_failed' : 'sale'
      return cause === 'dispute' ? 'dispute' : 'refund'
    case 'account':
      return amount > 0 ? 'transfer_reversed' : 'transfer'
    case 'payout':
      return amount > 0 ? 'payout_failed' : 'payout'
    case 'platform':
      return 'cost'
    case 'settled':
      return 'settlement'
    default:
      return 'correction'
  }
}
