import { sql } from 'kysely'
import { merged, type NewRow, now, statement } from '../database/statement.ts'
import { insertEntries, type Movement, toEntries } from '../ledger/ledger.ts'
import { supersedeCancellation } from '../operations/operations.statements.ts'
import { judge, type Verdict } from '../platform/state-machine.ts'
import type { ChargeState } from '../providers/charge-states.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { chargeTransitions } from './charge.state-machine.ts'

type ChargeChanges = {
  providerChargeId?: string | undefined
  providerReference?: string | undefined
  capturedAmount?: number | undefined
  failureCode?: string | undefined
  failureMessage?: string | undefined
  /** The movement of captured money into the charge's account. */
  movements?: Movement[]
  /** For the timeline. */
  detail?: Readonly<Record<string, string | number>> | undefined
}

type Move = {
  id: string
  from: ChargeState
  to: ChargeState
  stamp: Record<string, string>
  settled: boolean
  providerChargeId: string | null
  providerReference: string | null
  capturedAmount: number | null
  failureCode: string | null
  failureMessage: string | null
  entries: readonly NewRow<'ledger_entries'>[]
}

// What ends a charge ends our own cancellation of it, too; one that was cancelled keeps saying why it had failed before.
const move = statement<Move>({
  id: 'text',
  from: 'text',
  to: 'text',
  stamp: 'jsonb',
  settled: 'boolean',
  providerChargeId: 'text',
  providerReference: 'text',
  capturedAmount: 'bigint',
  failureCode: 'text',
  failureMessage: 'text',
  entries: 'jsonb',
})((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('ended', () => supersedeCancellation({ chargeId: $.id, happened: $.to, when: $.settled }))
    .updateTable('charges')
    .set((c) => {
      const captured = c.fn.coalesce($.capturedAmount.typed('bigint'), 'captured_amount')
      const cancelled = sql<boolean>`${$.to.typed('text')} = 'cancelled'`
      return {
        state: $.to,
        state_transitions: merged(c.ref('state_transitions'), $.stamp),
        provider_charge_id: c.fn.coalesce($.providerChargeId.typed('text'), 'provider_charge_id'),
        provider_reference: c.fn.coalesce('provider_reference', $.providerReference.typed('text')),
        captured_amount: captured,
        failure_code: c.fn.coalesce(
          $.failureCode.typed('text'),
          c.case().when(cancelled).then(c.ref('failure_code')).end(),
        ),
        failure_message: c.fn.coalesce(
          $.failureMessage.typed('text'),
          c.case().when(cancelled).then(c.ref('failure_message')).end(),
        ),
        cancelled_amount: c
          .case()
          .when($.settled.typed('boolean'))
          .then(c('amount', '-', captured))
          .else(c.ref('cancelled_amount'))
          .end(),
        next_check_at: c.case().when($.settled.typed('boolean')).then(null).else(c.ref('next_check_at')).end(),
        updated_at: now,
      }
    })
    .where('id', '=', $.id)
    .where('state', '=', $.from)
    .returning('id'),
)

/**
 * Moves a charge whose order is locked, and writes the timeline; a stale state is dropped and the drop noted.
 * `charge.state` is updated in place.
 */
export async function moveCharge(
  tx: Transaction,
  charge: { id: string; orderId: string; state: ChargeState },
  to: ChargeState,
  cause: string,
  changes: ChargeChanges = {},
): Promise<Verdict> {
  const verdict = judge(chargeTransitions, charge.state, to)
  if (verdict === 'same') return verdict
  tx.note({
    orderId: charge.orderId,
    kind: verdict === 'moves' ? 'transition' : 'drop',
    subject: 'charge',
    subjectId: charge.id,
    from: charge.state,
    to,
    cause,
    ...(changes.detail ? { detail: changes.detail } : {}),
  })
  if (verdict === 'stale') return verdict

  const moved = await move(tx, {
    id: charge.id,
    from: charge.state,
    to,
    stamp: { [to]: new Date().toISOString() },
    settled: to === 'complete' || to === 'cancelled',
    providerChargeId: changes.providerChargeId ?? null,
    providerReference: changes.providerReference ?? null,
    capturedAmount: changes.capturedAmount ?? null,
    failureCode: changes.failureCode ?? null,
    failureMessage: changes.failureMessage ?? null,
    entries: toEntries(changes.movements ?? []),
  })
  if (moved.length !== 1) throw new Error(`charge ${charge.id} was not locked while it moved to ${to}`)
  charge.state = to
  return verdict
}
