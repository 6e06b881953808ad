import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** A licence key of a product's pool; handed out once, to one order item. */
export const LicenceKeyEntity = defineEntity({
  name: 'LicenceKey',
  tableName: 'licence_keys',
  properties: {
    id: p.text().primary(),
    merchantId: p.text(),
    skuId: p.text(),
    key: p.text(),
    orderItemId: p.text().nullable().index(),
    importedAt: p.datetime().defaultRaw('now()'),
  },
  uniques: [{ properties: ['merchantId', 'skuId', 'key'] }],
  indexes: [
    {
      name: 'licence_keys_free',
      expression:
        'create index licence_keys_free on licence_keys (merchant_id, sku_id, id) where order_item_id is null',
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof LicenceKeyEntity> {}
}
