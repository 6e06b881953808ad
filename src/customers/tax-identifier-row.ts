import { expressionBuilder } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { Tables } from '../database/tables.ts'
/** A tax identifier as it is read. */
export type TaxIdentifierRow = {
  id: string
  customerId: string | null
  type: string
  value: string
  state: 'pending' | 'verified' | 'not_valid'
  stateTransitions: Record<string, string>
  verifiedName: string | null
  verifiedAddress: string | null
  createdAt: string
  updatedAt: string
}

const t = expressionBuilder<{ t: Tables['tax_identifiers'] }, 't'>()

/** A {@link TaxIdentifierRow} as one JSON object, of `tax_identifiers as t`. */
export const taxIdentifierRow = jsonBuildObject({
  id: t.ref('t.id'),
  customerId: t.ref('t.customer_id'),
  type: t.ref('t.type'),
  value: t.ref('t.value'),
  state: t.ref('t.state'),
  stateTransitions: t.ref('t.state_transitions'),
  verifiedName: t.ref('t.verified_name'),
  verifiedAddress: t.ref('t.verified_address'),
  createdAt: t.ref('t.created_at'),
  updatedAt: t.ref('t.updated_at'),
})
