import { moveOrder, setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Transaction } from '../tasks/transaction.ts'

/**
 * Moves a locked order that its merchant fulfils as far as its pieces and its money allow: `fulfilled` when every item is decided and one
 * was fulfilled, `complete` when its charges are captured or cancelled too, `cancelled` when all of them are cancelled and
 * nothing was fulfilled. Goods that nobody paid complete nothing: the order stays and calls a person. Cancelled lines of an order that goes on never cancel it (R149–R151).
 */
export async function advanceMerchantOrder(tx: Transaction, order: OrderRow, cause: string): Promise<void> {
  if (order.fulfilledBy !== 'merchant' || (order.state !== 'accepted' && order.state !== 'fulfilled')) return
  const [seen] = await tx.sql<{
    openItems: number
    fulfilledItems: number
    openCharges: number
    capturedCharges: number
    uncaptured: number
  }>(
    `select (select count(*) from order_items where order_id = $1 and state = 'created') as "openItems",
       (select count(*) from order_items where order_id = $1 and fulfilled_quantity > 0) as "fulfilledItems",
       (select count(*) from charges where order_id = $1 and state in ('pending', 'capturable', 'processing')) as "openCharges",
       (select count(*) from charges where order_id = $1 and state = 'complete') as "capturedCharges",
       (select count(*) from charge_entries where order_id = $1 and kind = 'capture' and state in ('pending', 'failed')) as uncaptured`,
    [order.id],
  )
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
