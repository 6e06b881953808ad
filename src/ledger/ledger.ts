import { type Hole, insertRows, type NewRow } from '../database/statement.ts'

/** One movement of money between two accounts. `amount` in minor units flows from `from` to `to`. */
export type Movement = {
  correlationKey: string
  orderId: string
  from: string
  to: string
  amount: number
  currency: string
}

/** The two rows of each movement, ready for {@link insertEntries}; they sum to zero (I6). */
export const toEntries = (movements: readonly Movement[]): NewRow<'ledger_entries'>[] =>
  movements
    .filter(({ amount }) => amount !== 0)
    .flatMap(({ correlationKey, orderId, from, to, amount, currency }) => [
      { correlation_key: correlationKey, order_id: orderId, account: from, amount: -amount, currency },
      { correlation_key: correlationKey, order_id: orderId, account: to, amount, currency },
    ])

/** Books movements, as a part of the statement that makes them happen. A movement that stands already stays as it is. */
export const insertEntries = (entries: Hole<readonly NewRow<'ledger_entries'>[]>) =>
  insertRows('ledger_entries', entries, ['correlation_key', 'order_id', 'account', 'amount', 'currency']).onConflict(
    (conflict) => conflict.columns(['correlation_key', 'account']).doNothing(),
  )

/** The two rows of each movement, ready for {@link insertLedgerSql}; they sum to zero (I6). */
export function toLedgerRows(movements: readonly Movement[]): string {
  return JSON.stringify(
    movements
      .filter(({ amount }) => amount !== 0)
      .flatMap(({ correlationKey, orderId, from, to, amount, currency }) => [
        { correlation_key: correlationKey, order_id: orderId, account: from, amount: -amount, currency },
        { correlation_key: correlationKey, order_id: orderId, account: to, amount, currency },
      ]),
  )
}

/** Inserts ledger rows given as JSON in the parameter `$n`. A movement that stands already stays as it is. */
export const insertLedgerSql = (parameter: string) => `
  insert into ledger_entries (correlation_key, order_id, account, amount, currency)
  select correlation_key, order_id, account, amount, currency
  from jsonb_to_recordset(${parameter}::jsonb)
    as m(correlation_key text, order_id text, account text, amount bigint, currency text)
  on conflict (correlation_key, account) do nothing`
