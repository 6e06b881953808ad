import { sql } from 'kysely'
import { db, type Hole, rowsOf } from '../database/statement.ts'

/** What of an item's price goes back, or does not after all. Minor units. */
export type ItemAmount = {
  itemId: string
  amount: number
  /** What of it goes back to a credit. */
  credit: number
}

const sumsOf = (amounts: Hole<readonly ItemAmount[]>) =>
  db
    .selectFrom(rowsOf(amounts, 'r', { itemId: 'text', amount: 'bigint', credit: 'bigint' }))
    .select((r) => ['r.itemId', r.fn.sum<number>('r.amount').as('amount'), r.fn.sum<number>('r.credit').as('credit')])
    .groupBy('r.itemId')
    .as('s')

/** Takes what is about to go back from what is available of items, as a part of the statement that stores the refund. */
export const reserveRefund = (amounts: Hole<readonly ItemAmount[]>) =>
  db
    .updateTable('order_items as i')
    .from(sumsOf(amounts))
    .set((i) => ({
      refunded_amount: i('i.refunded_amount', '+', i.ref('s.amount')),
      credit_refunded_amount: i('i.credit_refunded_amount', '+', i.ref('s.credit')),
    }))
    .whereRef('i.id', '=', 's.itemId')

/** Makes available again what did not go back. */
export const releaseRefund = (amounts: Hole<readonly ItemAmount[]>) =>
  db
    .updateTable('order_items as i')
    .from(sumsOf(amounts))
    .set((i) => ({
      refunded_amount: sql<number>`greatest(0, ${i.ref('i.refunded_amount')} - ${i.ref('s.amount')})`,
      credit_refunded_amount: sql<number>`greatest(0, ${i.ref('i.credit_refunded_amount')} - ${i.ref('s.credit')})`,
    }))
    .whereRef('i.id', '=', 's.itemId')
