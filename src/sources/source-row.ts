import type { SourceOwner } from '../providers/source-owner.ts'
import type { SourceFlow, SourceType } from '../providers/source-types.ts'
import type { SourceState } from './source.state-machine.ts'

/** A means of payment as it is read. Amounts in minor units. */
export type SourceRow = {
  id: string
  merchantId: string
  apiKeyId: string | null
  customerId: string | null
  type: SourceType
  flow: SourceFlow
  state: SourceState
  reusable: boolean
  currency: string | null
  amount: number | null
  owner: SourceOwner | null
  details: Record<string, unknown>
  provider: string
  providerReference: string | null
  setupReference: string | null
  clientSecret: string | null
  fingerprint: string | null
  checkoutId: string | null
  liveMode: boolean
  createdAt: string
  updatedAt: string
}

/** A {@link SourceRow} as one JSON object, for a table alias. */
export const sourceRowJson = (s: string) =>
  `json_build_object('id', ${s}.id, 'merchantId', ${s}.merchant_id, 'apiKeyId', ${s}.api_key_id, 'customerId', ${s}.customer_id,
    'type', ${s}.type, 'flow', ${s}.flow, 'state', ${s}.state, 'reusable', ${s}.reusable, 'currency', ${s}.currency, 'amount', ${s}.amount,
    'owner', ${s}.owner, 'details', ${s}.details, 'provider', ${s}.provider, 'providerReference', ${s}.provider_reference,
    'setupReference', ${s}.setup_reference, 'clientSecret', ${s}.client_secret, 'fingerprint', ${s}.fingerprint,
    'checkoutId', ${s}.checkout_id, 'liveMode', ${s}.live_mode, 'createdAt', ${s}.created_at, 'updatedAt', ${s}.updated_at)`
