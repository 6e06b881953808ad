import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { taxIdentifierStates } from './tax-identifier.state-machine.ts'

/** A buyer's number with a tax authority. It is personal data: it stays in this table and out of jobs and logs. */
export const TaxIdentifierEntity = defineEntity({
  name: 'TaxIdentifier',
  tableName: 'tax_identifiers',
  properties: {
    id: p.text().primary(),
    merchantId: p.text().index(),
    customerId: p.text().nullable(),
    type: p.text(),
    value: p.text(),
    state: p.enum(taxIdentifierStates),
    stateTransitions: p.json<Record<string, string>>(),
    verifiedName: p.text().nullable(),
    verifiedAddress: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    {
      name: 'tax_identifiers_pending',
      expression: `create index tax_identifiers_pending on tax_identifiers (type, id) where state = 'pending'`,
    },
    {
      name: 'tax_identifiers_customer_type',
      expression:
        'create unique index tax_identifiers_customer_type on tax_identifiers (merchant_id, customer_id, type) where customer_id is not null',
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof TaxIdentifierEntity> {}
}
