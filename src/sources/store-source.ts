import { lockName } from '../database/lock-name.ts'
import { insertRows, type NewRow, statement } from '../database/statement.ts'
import type { Tell } from '../outgoing/announce.ts'
import { ApiError } from '../platform/errors.ts'
import type { ProviderName } from '../providers/registry.ts'
import type { SourceOwner } from '../providers/source-owner.ts'
import { type AnySourceType, creditType, type SourceType, sourceTypes } from '../providers/source-types.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { SourceState } from './source.state-machine.ts'
import { type SourceRow, sourceRow } from './source-row.ts'

export type SourceInput = {
  merchantId: string
  /** The publishable key it was made with; null for a secret one. */
  apiKeyId: string | null
  liveMode: boolean
  type: SourceType
  currency?: string | undefined
  owner?: SourceOwner | undefined
  /** The provider's id of a card that its browser SDK has read. */
  paymentMethod?: string | undefined
  /** Whose it is; only this customer can save it and pay with it. */
  customerId?: string | undefined
}

/** A source that its provider knows, or a credit that none needs to know, and that is not stored yet. Minor units. */
export type PreparedSource = Omit<SourceInput, 'type'> & {
  id: string
  type: AnySourceType
  provider: ProviderName | null
  state: SourceState
  amount?: number | undefined
  upstreamId?: string | undefined
  /** The only checkout that a credit may pay. */
  checkoutId?: string | undefined
  details: Record<string, unknown>
  providerReference?: string | undefined
  setupReference?: string | undefined
  clientSecret?: string | undefined
  fingerprint?: string | undefined
}

const insertSource = statement<{ source: NewRow<'sources'> }>()((db, $) =>
  db
    .with('s', () => insertRows('sources', $.source).returningAll())
    .selectFrom('s')
    .select(sourceRow.as('source')),
)

/**
 * Stores a source and tells about it. The same card of the provider is one source however often it is sent.
 * @throws ApiError `source_in_use` for a card that somebody else has brought
 */
export async function storeSource(
  tx: Transaction,
  tell: Tell<SourceRow>,
  prepared: PreparedSource,
): Promise<SourceRow> {
  const existing = await findByReference(tx, prepared)
  if (existing) return existing
  const [row] = await insertSource(tx, {
    source: {
      id: prepared.id,
      merchant_id: prepared.merchantId,
      api_key_id: prepared.apiKeyId,
      customer_id: prepared.customerId ?? null,
      type: prepared.type,
      flow: prepared.type === creditType ? 'standard' : sourceTypes[prepared.type].flow,
      state: prepared.state,
      currency: prepared.currency ?? null,
      amount: prepared.amount ?? null,
      upstream_id: prepared.upstreamId ?? null,
      checkout_id: prepared.checkoutId ?? null,
      owner: prepared.owner ?? null,
      details: prepared.details,
      provider: prepared.provider,
      provider_reference: prepared.providerReference ?? null,
      setup_reference: prepared.setupReference ?? null,
      client_secret: prepared.clientSecret ?? null,
      fingerprint: prepared.fingerprint ?? null,
      live_mode: prepared.liveMode,
    },
  })
  if (!row) throw new Error('a source was not stored')
  const { merchantId } = prepared
  const { source } = row
  await tell(tx, { merchantId, type: 'source.created', object: source })
  if (source.state === 'chargeable') await tell(tx, { merchantId, type: 'source.chargeable', object: source })
  return source
}

const readByReference = statement<{ reference: string; provider: ProviderName }>()((db, $) =>
  db
    .selectFrom('sources as s')
    .select(sourceRow.as('source'))
    .where('s.provider', '=', $.provider)
    .where('s.provider_reference', '=', $.reference)
    .limit(1),
)

async function findByReference(tx: Transaction, prepared: PreparedSource): Promise<SourceRow | undefined> {
  const { provider, providerReference, merchantId, apiKeyId, customerId } = prepared
  if (!provider || !providerReference) return undefined
  // The second of two requests with the same card waits here and then finds the first one's source.
  await lockName(tx, `source ${providerReference}`)
  const [row] = await readByReference(tx, { reference: providerReference, provider })
  if (!row) return undefined
  const { source } = row
  const mine =
    source.merchantId === merchantId &&
    (apiKeyId === null || source.apiKeyId === apiKeyId) &&
    (customerId === undefined || source.customerId === customerId)
  if (!mine) throw new ApiError('source_in_use', { parameter: 'paymentMethod' })
  return source
}
