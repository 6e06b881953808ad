import { sql } from 'kysely'
import { ifGiven } from '../database/page.ts'
import { type Runs, runQuery } from '../database/statement.ts'
import { type BalanceOwner, isEntryOf, ownerValues } from '../payouts/balance-owner.ts'
import { type BalanceEntry, type BalanceEntryType, listBalanceEntries } from '../payouts/list-balance-entries.ts'

/** A month as it is written, such as `2026-11`. It is one of UTC. */
export type Month = `${number}-${number}`

/** What happened to a balance in a month. Minor units; the oldest entry first, each with the balance that it left. */
export type BalanceStatement = {
  month: Month
  currency: string
  from: Date
  /** The end of the month, or now where it is not over. */
  until: Date
  opening: number
  closing: number
  totals: { type: BalanceEntryType; count: number; amount: number }[]
  entries: BalanceEntry[]
}

const atOnce = 5_000

/** What somebody was owed in one currency at the beginning of a month, what happened since, and what it is at its end. Minor units. */
export async function readBalanceStatement(
  on: Runs,
  owner: BalanceOwner,
  { month, currency }: { month: Month; currency: string },
  now: Date = new Date(),
): Promise<BalanceStatement> {
  const from = new Date(`${month}-01T00:00:00Z`)
  const end = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1))
  const until = end < now ? end : now
  const opening = await balanceBefore(on, owner, currency, from)
  const booked = await entriesOf(on, owner, { currency, since: from, until })
  let balance = opening
  const entries = booked.toReversed().map((entry) => {
    balance += entry.amount
    return { ...entry, balance }
  })
  return { month, currency, from, until, opening, closing: balance, totals: totalsOf(entries), entries }
}

async function balanceBefore(on: Runs, owner: BalanceOwner, currency: string, moment: Date): Promise<number> {
  const { accounts, ofMerchant } = ownerValues(owner)
  const [row] = await runQuery(on, (db) =>
    db
      .selectFrom('ledger_entries as l')
      .select((l) => sql<number>`coalesce(${l.fn.sum('l.amount')}, 0)::bigint`.as('balance'))
      .where('l.account', 'in', accounts)
      .where('l.currency', '=', currency)
      .where('l.created_at', '<', moment)
      .where((l) => l.and(ifGiven(ofMerchant ?? undefined, (merchantId) => isEntryOf(sql<string>`${merchantId}`)))),
  )
  return row?.balance ?? 0
}

type Within = { currency: string; since: Date; until: Date }

async function entriesOf(on: Runs, owner: BalanceOwner, within: Within): Promise<BalanceEntry[]> {
  const found: BalanceEntry[] = []
  for (;;) {
    const page = { limit: atOnce, startingAfter: found.at(-1)?.id }
    const { hasMore, entries } = await listBalanceEntries(on, owner, within, page)
    found.push(...entries)
    if (!hasMore) return found
  }
}

const totalsOf = (entries: readonly BalanceEntry[]): BalanceStatement['totals'] =>
  [...Map.groupBy(entries, ({ type }) => type)].map(([type, own]) => ({
    type,
    count: own.length,
    amount: own.reduce((sum, { amount }) => sum + amount, 0),
  }))
