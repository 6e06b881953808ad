import { sql } from 'kysely'
import { type NewRow, statement } from '../database/statement.ts'
import { insertEntries, type Movement, toEntries } from '../ledger/ledger.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { movePayouts } from './move-payout.ts'

const lock = statement<{ payoutId: string }>()((db, $) =>
  db
    .selectFrom('payouts as p')
    .select(['p.id', 'p.currency', 'p.amount', 'p.method', 'p.state'])
    .where('p.id', '=', $.payoutId)
    .forUpdate(),
)

type LockedPayout = Awaited<ReturnType<typeof lock>>[number]

/** A payout that nobody else changes until this transaction ends; undefined for one that is not there. */
export async function lockPayout(tx: Transaction, payoutId: string): Promise<LockedPayout | undefined> {
  const [payout] = await lock(tx, { payoutId })
  return payout
}

/** A transfer that was made, or that a worker may be making. */
const findTransfer = statement<{ payoutId: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('order_id', '=', $.payoutId)
    .where('state', '<>', 'failed')
    .where('set_aside', '=', false)
    .limit(sql.lit(1)),
)

/** What a payout took of each account, and what of it went back already. Minor units. */
const readTaken = statement<{ payoutId: string; account: string }>()((db, $) =>
  db
    .selectFrom('ledger_entries')
    .select((l) => ['account', sql<number>`-sum(${l.ref('amount')})::bigint`.as('amount')])
    .where('payout_id', '=', $.payoutId)
    .where('account', '<>', $.account)
    .where((l) => l.not(sql<boolean>`starts_with(${l.ref('account')}, 'account:')`))
    .groupBy('account')
    .orderBy('account'),
)

const close = statement<{ payoutId: string; reason: string; entries: readonly NewRow<'ledger_entries'>[] }>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('closed', () =>
      movePayouts('failed').set({ reason: $.reason }).where('p.id', '=', $.payoutId).returning('p.id'),
    )
    .selectFrom('closed')
    .select('id'),
)

/**
 * Ends a payout that did not arrive: all it took is back in its balance and available at once. One that is manual may fail after it was
 * paid; a transfer only before it is made, and never while a worker may be making it. Returns whether it failed now.
 */
export async function failPayout(tx: Transaction, payoutId: string, reason: string): Promise<boolean> {
  const payout = await lockPayout(tx, payoutId)
  if (!payout || payout.state === 'failed') return false
  if (payout.method === 'transfer' && (payout.state === 'paid' || (await findTransfer(tx, { payoutId })).length > 0))
    return false
  const entries = toEntries(await movementsBack(tx, payout, `${payoutId}-back`, payout.amount))
  return (await close(tx, { payoutId, reason, entries })).length > 0
}

/** The movements that bring `amount` of a payout back to where it was taken from. Minor units. */
export async function movementsBack(
  tx: Transaction,
  { id, currency }: Pick<LockedPayout, 'id' | 'currency'>,
  key: string,
  amount: number,
): Promise<Movement[]> {
  const from = `payout:${id}`
  const taken = await readTaken(tx, { payoutId: id, account: from })
  let rest = amount
  return taken.map(({ account, amount: given }) => {
    const back = Math.min(rest, given)
    rest -= back
    const correlationKey = `${key}-${account.slice(0, account.indexOf(':'))}`
    return { correlationKey, orderId: null, payoutId: id, from, to: account, amount: back, currency }
  })
}
