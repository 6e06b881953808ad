import { sql } from 'kysely'
import { insertRows, type NewRow, now, statement } from '../database/statement.ts'
import { judge, type Verdict } from '../platform/state-machine.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type DisputeState, disputeTransitions } from './dispute.state-machine.ts'

/** What is told of a dispute. `amount` in minor units of `currency`. */
export type SeenDispute = Pick<
  NewRow<'disputes'>,
  | 'id'
  | 'order_id'
  | 'charge_id'
  | 'provider'
  | 'provider_reference'
  | 'amount'
  | 'currency'
  | 'reason'
  | 'evidence_due_at'
>

const store = statement<{ dispute: NewRow<'disputes'> }>()((_, $) =>
  insertRows('disputes', $.dispute).onConflict((conflict) =>
    conflict.columns(['provider', 'provider_reference']).doUpdateSet((d) => ({
      state: d.ref('excluded.state'),
      amount: d.ref('excluded.amount'),
      evidence_due_at: d.fn.coalesce('excluded.evidence_due_at', 'disputes.evidence_due_at'),
      updated_at: now,
      state_transitions: sql<
        Record<string, string>
      >`${d.ref('disputes.state_transitions')} || ${d.ref('excluded.state_transitions')}`,
    })),
  ),
)

/**
 * Moves a locked dispute, or stores one that is not known, in whatever state it is told of first; writes the timeline. What came late is
 * dropped in writing.
 */
export async function moveDispute(
  tx: Transaction,
  dispute: SeenDispute,
  from: DisputeState | undefined,
  to: DisputeState,
  note: { cause: string; detail: Record<string, string | number> },
): Promise<Verdict> {
  const verdict = from === undefined ? 'moves' : judge(disputeTransitions, from, to)
  if (verdict === 'same') return verdict
  tx.note({
    orderId: dispute.order_id,
    kind: verdict === 'moves' ? 'transition' : 'drop',
    subject: 'dispute',
    subjectId: dispute.id,
    from,
    to,
    ...note,
  })
  if (verdict === 'moves')
    await store(tx, { dispute: { ...dispute, state: to, state_transitions: { [to]: new Date().toISOString() } } })
  return verdict
}
