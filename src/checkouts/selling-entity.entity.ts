import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { SellingEntity } from './selling-entity.ts'

/** A company that sells in its own name; which of them it is decides the taxes, the terms and the imprint of an order. */
export const SellingEntityEntity = defineEntity({
  name: 'SellingEntity',
  tableName: 'selling_entities',
  properties: {
    id: p.uuid().primary(),
    /** Null serves every merchant that has no entities of its own. */
    merchantId: p.text().nullable(),
    /** What callers know it by, such as `ORDERMILL_IE`. */
    entityId: p.text(),
    name: p.text(),
    country: p.text(),
    /** The first entity whose countries fit sells. */
    position: p.integer(),
    shipFromCountries: p.json<string[]>(),
    shipToCountries: p.json<string[]>(),
    billToCountries: p.json<string[]>(),
    taxIdentifiers: p.json<SellingEntity['taxIdentifiers']>(),
    address: p.json<SellingEntity['address']>(),
    disclosures: p.json<SellingEntity['disclosures']>(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    {
      name: 'selling_entities_id',
      expression:
        'create unique index selling_entities_id on selling_entities (merchant_id, entity_id) nulls not distinct',
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof SellingEntityEntity> {}
}
