import { attachRefund } from '../charges/charge-entries.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { SeenRefund } from '../providers/observations.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { bookForeignRefund } from './book-foreign-refund.ts'
import { observeRefund } from './refund-entry.ts'

/** Applies how a refund stands to the entry it belongs to; one that was made elsewhere is booked. Returns what became of it. */
export async function applyRefund(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: SeenRefund,
  cause: string,
): Promise<string> {
  // Ours is found by its operation, which is stored before the provider is asked: the report may be here before the answer is.
  const [entry] = await attachRefund(tx, {
    orderId: order.id,
    operationId: seen.operationId ?? null,
    reference: seen.reference,
  })
  if (!entry) return bookForeignRefund(tx, order, charge, seen, cause)
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
