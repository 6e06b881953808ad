import type { Party } from '../parties/address.ts'
import type { CustomerType } from '../parties/customer-type.ts'
import { type SourceRow, sourceRowJson } from '../sources/source-row.ts'
import { type TaxIdentifierRow, taxIdentifierRowJson } from './tax-identifier-row.ts'

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
  createdAt: string
  updatedAt: string
  sources: SourceRow[]
  taxIdentifiers: TaxIdentifierRow[]
}

/** True for a source `s` that is saved with somebody and can be charged again. */
export const isSavedSql = `s.reusable and s.state = 'chargeable'`

/** Reads {@link Customer}s from `customers c`, each with its sources and tax identifiers, in one statement. */
export const customerSql = `
  select c.id, c.merchant_id as "merchantId", c.email, c.shipping, c.locale, c.type, c.enabled, c.default_source_id as "defaultSourceId",
    c.request_to_be_forgotten as "requestToBeForgotten", c.metadata, c.live_mode as "liveMode", c.created_at as "createdAt",
    c.updated_at as "updatedAt",
    (select coalesce(json_agg(${sourceRowJson('s')} order by s.created_at, s.id), '[]') from sources s
      where s.merchant_id = c.merchant_id and s.customer_id = c.id and ${isSavedSql}) as sources,
    (select coalesce(json_agg(${taxIdentifierRowJson('t')} order by t.id), '[]') from tax_identifiers t
      where t.merchant_id = c.merchant_id and t.customer_id = c.id) as "taxIdentifiers"
  from customers c`
