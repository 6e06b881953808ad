import { type Hole, insertRows, type NewRow, type Runs, statement } from '../database/statement.ts'

/** One movement of money between two accounts. `amount` in minor units flows from `from` to `to`. */
export type Movement = {
  correlationKey: string
  orderId: string | null
  payoutId?: string
  from: string
  to: string
  amount: number
  currency: string
}

/** The two rows of each movement, ready for {@link insertEntries}; they sum to zero (I6). */
export const toEntries = (movements: readonly Movement[]): NewRow<'ledger_entries'>[] =>
  movements
    .filter(({ amount }) => amount !== 0)
    .flatMap(({ correlationKey, orderId, payoutId = null, from, to, amount, currency }) => {
      const about = { correlation_key: correlationKey, order_id: orderId, payout_id: payoutId, currency }
      return [
        { ...about, account: from, amount: -amount },
        { ...about, account: to, amount },
      ]
    })

/** Books movements, as a part of the statement that makes them happen. A movement that stands already stays as it is. */
export const insertEntries = (entries: Hole<readonly NewRow<'ledger_entries'>[]>) =>
  insertRows('ledger_entries', entries, [
    'correlation_key',
    'order_id',
    'payout_id',
    'account',
    'amount',
    'currency',
  ]).onConflict((conflict) => conflict.columns(['correlation_key', 'account']).doNothing())

const insert = statement<{ entries: readonly NewRow<'ledger_entries'>[] }>()((_, $) => insertEntries($.entries))

/** Books movements that nothing else is stored with. */
export async function bookMovements(tx: Runs, movements: readonly Movement[]): Promise<void> {
  await insert(tx, { entries: toEntries(movements) })
}
