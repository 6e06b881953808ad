import type { Transaction } from '../database/transaction.ts'
import { insertLedgerSql, type Movement, toLedgerRows } from '../ledger/ledger.ts'
import { judge, type Verdict } from '../platform/state-machine.ts'
import type { ChargeState } from '../providers/charge-states.ts'
import { chargeTransitions } from './charge.state-machine.ts'

type ChargeChanges = {
  providerChargeId?: string | undefined
  providerReference?: string | undefined
  capturedAmount?: number | undefined
  failureCode?: string | undefined
  failureMessage?: string | undefined
  /** The movement of captured money into the charge's account. */
  movements?: Movement[]
}

/**
 * Moves a charge whose order is locked, and writes the timeline; a stale state is dropped and the drop noted (R48, R49).
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
  })
  if (verdict === 'stale') return verdict

  const settled = to === 'complete' || to === 'cancelled'
  const moved = await tx.sql<{ id: string }>(
    `with entered as (${insertLedgerSql('$9')}
    ), ended as (
      update operations set state = case when $2 = 'cancelled' then 'complete' else 'failed' end, failure_code = 'superseded',
        completed_at = now(), lease_until = null
      where $10 and purpose = $1 || '-cancel' and state in ('pending', 'unknown')
    )
    update charges set state = $2, state_transitions = state_transitions || jsonb_build_object($2::text, $3::text),
      provider_charge_id = coalesce($4, provider_charge_id), provider_reference = coalesce(provider_reference, $5),
      captured_amount = coalesce($6, captured_amount), failure_code = case when $2 = 'cancelled' then coalesce($7, failure_code) else $7 end,
      failure_message = case when $2 = 'cancelled' then coalesce($8, failure_message) else $8 end,
      cancelled_amount = case when $2 in ('cancelled', 'complete') then amount - coalesce($6, captured_amount) else cancelled_amount end,
      next_check_at = case when $10 then null else next_check_at end, updated_at = now()
    where id = $1 and state = $11 returning id`,
    [
      charge.id,
      to,
      new Date().toISOString(),
      changes.providerChargeId ?? null,
      changes.providerReference ?? null,
      changes.capturedAmount ?? null,
      changes.failureCode ?? null,
      changes.failureMessage ?? null,
      toLedgerRows(changes.movements ?? []),
      settled,
      charge.state,
    ],
  )
  if (moved.length !== 1) throw new Error(`charge ${charge.id} was not locked while it moved to ${to}`)
  charge.state = to
  return verdict
}
