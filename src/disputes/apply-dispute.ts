import type { ChargeRow } from '../charges/charge-row.ts'
import { statement } from '../database/statement.ts'
import { setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { showDispute } from '../orders/show-dispute.ts'
import { derivedId } from '../platform/ids.ts'
import type { SeenDispute } from '../providers/observations.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { isDisputeClosed, isDisputeState, worstFirst } from './dispute.state-machine.ts'
import { moveDispute } from './move-dispute.ts'

const disputedPayment = 'payment disputed'
const takenBack = 'payment taken back'

const lockDispute = statement<{ provider: string; reference: string }>()((db, $) =>
  db
    .selectFrom('disputes')
    .select(['id', 'state'])
    .where('provider', '=', $.provider)
    .where('provider_reference', '=', $.reference)
    .forUpdate(),
)

/**
 * Applies what a provider says of one dispute of a locked charge, forward only: each dispute has a row of its own, and what came late is
 * dropped in writing. The order shows the worst of its disputes, which decides about downloads, refunds and fulfilment.
 */
export async function applyDispute(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: SeenDispute,
  cause: string,
): Promise<'applied' | 'no_change' | 'dropped' | 'unknown_state'> {
  if (!isDisputeState(seen.state)) {
    await setAttention(tx, order.id, { reason: `dispute in an unknown state: ${seen.state}` })
    return 'unknown_state'
  }
  const { provider, currency } = charge
  const [known] = await lockDispute(tx, { provider, reference: seen.reference })
  const dispute = {
    id: known?.id ?? derivedId('dispute', charge.id, seen.reference),
    order_id: charge.orderId,
    charge_id: charge.id,
    provider,
    provider_reference: seen.reference,
    amount: seen.amount ?? (charge.capturedAmount || charge.amount),
    currency,
    reason: seen.reason ?? null,
    evidence_due_at: seen.evidenceDueAt?.toISOString() ?? null,
  }
  const verdict = await moveDispute(tx, dispute, known?.state, seen.state, {
    cause,
    detail: { charge: charge.id, ...(seen.amount === undefined ? {} : { amount: seen.amount }) },
  })
  if (verdict === 'same') return 'no_change'
  if (verdict === 'stale') return 'dropped'
  await showWorst(tx, order)
  if (seen.state === 'lost')
    tx.enqueue({
      job: 'take-back-disputed',
      payload: { orderId: order.id, disputeId: dispute.id },
      dedupeKey: `${dispute.id}-take-back-1`,
    })
  if (!isDisputeClosed(seen.state)) await setAttention(tx, order.id, { reason: disputedPayment })
  // Nobody could say anything against it.
  else if (seen.state === 'lost' && !known) await setAttention(tx, order.id, { reason: takenBack })
  return 'applied'
}

const readStates = statement<{ orderId: string }>()((db, $) =>
  db.selectFrom('disputes').select('state').where('order_id', '=', $.orderId),
)

/** A person need not look any more once no dispute is open. */
async function showWorst(tx: Transaction, order: OrderRow): Promise<void> {
  const rows = await readStates(tx, { orderId: order.id })
  const states = rows.map(({ state }) => state)
  await showDispute(tx, {
    orderId: order.id,
    state: worstFirst.find((state) => states.includes(state)) ?? null,
    settled: states.every(isDisputeClosed),
    attention: disputedPayment,
  })
}
