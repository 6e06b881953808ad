import { sql } from 'kysely'
import { scalar, statement } from '../database/statement.ts'
import { moveOrder, setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Transaction } from '../tasks/transaction.ts'

const readStanding = statement<{ orderId: string }>()((db, $) => {
  const count = sql<number>`count(*)`.as('count')
  const items = db.selectFrom('order_items').select(count).where('order_id', '=', $.orderId)
  const charges = db.selectFrom('charges').select(count).where('order_id', '=', $.orderId)
  const captures = db
    .selectFrom('charge_entries')
    .select(count)
    .where('order_id', '=', $.orderId)
    .where('kind', '=', 'capture')
  return db.selectNoFrom([
    scalar(items.where('state', '=', 'created')).as('openItems'),
    scalar(items.where('fulfilled_quantity', '>', 0)).as('fulfilledItems'),
    scalar(charges.where('state', 'in', ['pending', 'capturable', 'processing'])).as('openCharges'),
    scalar(charges.where('state', '=', 'complete')).as('capturedCharges'),
    scalar(captures.where('state', 'in', ['pending', 'failed'])).as('uncaptured'),
  ])
})

/**
 * Moves a locked order that its merchant fulfils as far as its pieces and its money allow: `fulfilled` when every item is decided and one
 * was fulfilled, `complete` when its charges are captured or cancelled too, `cancelled` when all of them are cancelled and
 * nothing was fulfilled. Goods that nobody paid complete nothing: the order stays and calls a person. Cancelled lines of an order that goes on never cancel it.
 */
export async function advanceMerchantOrder(tx: Transaction, order: OrderRow, cause: string): Promise<void> {
  if (order.fulfilledBy !== 'merchant' || (order.state !== 'accepted' && order.state !== 'fulfilled')) return
  const [seen] = await readStanding(tx, { orderId: order.id })
  if (!seen || seen.openItems > 0) return
  const settled = seen.openCharges === 0 && seen.uncaptured === 0
  const unpaid = seen.uncaptured > 0 && seen.openCharges === 0 && seen.capturedCharges === 0
  if (seen.fulfilledItems > 0 && unpaid) {
    await setAttention(tx, order.id, { reason: 'goods were fulfilled and nothing was paid' })
  } else if (seen.fulfilledItems > 0) {
    if (order.state === 'accepted') await moveOrder(tx, order, settled ? ['fulfilled', 'complete'] : 'fulfilled', cause)
    else if (settled) await moveOrder(tx, order, 'complete', cause)
  } else if (settled && seen.capturedCharges === 0) {
    await moveOrder(tx, order, 'cancelled', cause)
  }
}
