import { statement } from '../database/statement.ts'
import { moveOrder } from '../orders/move-order.ts'
import { openItems } from '../orders/open-items.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Transaction } from '../tasks/transaction.ts'

const countOpenItems = statement<{ orderId: string }>()((db, $) => db.selectNoFrom(openItems($.orderId).as('count')))

/**
 * Saga step 4: a locked order is `CONFIRMED`, and goes on at once as far as its goods are handed over already.
 * Reached only after fulfilment and distribution. `counted`: how many items are not handed over yet, where they were counted since the order was locked.
 */
export async function finalizeOrder(tx: Transaction, order: OrderRow, counted?: number): Promise<void> {
  const open = counted ?? (await countOpenItems(tx, { orderId: order.id }))[0]?.count
  const path: [OrderState, ...OrderState[]] = open === 0 ? ['confirmed', 'fulfilled', 'complete'] : ['confirmed']
  await moveOrder(tx, order, path, 'saga')
}
