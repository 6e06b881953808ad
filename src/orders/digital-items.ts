import { sql } from 'kysely'
import type { DigitalContent } from '../catalog/sku.entity.ts'
import { db, type Hole, statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { fulfilItems, type ItemStamp, stampNow } from './move-items.ts'

/** Replaces what an item's own copy of its product hands over, as a part of the statement that replaces what was handed over. */
export const keepDelivery = ($: { itemId: Hole<string>; content: Hole<DigitalContent> }) =>
  db
    .updateTable('order_items')
    .set((i) => ({
      product: sql<Record<string, unknown>>`jsonb_set(${i.ref('product')}, '{delivery}', ${$.content.json})`,
    }))
    .where('id', '=', $.itemId)

const fulfilOpen = statement<{ orderId: string; stamp: ItemStamp }>()((_, $) =>
  fulfilItems($.stamp).where('i.order_id', '=', $.orderId).where('i.kind', '=', 'digital').returning('i.id'),
)

/** Fulfils every digital item of a locked order that is not handed over yet, and writes the timeline. */
export async function fulfilDigitalItems(tx: Transaction, orderId: string, cause: string): Promise<void> {
  const items = await fulfilOpen(tx, { orderId, stamp: stampNow('fulfilled') })
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
