import { merged, statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'

type Stamp = { orderId: string; stamp: Record<string, string> }

const blockOpen = statement<Stamp>()((db, $) =>
  db
    .updateTable('order_items')
    .set((i) => ({ state: 'blocked', state_transitions: merged(i.ref('state_transitions'), $.stamp) }))
    .where('order_id', '=', $.orderId)
    .where('state', '=', 'created')
    .returning('id'),
)

const cancelOpen = statement<Stamp>()((db, $) =>
  db
    .updateTable('order_items')
    .set((i) => ({
      state: 'cancelled',
      cancelled_quantity: i.ref('quantity'),
      state_transitions: merged(i.ref('state_transitions'), $.stamp),
    }))
    .where('order_id', '=', $.orderId)
    .where('state', '=', 'created')
    .returning('id'),
)

/** Ends every item of a locked order that is not handed over yet, and writes the timeline. */
export async function endOpenItems(
  tx: Transaction,
  orderId: string,
  to: 'blocked' | 'cancelled',
  cause: string,
): Promise<void> {
  const end = to === 'blocked' ? blockOpen : cancelOpen
  const items = await end(tx, { orderId, stamp: { [to]: new Date().toISOString() } })
  for (const { id } of items) {
    tx.note({ orderId, kind: 'transition', subject: 'item', subjectId: id, from: 'created', to, cause })
  }
}

/** Why an order will be cancelled, said before its last charge lets it be. */
export const storeCancelReason = statement<{ orderId: string; reason: string }>()((db, $) =>
  db.updateTable('orders').set({ cancel_reason: $.reason }).where('id', '=', $.orderId),
)
