import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** Somebody who earns by recommending a merchant's products. Only who is registered here can be named in an attribution. */
export const RecipientEntity = defineEntity({
  name: 'Recipient',
  tableName: 'recipients',
  properties: {
    merchantId: p.text().primary(),
    id: p.text().primary(),
    name: p.text(),
    /** Earns nothing by orders of this address. */
    email: p.text().nullable(),
    /** Connected account that payouts go to; without one they are made by hand. */
    stripeAccountId: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    deletedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'recipients_named',
      expression:
        'create index recipients_named on recipients (merchant_id, lower(name) text_pattern_ops) where deleted_at is null',
    },
    {
      name: 'recipients_addressed',
      expression:
        'create index recipients_addressed on recipients (merchant_id, lower(email) text_pattern_ops) where deleted_at is null',
    },
  ],
})

export type Recipient = InferEntity<typeof RecipientEntity>

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof RecipientEntity> {}
}
