import { type Hole, insertRows, type NewRow } from '../database/statement.ts'

/** Stores the shares of a charge as they are planned, as a part of the statement that stores the charge. */
export const insertSplits = (splits: Hole<readonly NewRow<'splits'>[]>) =>
  insertRows('splits', splits, [
    'id',
    'charge_id',
    'order_id',
    'position',
    'kind',
    'recipient',
    'destination',
    'seller_id',
    'lines',
    'amount',
    'currency',
  ])
