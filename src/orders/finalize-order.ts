import type { Transaction } from '../platform/transaction.ts'
import { moveOrder } from './move-order.ts'
import type { OrderState } from './order.state-machine.ts'
import { lockOrder } from './order-row.ts'

/**
 * Saga step 4: the order is `CONFIRMED` (R43), and goes on at once as far as its goods are handed over already.
 * Reached only after fulfilment and distribution (R44).
 */
export async function finalizeOrder(tx: Transaction, orderId: string): Promise<void> {
  const order = await lockOrder(tx, orderId)
  if (!order) throw new Error(`order ${orderId} does not exist`)
  const [open] = await tx.sql<{ items: number }>(
    `select count(*) as items from order_items where order_id = $1 and state = 'created'`,
    [orderId],
  )
  const path: [OrderState, ...OrderState[]] = open?.items === 0 ? ['confirmed', 'fulfilled', 'complete'] : ['confirmed']
  await moveOrder(tx, order, path, 'saga')
}
