import type { Transaction } from '../platform/transaction.ts'
import { moveOrder } from './move-order.ts'
import type { OrderState } from './order.state-machine.ts'
import type { OrderRow } from './order-row.ts'

/**
 * Saga step 4: a locked order is `CONFIRMED` (R43), and goes on at once as far as its goods are handed over already.
 * Reached only after fulfilment and distribution (R44).
 */
export async function finalizeOrder(tx: Transaction, order: OrderRow): Promise<void> {
  const [open] = await tx.sql<{ items: number }>(
    `select count(*) as items from order_items where order_id = $1 and state = 'created'`,
    [order.id],
  )
  const path: [OrderState, ...OrderState[]] = open?.items === 0 ? ['confirmed', 'fulfilled', 'complete'] : ['confirmed']
  await moveOrder(tx, order, path, 'saga')
}
