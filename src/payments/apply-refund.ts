import { setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Transaction } from '../platform/transaction.ts'
import type { ChargeRow } from './charge-row.ts'
import type { Observation } from './provider.ts'
import { observeRefund, type RefundEntry } from './refund-entry.ts'

/** Applies how a refund stands to the entry it belongs to; one that was made elsewhere is noted only. Returns what became of it. */
export async function applyRefund(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: Extract<Observation, { kind: 'refund' }>,
  cause: string,
): Promise<string> {
  // Found by what the operation is for: the report may be here before the provider's answer is stored.
  const [entry] = await tx.sql<RefundEntry & { answered: boolean }>(
    `update charge_entries e set operation_id = o.id from operations o
     where o.id = $2 and o.order_id = $1 and o.kind = 'refund' and e.order_id = $1 and e.kind = 'refund' and o.purpose = e.id || '-refund'
     returning e.id, e.charge_id as "chargeId", e.refund_id as "refundId", e.operation_id as "operationId", e.amount, e.state,
       o.state = 'complete' as answered`,
    [order.id, seen.operationId ?? null],
  )
  if (!entry) {
    tx.note({
      orderId: order.id,
      kind: 'note',
      subject: 'operation',
      subjectId: seen.operationId ?? seen.reference,
      to: seen.state,
      cause,
    })
    if (seen.state === 'failed') await setAttention(tx, order.id, { reason: 'refund failed at the provider' })
    return 'applied'
  }
  if (!(await observeRefund(tx, order, charge, entry, seen, cause))) return 'no_change'
  if (seen.state === 'complete' && entry.answered) {
    tx.note({
      orderId: order.id,
      kind: 'event',
      subject: 'refund',
      subjectId: entry.id,
      cause: 'order.charge.refund.complete',
    })
    if (entry.refundId !== null) {
      tx.enqueue({
        job: 'carry-out-refund',
        payload: { orderId: order.id, refundId: entry.refundId },
        dedupeKey: `${entry.id}-shares-1`,
      })
    }
  }
  return 'applied'
}
