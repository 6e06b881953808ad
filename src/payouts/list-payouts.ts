import { sql } from 'kysely'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { db, type Holes, type Runs, statement } from '../database/statement.ts'
import { type BalanceOwner, isEntryOf, type OwnerValues, ownerValues } from './balance-owner.ts'
import type { EntryRange } from './list-balance-entries.ts'
import type { PayoutState } from './payout.state-machine.ts'

/** What a payout is shown by, of `payouts as p`. */
const payoutView = [
  'p.id',
  'p.merchant_id as merchantId',
  'p.recipient_id as recipientId',
  'p.currency',
  'p.amount',
  'p.method',
  'p.destination',
  'p.reference',
  'p.state',
  'p.state_transitions as stateTransitions',
  'p.reason',
  'p.author',
  'p.created_at as createdAt',
] as const

/** `recipientId` null asks for the merchant's own. */
export type PayoutFilter = {
  recipientId?: string | null | undefined
  state?: PayoutState | undefined
  created?: Period | undefined
}

/** Payouts out of a merchant's balance and those of its affiliates and referrers, newest first. Minor units. */
export async function listPayouts(
  on: Runs,
  merchantId: string,
  { recipientId, state, created }: PayoutFilter,
  page: Page,
) {
  const { hasMore, rows } = await readPage(on, page, 'p.id', (from) =>
    from
      .selectFrom('payouts as p')
      .select(payoutView)
      .where((p) =>
        p.and([
          p('p.merchant_id', '=', merchantId),
          ...ifGiven(recipientId, (wanted) =>
            wanted === null ? p('p.recipient_id', 'is', null) : p('p.recipient_id', '=', wanted),
          ),
          ...ifGiven(state, (wanted) => p('p.state', '=', wanted)),
          ...madeWithin('p', 'payout', created),
        ]),
      ),
  )
  return { hasMore, payouts: rows }
}

const find = statement<{ payoutId: string; viewerId: string | null }>()((from, $) =>
  from
    .selectFrom('payouts as p')
    .innerJoin('merchants as m', 'm.id', 'p.merchant_id')
    .select(payoutView)
    .select('m.parent_id as marketplaceId')
    .where('p.id', '=', $.payoutId)
    .where((p) =>
      p.or([
        p($.viewerId.typed('text'), 'is', null),
        p('p.merchant_id', '=', $.viewerId),
        p('m.parent_id', '=', $.viewerId),
      ]),
    ),
)

export type PayoutView = Awaited<ReturnType<typeof listPayouts>>['payouts'][number]

/**
 * A payout of a merchant's, or of one of its sellers'; of anybody's for an operator, who is no merchant. `marketplaceId` is the merchant on
 * whose marketplace its merchant sells. Undefined for what is not theirs.
 */
export async function readPayout(on: Runs, viewerId: string | null, payoutId: string) {
  const [payout] = await find(on, { payoutId, viewerId })
  return payout
}

/** Payouts of an owner by where they stand among the lines of its balance, of `ledger_entries as l`. */
const takenBy = ($: Holes<OwnerValues>) =>
  db
    .selectFrom('ledger_entries as l')
    .where('l.account', '=', (l) => l.fn.any($.accounts.typed('text[]')))
    .where('l.amount', '<', 0)
    .where((l) => l.or([l($.ofMerchant.typed('text'), 'is', null), isEntryOf($.ofMerchant.typed('text'))]))

const readRange = statement<OwnerValues & { payoutId: string; currency: string }>()((from, $) =>
  from
    .with('this', () =>
      takenBy($)
        .select((l) => l.fn.min<number>('l.id').as('id'))
        .where('l.payout_id', '=', $.payoutId),
    )
    .selectFrom('this')
    .select((eb) => [
      'this.id as before',
      takenBy($)
        .innerJoin('payouts as q', 'q.id', 'l.payout_id')
        .select(sql<number>`max(l.id)`.as('id'))
        .where('l.currency', '=', $.currency)
        .where('q.state', '<>', 'failed')
        .where('l.id', '<', eb.ref('this.id'))
        .as('after'),
    ]),
)

/**
 * Which lines of its balance a payout pays: those since the one before it. A payout that failed pays nothing, so that the next one has its
 * lines too, and what they come to is what was there to be paid.
 */
export async function rangeOf(
  on: Runs,
  payout: BalanceOwner & { id: string; currency: string },
): Promise<EntryRange & { currency: string }> {
  const { id, currency } = payout
  const [range] = await readRange(on, { ...ownerValues(payout), payoutId: id, currency })
  return { after: range?.after ?? 0, before: range?.before ?? 0, currency }
}
