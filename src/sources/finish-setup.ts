import type { Tell } from '../outgoing/announce.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { sourceOwner } from '../providers/source-owner.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { type SourceRow, sourceRowJson } from './source-row.ts'

type Parts = UnitOfWork & { providers: PaymentProviders; tell: { source: Tell<SourceRow> } }

/**
 * Asks the provider whether the buyer has finished the set-up of a source, and makes it chargeable then; asking twice is harmless.
 * Returns the source when this call moved it. @throws ProviderError
 */
export async function finishSetup(parts: Parts, sourceId: string, taskId?: string): Promise<SourceRow | undefined> {
  const [waiting] = await parts.database.sql<{ provider: 'stripe'; setupReference: string }>(
    `select provider, setup_reference as "setupReference" from sources
     where id = $1 and state = 'requires_action' and setup_reference is not null`,
    [sourceId],
  )
  const sources = waiting && parts.providers.get(waiting.provider)?.sources
  const report = sources && (await sources.readSetup(waiting.setupReference))
  const kept =
    report?.state === 'chargeable' && report.paymentMethod ? await sources?.readMethod(report.paymentMethod) : undefined
  if (!kept && !taskId) return undefined
  return inTransaction(parts, async (tx) => {
    if (taskId) tx.finish(taskId)
    if (!kept) return undefined
    const owner = sourceOwner(kept.owner)
    const [row] = await tx.sql<{ source: SourceRow }>(
      `update sources s set state = 'chargeable', provider_reference = $2, details = $3::jsonb, fingerprint = $4,
         owner = coalesce(owner, $5::jsonb), updated_at = now()
       where id = $1 and state = 'requires_action' returning ${sourceRowJson('s')} as source`,
      [
        sourceId,
        kept.reference,
        JSON.stringify(kept.details),
        kept.fingerprint ?? null,
        owner && JSON.stringify(owner),
      ],
    )
    if (!row) return undefined
    const { source } = row
    await parts.tell.source(tx, { merchantId: source.merchantId, type: 'source.chargeable', object: source })
    return source
  })
}

/** A source as it is now: one whose buyer has just finished its set-up need not wait for the provider's webhook. */
export async function refreshSource(parts: Parts, source: SourceRow): Promise<SourceRow> {
  if (source.state !== 'requires_action') return source
  try {
    return (await finishSetup(parts, source.id)) ?? source
  } catch (error) {
    // What is known is still true while the provider is away.
    if (error instanceof ProviderError) return source
    throw error
  }
}
