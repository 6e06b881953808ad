import { db, type Hole, insertRows, type NewRow } from '../database/statement.ts'

/** What is handed over of one item. */
export type NewDelivery = Pick<
  NewRow<'deliveries'>,
  'id' | 'order_id' | 'order_item_id' | 'content_type' | 'content' | 'download_limit'
>

/** Hands content over, once for each item, as a part of the statement that counts the step. */
export const insertDeliveries = (deliveries: Hole<readonly NewDelivery[]>) =>
  insertRows('deliveries', deliveries, [
    'id',
    'order_id',
    'order_item_id',
    'content_type',
    'content',
    'download_limit',
  ]).onConflict((conflict) => conflict.column('order_item_id').doNothing())

/** The beginning of a statement that withdraws what was handed over; it says what. */
export const revokeDeliveries = () => db.updateTable('deliveries as d').set({ state: 'revoked' })

/** The beginning of a statement that gives back what was withdrawn; it says what. */
export const restoreDeliveries = () =>
  db.updateTable('deliveries as d').set({ state: 'delivered' }).where('d.state', '=', 'revoked')
