import type { ChargeState } from '../providers/charge-states.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type SourceState, sourceTransitions } from './source.state-machine.ts'

/** What a charge in this state makes of its source; a saved source stays chargeable whatever becomes of one charge. */
const stateAfter: Partial<Record<ChargeState, SourceState>> = {
  capturable: 'consumed',
  processing: 'consumed',
  complete: 'consumed',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** Moves the source behind a charge along with it, forward only. */
export async function followCharge(
  tx: Transaction,
  charge: { sourceId: string | null; state: ChargeState },
): Promise<void> {
  const to = stateAfter[charge.state]
  if (charge.sourceId !== null && to) await moveSource(tx, charge.sourceId, to)
}

/** Moves a single-use source; a saved one stays as it is. */
export async function moveSource(tx: Transaction, sourceId: string, to: SourceState): Promise<void> {
  const from = Object.entries(sourceTransitions).flatMap(([state, targets]) =>
    (targets as readonly SourceState[]).includes(to) ? [state] : [],
  )
  await tx.sql(
    `update sources set state = $2, updated_at = now() where id = $1 and not reusable and state = any($3::text[])`,
    [sourceId, to, from],
  )
}
