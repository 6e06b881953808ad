import { now, statement } from '../database/statement.ts'
import { judge } from '../platform/state-machine.ts'
import type { ChargeState } from '../providers/charge-states.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type SourceState, sourceStates, sourceTransitions } from './source.state-machine.ts'

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

const move = statement<{ sourceId: string; from: SourceState[]; to: SourceState }>()((db, $) =>
  db
    .updateTable('sources')
    .set({ state: $.to, updated_at: now })
    .where('id', '=', $.sourceId)
    .where('reusable', '=', false)
    .where((s) => s('state', '=', s.fn.any($.from))),
)

/** Moves a single-use source; a saved one stays as it is. */
export async function moveSource(tx: Transaction, sourceId: string, to: SourceState): Promise<void> {
  const from = sourceStates.filter((state) => judge(sourceTransitions, state, to) === 'moves')
  await move(tx, { sourceId, from, to })
}
