import { sql } from 'kysely'
import { now, statement } from '../database/statement.ts'

/** Forgets tax identifiers; what was ordered with one keeps its own copy, which goes with the order. */
export const eraseTaxIdentifiers = statement<{ taxIdentifierIds: string[] }>()((db, $) =>
  db
    .deleteFrom('tax_identifiers')
    .where((t) => t('id', '=', t.fn.any($.taxIdentifierIds)))
    .returning('id'),
)

/** Takes out of a customer who it is. A null customer is none. */
export const eraseCustomer = statement<{ merchantId: string; customerId: string | null }>()((db, $) =>
  db
    .updateTable('customers')
    .set({
      email: null,
      shipping: null,
      metadata: sql`'{}'`,
      tax_certificates: sql`'[]'`,
      default_source_id: null,
      provider_references: sql`'{}'`,
      enabled: false,
      request_to_be_forgotten: true,
      updated_at: now,
    })
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.customerId)
    .returning('id'),
)
