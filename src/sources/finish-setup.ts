import type { NotNull } from 'kysely'
import { statement } from '../database/statement.ts'
import type { Tell } from '../outgoing/announce.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { type SourceOwner, sourceOwner } from '../providers/source-owner.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { moveSources } from './move-source.ts'
import { type SourceRow, sourceRow } from './source-row.ts'

type Parts = UnitOfWork & { providers: PaymentProviders; tell: { source: Tell<SourceRow> } }

const readWaiting = statement<{ sourceId: string }>()((db, $) =>
  db
    .selectFrom('sources')
    .select(['provider', 'setup_reference as setupReference'])
    .where('provider', 'is not', null)
    .where('id', '=', $.sourceId)
    .where('state', '=', 'requires_action')
    .where('setup_reference', 'is not', null)
    .$narrowType<{ provider: NotNull; setupReference: NotNull }>(),
)

type Kept = {
  sourceId: string
  reference: string
  details: Record<string, unknown>
  fingerprint: string | null
  owner: SourceOwner | null
}

const storeKept = statement<Kept>()((_, $) =>
  moveSources('chargeable')
    .set((s) => ({
      provider_reference: $.reference,
      details: $.details.json,
      fingerprint: $.fingerprint,
      owner: s.fn.coalesce('s.owner', $.owner.json),
    }))
    .where('s.id', '=', $.sourceId)
    .returning(sourceRow.as('source')),
)

/**
 * Asks the provider whether the buyer has finished the set-up of a source, and makes it chargeable then; asking twice is harmless.
 * Returns the source when this call moved it. @throws ProviderError
 */
export async function finishSetup(parts: Parts, sourceId: string, taskId?: string): Promise<SourceRow | undefined> {
  const [waiting] = await readWaiting(parts.database, { sourceId })
  const sources = waiting && parts.providers.get(waiting.provider)?.sources
  const report = sources && (await sources.readSetup(waiting.setupReference))
  const kept =
    report?.state === 'chargeable' && report.paymentMethod ? await sources?.readMethod(report.paymentMethod) : undefined
  if (!kept && !taskId) return undefined
  return inTransaction(parts, async (tx) => {
    if (taskId) tx.finish(taskId)
    if (!kept) return undefined
    const { reference, details, fingerprint = null } = kept
    const [row] = await storeKept(tx, { sourceId, reference, details, fingerprint, owner: sourceOwner(kept.owner) })
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
