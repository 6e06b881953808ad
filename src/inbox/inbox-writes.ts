import { statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** Finds the charge of an event that came before we knew the payment's id. */
export const matchCharge = statement<{ inboxEventId: string }>()((db, $) =>
  db
    .updateTable('inbox_events as e')
    .from('charges as c')
    .set((e) => ({ charge_id: e.ref('c.id') }))
    .where('e.id', '=', $.inboxEventId)
    .where('e.charge_id', 'is', null)
    .whereRef('c.provider', '=', 'e.provider')
    .whereRef('c.provider_reference', '=', 'e.reference')
    .returning('e.id'),
)

const setOrphaned = statement<{ inboxEventId: string }>()((db, $) =>
  db
    .updateTable('inbox_events')
    .set({ outcome: 'orphaned' })
    .where('id', '=', $.inboxEventId)
    .where('handled_at', 'is', null),
)

/** After the last attempt an event without an order is shown to operations as an orphan. */
export async function markOrphan(tx: Transaction, inboxEventId: string): Promise<void> {
  await setOrphaned(tx, { inboxEventId })
}
