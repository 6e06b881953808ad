import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import { db, now, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { statesBefore } from '../platform/state-machine.ts'
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

/** The beginning of a statement that moves sources; it says which. Those in a state from which it cannot be reached stay as they are. */
export const moveSources = (to: SourceState) =>
  db
    .updateTable('sources as s')
    .set({ state: to, updated_at: now })
    .where('s.state', 'in', statesBefore(sourceTransitions, to))

const s = expressionBuilder<{ s: Tables['sources'] }, 's'>()

/** The beginning of a statement that changes sources, which says which, and cancels some of them by that. */
const cancelIf = (condition: Expression<SqlBool>) =>
  db.updateTable('sources as s').set({
    state: s.case().when(condition).then(sql.lit<SourceState>('cancelled')).else(s.ref('s.state')).end(),
    updated_at: now,
  })

const isChargeable = s('s.state', '=', sql.lit<SourceState>('chargeable'))

/** The beginning of a statement that changes sources, which says which; what could still pay is cancelled by that. */
export const cancelChargeable = () => cancelIf(isChargeable)

/** The same for one use: those that nobody saved and nobody has paid with yet are cancelled by that. */
export const cancelUnused = () =>
  cancelIf(
    s.and([
      s.not(s.ref('s.reusable')),
      s.or([isChargeable, s('s.state', 'in', statesBefore(sourceTransitions, 'chargeable'))]),
    ]),
  )

const move = statement<{ sourceId: string; from: SourceState[]; to: SourceState }>()((db, $) =>
  db
    .updateTable('sources')
    .set({ state: $.to, updated_at: now })
    .where('id', '=', $.sourceId)
    .where('reusable', '=', false)
    .where((source) => source('state', '=', source.fn.any($.from))),
)

/** Moves a single-use source; a saved one stays as it is. */
export async function moveSource(tx: Transaction, sourceId: string, to: SourceState): Promise<void> {
  await move(tx, { sourceId, from: statesBefore(sourceTransitions, to), to })
}
