import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** A caller's `Idempotency-Key` with the answer it got; kept for 24 hours. */
export const IdempotencyKeyEntity = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  properties: {
    apiKeyId: p.text().primary(),
    key: p.text().primary(),
    /** Whose data the answer may hold. */
    merchantId: p.text(),
    requestHash: p.text(),
    status: p.integer().nullable(),
    response: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()').index(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof IdempotencyKeyEntity> {}
}
