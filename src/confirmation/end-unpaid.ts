import type { ChargeRow } from '../charges/charge-row.ts'
import { moveOrder, setAttention } from '../orders/move-order.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { ChargeObservation } from '../providers/provider.ts'
import type { Transaction } from '../tasks/transaction.ts'

const reason = 'payment cancelled at the provider'

/** The cause under which our own cancellation of a charge is observed. */
export const ownCancellation = 'cancel'

/** Longer than whoever gives an order up needs to go on after the provider's answer. */
const graceMs = 30_000

type Standing = { ours: boolean; otherCharges: number; handedOver: boolean }

async function readStanding(tx: Transaction, charge: ChargeRow): Promise<Standing> {
  const [row] = await tx.sql<Standing>(
    `select exists (select 1 from operations where order_id = $2 and purpose = $1 || '-cancel'
         and created_at >= coalesce((select max(restored_at) from restores), '-infinity')) as ours,
       (select count(*) from charges where order_id = $2 and id <> $1 and state <> 'cancelled') as "otherCharges",
       exists (select 1 from order_items where order_id = $2 and fulfilled_quantity > 0)
         or exists (select 1 from shipments where order_id = $2 and state <> 'created')
         or exists (select 1 from operations where order_id = $2 and kind in ('label', 'pod_order') and state <> 'failed') as "handedOver"`,
    [charge.id, charge.orderId],
  )
  return row ?? { ours: true, otherCharges: 0, handedOver: true }
}

/**
 * Cancels an order whose only payment somebody cancelled at the provider, such as in its dashboard. Goods that have left already need a
 * person; a payment that we gave up ourselves, or beside another one, says nothing about the order. Of what we did before the database was
 * restored nobody here goes on.
 */
export async function endUnpaid(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<void> {
  if (order.draft || (order.fulfilledBy === 'merchant' && !isPayable(order.state))) return
  if (charge.sourceId !== null && isPayable(order.state)) finishLater(tx, charge)
  const { ours, otherCharges, handedOver } = await readStanding(tx, charge)
  if (ours || otherCharges > 0) return
  const cancelReason = seen.lapsed ? 'payment lapsed at the provider' : reason
  if (handedOver) return setAttention(tx, order.id, { reason: cancelReason })
  if (!isPayable(order.state)) await cancelItems(tx, order, cause)
  await moveOrder(tx, order, 'cancelled', cause, { cancelReason })
}

/**
 * A transfer that was given up leaves what was paid in with the provider, which has to send it back; and whoever gave the order up here may
 * have died before going on.
 */
function finishLater(tx: Transaction, { id: chargeId, orderId }: ChargeRow): void {
  tx.enqueue({ job: 'cancel-charge', payload: { orderId, chargeId }, dedupeKey: `${chargeId}-cancel-1` })
  const runAt = new Date(Date.now() + graceMs)
  tx.enqueue({ job: 'expire-order', payload: { orderId }, dedupeKey: `${orderId}-unpaid-1`, runAt })
}

/**
 * Cancels what is open of a merchant's order whose held money somebody released at the provider, as long as nothing of it was handed over.
 * Returns whether it did.
 */
export async function callOffAtProvider(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  cause: string,
): Promise<boolean> {
  const { ours, otherCharges, handedOver } = await readStanding(tx, charge)
  if (ours || otherCharges > 0 || handedOver) return false
  await cancelItems(tx, order, cause)
  await tx.sql('update orders set cancel_reason = $2 where id = $1', [order.id, reason])
  return true
}

async function cancelItems(tx: Transaction, order: OrderRow, cause: string): Promise<void> {
  const items = await tx.sql<{ id: string }>(
    `update order_items set state = 'cancelled', cancelled_quantity = quantity,
       state_transitions = state_transitions || jsonb_build_object('cancelled', $2::text)
     where order_id = $1 and state = 'created' returning id`,
    [order.id, new Date().toISOString()],
  )
  for (const { id } of items) {
    tx.note({
      orderId: order.id,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'created',
      to: 'cancelled',
      cause,
    })
  }
}
