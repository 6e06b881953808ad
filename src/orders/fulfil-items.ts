import { db, type Hole, merged, rowsOf, statement } from '../database/statement.ts'

/** Items of which everything left is handed over, as a part of a larger statement; those that ended meanwhile stay as they are. */
export const fulfilItems = (ids: Hole<readonly string[]>, stamp: Hole<Record<string, string>>) =>
  db
    .updateTable('order_items')
    .set((i) => ({
      state: 'fulfilled',
      fulfilled_quantity: i('quantity', '-', i.ref('cancelled_quantity')),
      state_transitions: merged(i.ref('state_transitions'), stamp),
    }))
    .where((i) => i('id', '=', i.fn.any(ids)))
    .where('state', '=', 'created')
    .returning('id')

/** Writes down how many pieces of items are not handed over because their money goes back. */
export const stopPieces = statement<{ items: readonly { id: string; stopped: number }[] }>()((from, $) =>
  from
    .updateTable('order_items as i')
    .from(rowsOf($.items, 's', { id: 'text', stopped: 'integer' }))
    .set((i) => ({ cancelled_quantity: i.ref('s.stopped') }))
    .whereRef('i.id', '=', 's.id')
    .where('i.state', '=', 'created'),
)
