import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { Party } from '../parties/address.ts'
import { customerTypes } from '../parties/customer-type.ts'
import type { TaxCertificate } from '../tax/tax-certificate.ts'

/** A buyer with an account at a merchant's shop. Its id may be the merchant's own. */
export const CustomerEntity = defineEntity({
  name: 'Customer',
  tableName: 'customers',
  properties: {
    merchantId: p.text().primary(),
    id: p.text().primary(),
    email: p.text().nullable(),
    shipping: p.json<Party>().nullable(),
    locale: p.text().nullable(),
    type: p.enum(customerTypes).default('individual'),
    /** A disabled customer cannot order. */
    enabled: p.boolean().default(true),
    defaultSourceId: p.uuid().nullable(),
    /** The customer's id at each payment provider, by the provider's name. */
    providerReferences: p.json<Record<string, string>>().default('{}'),
    requestToBeForgotten: p.boolean().default(false),
    /** What frees it from tax, where and when. */
    taxCertificates: p.json<TaxCertificate[]>().default('[]'),
    metadata: p.json<Record<string, string | number | boolean>>(),
    liveMode: p.boolean(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
    deletedAt: p.datetime().nullable(),
  },
  indexes: [
    { properties: ['merchantId', 'createdAt', 'id'] },
    { properties: ['merchantId', 'email', 'createdAt', 'id'] },
    {
      name: 'customers_of_address',
      expression:
        'create index customers_of_address on customers (merchant_id, lower(email) text_pattern_ops) where email is not null',
    },
    {
      name: 'customers_to_forget',
      expression:
        'create index customers_to_forget on customers (merchant_id, created_at, id) where request_to_be_forgotten',
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof CustomerEntity> {}
}
