import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** A picture of a printed product that its seller has asked for. Once it is the product's picture there is none. */
export const MockUpEntity = defineEntity({
  name: 'MockUp',
  tableName: 'mock_ups',
  primaryKeys: ['merchantId', 'skuId'],
  properties: {
    merchantId: p.text().primary(),
    skuId: p.text().primary(),
    askedAt: p.datetime().defaultRaw('now()'),
    /** Why there is none, by its code. */
    failure: p.text().nullable(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof MockUpEntity> {}
}
