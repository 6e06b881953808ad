import type { ChargeRow } from '../charges/charge-row.ts'
import { setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { derivedId } from '../platform/ids.ts'
import { judge } from '../platform/state-machine.ts'
import type { Observation } from '../providers/provider.ts'
import type { Transaction } from '../tasks/transaction.ts'
import {
  type DisputeState,
  disputeTransitions,
  isDisputeClosed,
  isDisputeState,
  worstFirst,
} from './dispute.state-machine.ts'

type SeenDispute = Extract<Observation, { kind: 'dispute' }>
type DisputeRow = { id: string; state: DisputeState }

const disputedPayment = 'payment disputed'

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
  const known = await findDispute(tx, charge, seen)
  const verdict = known ? judge(disputeTransitions, known.state, seen.state) : 'moves'
  if (verdict === 'same') return 'no_change'
  const id = known?.id ?? derivedId('dispute', charge.id, seen.reference)
  tx.note({
    orderId: order.id,
    kind: verdict === 'moves' ? 'transition' : 'drop',
    subject: 'dispute',
    subjectId: id,
    from: known?.state,
    to: seen.state,
    cause,
    detail: { charge: charge.id, ...(seen.amount === undefined ? {} : { amount: seen.amount }) },
  })
  if (verdict === 'stale') return 'dropped'
  await storeDispute(tx, charge, seen, id, seen.state)
  await showWorst(tx, order)
  if (!isDisputeClosed(seen.state)) await setAttention(tx, order.id, { reason: disputedPayment })
  return 'applied'
}

async function findDispute(tx: Transaction, charge: ChargeRow, seen: SeenDispute): Promise<DisputeRow | undefined> {
  const [row] = await tx.sql<DisputeRow>(
    'select id, state from disputes where provider = $1 and provider_reference = $2 for update',
    [charge.provider, seen.reference],
  )
  return row
}

const storeDispute = (tx: Transaction, charge: ChargeRow, seen: SeenDispute, id: string, state: DisputeState) =>
  tx.sql(
    `insert into disputes (id, order_id, charge_id, provider, provider_reference, amount, currency, reason, state, state_transitions)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, jsonb_build_object($9::text, $10::text))
     on conflict (provider, provider_reference) do update set state = excluded.state, amount = excluded.amount, updated_at = now(),
       state_transitions = disputes.state_transitions || excluded.state_transitions`,
    [
      id,
      charge.orderId,
      charge.id,
      charge.provider,
      seen.reference,
      seen.amount ?? charge.amount,
      charge.currency,
      seen.reason ?? null,
      state,
      new Date().toISOString(),
    ],
  )

/** A person need not look any more once no dispute is open. */
async function showWorst(tx: Transaction, order: OrderRow): Promise<void> {
  const rows = await tx.sql<{ state: DisputeState }>('select state from disputes where order_id = $1', [order.id])
  const states = rows.map(({ state }) => state)
  await tx.sql(
    `update orders set dispute_state = $2, updated_at = now(),
       attention = case when $3::boolean and attention ->> 'reason' = $4 then null else attention end
     where id = $1`,
    [
      order.id,
      worstFirst.find((state) => states.includes(state)) ?? null,
      states.every(isDisputeClosed),
      disputedPayment,
    ],
  )
}
