import { statement } from '../database/statement.ts'
import type { PaymentProvider } from '../providers/providers.ts'
import type { Transaction } from '../tasks/transaction.ts'

type SetupEvent = { id: string; type: string; reference: string | null; body: Record<string, unknown> }

const findBySetup = statement<{ reference: string | null; provider: PaymentProvider['name'] }>()((db, $) =>
  db.selectFrom('sources').select('id').where('setup_reference', '=', $.reference).where('provider', '=', $.provider),
)

/**
 * Applies a stored webhook about the keeping of a means of payment. A finished one is read from the provider by a task of its own,
 * because the event does not say what was kept. A failed attempt changes nothing: the buyer may try another card on the same set-up.
 * One that we did not begin belongs to somebody else's software on the same account.
 */
export async function applySetupEvent(
  tx: Transaction,
  { name, sources }: Pick<PaymentProvider, 'name' | 'sources'>,
  { id: inboxEventId, type, reference, body }: SetupEvent,
): Promise<void> {
  const report = sources?.observeSetup({ type, body })
  const [source] = await findBySetup(tx, { reference, provider: name })
  if (source && report?.state === 'chargeable') {
    tx.enqueue({ job: 'finish-setup', payload: { sourceId: source.id }, dedupeKey: `${source.id}-finish-setup-1` })
  }
  const outcome = !source ? 'unrelated' : report?.state === 'chargeable' ? 'applied' : 'no_change'
  tx.handled({ inboxEventId, orderId: null, outcome })
}
