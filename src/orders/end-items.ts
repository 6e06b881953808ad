import { statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { cancelItems, type ItemStamp, moveItems, stampNow } from './move-items.ts'

type Stamp = { orderId: string; stamp: ItemStamp }

const blockOpen = statement<Stamp>()((_, $) =>
  moveItems('blocked', $.stamp).where('i.order_id', '=', $.orderId).returning('i.id'),
)

const cancelOpen = statement<Stamp>()((_, $) =>
  cancelItems($.stamp).where('i.order_id', '=', $.orderId).returning('i.id'),
)

/** Ends every item of a locked order that is not handed over yet, and writes the timeline. */
export async function endOpenItems(
  tx: Transaction,
  orderId: string,
  to: 'blocked' | 'cancelled',
  cause: string,
): Promise<void> {
  const end = to === 'blocked' ? blockOpen : cancelOpen
  const items = await end(tx, { orderId, stamp: stampNow(to) })
  for (const { id } of items) {
    tx.note({ orderId, kind: 'transition', subject: 'item', subjectId: id, from: 'created', to, cause })
  }
}

/** Why an order will be cancelled, said before its last charge lets it be. */
export const storeCancelReason = statement<{ orderId: string; reason: string }>()((db, $) =>
  db.updateTable('orders').set({ cancel_reason: $.reason }).where('id', '=', $.orderId),
)
