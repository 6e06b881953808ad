import { moveOrder } from '../orders/move-order.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Transaction } from '../tasks/transaction.ts'

/**
 * Saga step 4: a locked order is `CONFIRMED` (R43), and goes on at once as far as its goods are handed over already.
 * Reached only after fulfilment and distribution (R44). `openItems`, where they were counted since the order was locked.
 */
export async function finalizeOrder(tx: Transaction, order: OrderRow, openItems?: number): Promise<void> {
  const open = openItems ?? (await countOpenItems(tx, order.id))
  const path: [OrderState, ...OrderState[]] = open === 0 ? ['confirmed', 'fulfilled', 'complete'] : ['confirmed']
  await moveOrder(tx, order, path, 'saga')
}

/** How many items of an order are not handed over yet. */
export const openItemsSql = (orderId: string): string =>
  `select count(*) from order_items where order_id = ${orderId} and state = 'created'`

async function countOpenItems(tx: Transaction, orderId: string): Promise<number | undefined> {
  const [open] = await tx.sql<{ count: number }>(openItemsSql('$1'), [orderId])
  return open?.count
}
