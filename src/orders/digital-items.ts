import { sql } from 'kysely'
import type { DigitalContent } from '../catalog/sku.entity.ts'
import { db, type Hole, merged, statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** Replaces what an item's own copy of its product hands over, as a part of the statement that replaces what was handed over. */
export const keepDelivery = ($: { itemId: Hole<string>; content: Hole<DigitalContent> }) =>
  db
    .updateTable('order_items')
    .set((i) => ({
      product: sql<Record<string, unknown>>`jsonb_set(${i.ref('product')}, '{delivery}', ${$.content.json})`,
    }))
    .where('id', '=', $.itemId)

const fulfilOpen = statement<{ orderId: string; stamp: Record<string, string> }>()((db, $) =>
  db
    .updateTable('order_items')
    .set((i) => ({
      state: 'fulfilled',
      fulfilled_quantity: i('quantity', '-', i.ref('cancelled_quantity')),
      state_transitions: merged(i.ref('state_transitions'), $.stamp),
    }))
    .where('order_id', '=', $.orderId)
    .where('kind', '=', 'digital')
    .where('state', '=', 'created')
    .returning('id'),
)

/** Fulfils every digital item of a locked order that is not handed over yet, and writes the timeline. */
export async function fulfilDigitalItems(tx: Transaction, orderId: string, cause: string): Promise<void> {
  const items = await fulfilOpen(tx, { orderId, stamp: { fulfilled: new Date().toISOString() } })
  for (const { id } of items) {
    tx.note({
      orderId,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'created',
      to: 'fulfilled',
      cause,
    })
  }
}
