import { expressionBuilder } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { Tables } from '../database/tables.ts'
import type { ProviderName } from '../providers/registry.ts'
import type { SourceOwner } from '../providers/source-owner.ts'
import type { AnySourceType, SourceFlow } from '../providers/source-types.ts'
import type { SourceState } from './source.state-machine.ts'

/** A means of payment as it is read. Amounts in minor units. */
export type SourceRow = {
  id: string
  merchantId: string
  apiKeyId: string | null
  customerId: string | null
  type: AnySourceType
  flow: SourceFlow
  state: SourceState
  reusable: boolean
  currency: string | null
  amount: number | null
  owner: SourceOwner | null
  details: Record<string, unknown>
  provider: ProviderName | null
  providerReference: string | null
  setupReference: string | null
  clientSecret: string | null
  fingerprint: string | null
  upstreamId: string | null
  checkoutId: string | null
  liveMode: boolean
  createdAt: string
  updatedAt: string
}

const s = expressionBuilder<{ s: Tables['sources'] }, 's'>()

/** A {@link SourceRow} as one JSON object, of `sources as s`. */
export const sourceRow = jsonBuildObject({
  id: s.ref('s.id'),
  merchantId: s.ref('s.merchant_id'),
  apiKeyId: s.ref('s.api_key_id'),
  customerId: s.ref('s.customer_id'),
  type: s.ref('s.type'),
  flow: s.ref('s.flow'),
  state: s.ref('s.state'),
  reusable: s.ref('s.reusable'),
  currency: s.ref('s.currency'),
  amount: s.ref('s.amount'),
  owner: s.ref('s.owner'),
  details: s.ref('s.details'),
  provider: s.ref('s.provider'),
  providerReference: s.ref('s.provider_reference'),
  setupReference: s.ref('s.setup_reference'),
  clientSecret: s.ref('s.client_secret'),
  fingerprint: s.ref('s.fingerprint'),
  upstreamId: s.ref('s.upstream_id'),
  checkoutId: s.ref('s.checkout_id'),
  liveMode: s.ref('s.live_mode'),
  createdAt: s.ref('s.created_at'),
  updatedAt: s.ref('s.updated_at'),
})
