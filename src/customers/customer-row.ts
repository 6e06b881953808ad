import { expressionBuilder, sql } from 'kysely'
import { type db, jsonList } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import type { Party } from '../parties/address.ts'
import type { CustomerType } from '../parties/customer-type.ts'
import { type SourceRow, sourceRow } from '../sources/source-row.ts'
import type { TaxCertificate } from '../tax/tax-certificate.ts'
import { type TaxIdentifierRow, taxIdentifierRow } from './tax-identifier-row.ts'

export type Metadata = Record<string, string | number | boolean>

/** A customer as it is read, with what was saved for later. */
export type Customer = {
  id: string
  merchantId: string
  email: string | null
  shipping: Party | null
  locale: string | null
  type: CustomerType
  enabled: boolean
  defaultSourceId: string | null
  requestToBeForgotten: boolean
  metadata: Metadata
  liveMode: boolean
  createdAt: Date
  updatedAt: Date
  taxCertificates: TaxCertificate[]
  sources: SourceRow[]
  taxIdentifiers: TaxIdentifierRow[]
}

const s = expressionBuilder<{ s: Tables['sources'] }, 's'>()

/** True for `sources as s` that are saved with somebody and can be charged again. */
export const isSaved = s.and([s.ref('s.reusable'), s('s.state', '=', sql.lit('chargeable'))])

/** Selects {@link Customer}s from `customers as c`, each with its sources and tax identifiers, in one statement. */
export const selectCustomers = (from: typeof db) =>
  from.selectFrom('customers as c').select((c) => [
    'c.id',
    'c.merchant_id as merchantId',
    'c.email',
    'c.shipping',
    'c.locale',
    'c.type',
    'c.enabled',
    'c.default_source_id as defaultSourceId',
    'c.request_to_be_forgotten as requestToBeForgotten',
    'c.metadata',
    'c.tax_certificates as taxCertificates',
    'c.live_mode as liveMode',
    'c.created_at as createdAt',
    'c.updated_at as updatedAt',
    c
      .selectFrom('sources as s')
      .select((s) => jsonList(sourceRow, sql`${s.ref('s.created_at')}, ${s.ref('s.id')}`).as('list'))
      .whereRef('s.merchant_id', '=', 'c.merchant_id')
      .whereRef('s.customer_id', '=', 'c.id')
      .where(isSaved)
      .$asScalar()
      .$notNull()
      .as('sources'),
    c
      .selectFrom('tax_identifiers as t')
      .select((t) => jsonList(taxIdentifierRow, t.ref('t.id')).as('list'))
      .whereRef('t.merchant_id', '=', 'c.merchant_id')
      .whereRef('t.customer_id', '=', 'c.id')
      .$asScalar()
      .$notNull()
      .as('taxIdentifiers'),
  ])
