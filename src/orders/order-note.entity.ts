import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** What a seller has noted about an order for its own people; no buyer sees it. */
export const OrderNoteEntity = defineEntity({
  name: 'OrderNote',
  tableName: 'order_notes',
  properties: {
    orderId: p.text().primary(),
    note: p.text(),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
})

/** A word that a seller finds orders by. */
export const OrderTagEntity = defineEntity({
  name: 'OrderTag',
  tableName: 'order_tags',
  primaryKeys: ['orderId', 'tag'],
  properties: {
    orderId: p.text().primary(),
    tag: p.text().primary(),
    merchantId: p.text(),
  },
  indexes: [{ properties: ['merchantId', 'tag', 'orderId'] }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof OrderNoteEntity | typeof OrderTagEntity> {}
}
