import { sql } from 'kysely'
import { db, type Hole, merged, rowsOf, statement } from '../database/statement.ts'
import { statesBefore } from '../platform/state-machine.ts'
import { type ItemState, itemTransitions } from './order.state-machine.ts'

/** When an item came into a state, by the state. */
export type ItemStamp = Record<string, string>

export const stampNow = (...states: readonly ItemState[]): ItemStamp => {
  const at = new Date().toISOString()
  return Object.fromEntries(states.map((state) => [state, at]))
}

/** The beginning of a statement that moves items; it says which. Those in a state from which it cannot be reached stay as they are. */
export const moveItems = (to: ItemState, stamp: Hole<ItemStamp>) =>
  db
    .updateTable('order_items as i')
    .set((i) => ({ state: to, state_transitions: merged(i.ref('i.state_transitions'), stamp) }))
    .where('i.state', 'in', statesBefore(itemTransitions, to))

/** Hands over all pieces of items that were not cancelled; the statement says which. */
export const fulfilItems = (stamp: Hole<ItemStamp>) =>
  moveItems('fulfilled', stamp).set((i) => ({
    fulfilled_quantity: i('i.quantity', '-', i.ref('i.cancelled_quantity')),
  }))

/** Gives items up of which nothing was handed over; the statement says which. */
export const cancelItems = (stamp: Hole<ItemStamp>) =>
  moveItems('cancelled', stamp).set((i) => ({ cancelled_quantity: i.ref('i.quantity') }))

const closingStates = ['created', 'fulfilled'] as const satisfies ItemState[]

/**
 * Closes all open items of an order, as a part of a statement: pieces that were handed over count as returned, the others as cancelled. One that was handed over in
 * part is decided by that, so that it goes by way of `fulfilled`; of which nothing was handed over never becomes `returned`.
 */
export const closeItems = (
  orderId: Hole<string>,
  stamps: { cancelled: Hole<ItemStamp>; returned: Hole<ItemStamp>; fulfilledAndReturned: Hole<ItemStamp> },
) =>
  db
    .updateTable('order_items as i')
    .from('order_items as before')
    .set((i) => {
      const open = i('i.state', '=', 'created')
      const untouched = i.and([open, i('i.fulfilled_quantity', '=', 0)])
      return {
        state: i
          .case()
          .when(untouched)
          .then(sql.lit<ItemState>('cancelled'))
          .else(sql.lit<ItemState>('returned'))
          .end(),
        returned_quantity: i.ref('i.fulfilled_quantity'),
        cancelled_quantity: i('i.quantity', '-', i.ref('i.fulfilled_quantity')),
        state_transitions: sql<ItemStamp>`${i.ref('i.state_transitions')} || case when ${untouched} then ${stamps.cancelled.json}
          when ${open} then ${stamps.fulfilledAndReturned.json} else ${stamps.returned.json} end`,
      }
    })
    .where('i.order_id', '=', orderId)
    .where('i.state', 'in', closingStates)
    .whereRef('before.id', '=', 'i.id')
    .returning([
      'i.id',
      'i.state as to',
      'before.state',
      'before.returned_quantity as returned',
      'before.cancelled_quantity as cancelled',
    ])

/** An item as it was before something closed it. */
export type ItemBefore = { id: string; state: ItemState; returned: number; cancelled: number }

const reopen = statement<{ items: readonly (ItemBefore & { undone: readonly ItemState[] })[] }>()((db, $) =>
  db
    .updateTable('order_items as i')
    .from(
      rowsOf($.items, 'b', { id: 'text', state: 'text', returned: 'integer', cancelled: 'integer', undone: 'text[]' }),
    )
    .set((i) => ({
      state: i.ref('b.state'),
      returned_quantity: i.ref('b.returned'),
      cancelled_quantity: i.ref('b.cancelled'),
      state_transitions: sql<ItemStamp>`${i.ref('i.state_transitions')} - ${i.ref('b.undone')}`,
    }))
    .whereRef('i.id', '=', 'b.id'),
)

/** The one way back: items are what they were before a refund closed them that has failed since. */
export const reopenItems = (on: Parameters<typeof reopen>[0], items: readonly ItemBefore[]) =>
  reopen(on, { items: items.map((item) => ({ ...item, undone: statesAfter(item.state) })) })

const statesAfter = (state: ItemState): ItemState[] => [
  ...new Set(itemTransitions[state].flatMap((next) => [next, ...statesAfter(next)])),
]

/** What was decided about an item: how many of its pieces so far, and the state that follows from it. */
export type DecidedItem = { id: string; fulfilled: number; cancelled: number; state: ItemState; stamp: ItemStamp }

/** Stores what was decided about pieces of open items. */
export const decideItems = statement<{ items: readonly DecidedItem[] }>()((db, $) =>
  db
    .updateTable('order_items as i')
    .from(
      rowsOf($.items, 'd', { id: 'text', fulfilled: 'integer', cancelled: 'integer', state: 'text', stamp: 'jsonb' }),
    )
    .set((i) => ({
      fulfilled_quantity: i.ref('d.fulfilled'),
      cancelled_quantity: i.ref('d.cancelled'),
      state: i.ref('d.state'),
      state_transitions: sql<ItemStamp>`${i.ref('i.state_transitions')} || ${i.ref('d.stamp')}`,
    }))
    .whereRef('i.id', '=', 'd.id')
    .where('i.state', 'in', statesBefore(itemTransitions, 'fulfilled', 'cancelled')),
)

/** Counts pieces that came back; an item that was handed over is returned when all of its pieces are back. */
export const returnPieces = statement<{
  pieces: readonly { id: string; quantity: number }[]
  stamp: ItemStamp
}>()((db, $) =>
  db
    .updateTable('order_items as i')
    .from(
      db
        .selectFrom(rowsOf($.pieces, 'r', { id: 'text', quantity: 'integer' }))
        .select((r) => ['r.id', r.fn.sum<number>('r.quantity').as('quantity')])
        .groupBy('r.id')
        .as('d'),
    )
    .set((i) => {
      const returned = i('i.returned_quantity', '+', i.ref('d.quantity'))
      const allBack = i.and([
        i('i.state', 'in', statesBefore(itemTransitions, 'returned')),
        i(returned, '=', i.ref('i.fulfilled_quantity')),
      ])
      return {
        returned_quantity: returned,
        state: i.case().when(allBack).then(sql.lit<ItemState>('returned')).else(i.ref('i.state')).end(),
        state_transitions: i
          .case()
          .when(allBack)
          .then(merged(i.ref('i.state_transitions'), $.stamp))
          .else(i.ref('i.state_transitions'))
          .end(),
      }
    })
    .whereRef('i.id', '=', 'd.id')
    .where('d.quantity', '>', 0)
    .returning(['i.id', 'i.state']),
)

/** Writes down which pieces of open items will not be handed over. */
export const cancelPieces = statement<{ items: readonly { id: string; stopped: number }[] }>()((db, $) =>
  db
    .updateTable('order_items as i')
    .from(rowsOf($.items, 's', { id: 'text', stopped: 'integer' }))
    .set((i) => ({ cancelled_quantity: i.ref('s.stopped') }))
    .whereRef('i.id', '=', 's.id')
    .where('i.state', '=', 'created'),
)
