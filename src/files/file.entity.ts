import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** What a file is for, in Digital River's words; digital goods of a seller have no purpose. */
export const filePurposes = ['customer_invoice', 'customer_credit_memo', 'tax_document_customer_upload'] as const
export type FilePurpose = (typeof filePurposes)[number]

/**
 * A file a seller has uploaded, or a document we have made. `pending` until its content is stored whole; its key in the storage is ours and holds nothing
 * of the name it was uploaded with.
 */
export const FileEntity = defineEntity({
  name: 'File',
  tableName: 'files',
  properties: {
    id: p.text().primary(),
    merchantId: p.text(),
    storageKey: p.text().unique(),
    filename: p.text(),
    /** In bytes; null while pending, like the type and the hash. */
    size: p.bigint('number').nullable(),
    /** By its content, not by what the sender said. */
    contentType: p.text().nullable(),
    sha256: p.text().nullable(),
    state: p.enum(['pending', 'stored', 'deleted'] as const).default('pending'),
    purpose: p.enum(filePurposes).nullable(),
    title: p.text().nullable(),
    /** The order whose invoice or credit memo it is. */
    orderId: p.text().nullable(),
    liveMode: p.boolean().default(false),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    { properties: ['merchantId', 'id'] },
    { properties: ['merchantId', 'filename', 'id'] },
    {
      name: 'files_titled',
      expression: 'create index files_titled on files (merchant_id, title, id) where title is not null',
    },
    {
      name: 'files_pending',
      expression: `create index files_pending on files (created_at) where state = 'pending'`,
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof FileEntity> {}
}
