import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { type DocumentData, documentKinds } from './document-data.ts'

/** An invoice or credit memo as it was issued; its PDF is rendered from `data` and always the same. */
export const OrderDocumentEntity = defineEntity({
  name: 'OrderDocument',
  tableName: 'order_documents',
  properties: {
    id: p.text().primary(),
    orderId: p.text(),
    merchantId: p.text(),
    kind: p.enum(documentKinds),
    number: p.text(),
    sellingEntityId: p.text(),
    /** The refund that a credit memo is of. */
    refundId: p.text().nullable(),
    /** Known before the file is there. */
    fileId: p.text().unique(),
    data: p.json<DocumentData>(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    {
      name: 'order_documents_once',
      expression:
        'create unique index order_documents_once on order_documents (order_id, kind, refund_id) nulls not distinct',
    },
  ],
})

/** The last number that was given out in a series: one for each seller, kind of document, and mode. */
export const DocumentNumberEntity = defineEntity({
  name: 'DocumentNumber',
  tableName: 'document_numbers',
  properties: {
    /** The merchant that a selling entity belongs to; `*` where it belongs to the installation. */
    ownerId: p.text().primary(),
    sellingEntityId: p.text().primary(),
    kind: p.enum(documentKinds).primary(),
    liveMode: p.boolean().primary(),
    lastNumber: p.bigint('number'),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof OrderDocumentEntity | typeof DocumentNumberEntity> {}
}
