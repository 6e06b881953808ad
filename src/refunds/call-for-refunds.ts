import type { ChargeRow } from '../charges/charge-row.ts'
import type { Transaction } from '../tasks/transaction.ts'

/**
 * Calls for a question about the refunds of a charge of which more went back at the provider than the books know, or are about to. Which
 * refunds these are only the provider can say. Returns whether it did.
 */
export async function callForRefunds(tx: Transaction, charge: ChargeRow, refundedAmount: number): Promise<boolean> {
  const [known] = await tx.sql<{ amount: number }>(
    `select coalesce(sum(amount), 0) as amount from charge_entries where charge_id = $1 and kind = 'refund' and state <> 'failed'`,
    [charge.id],
  )
  if ((known?.amount ?? 0) >= refundedAmount) return false
  tx.enqueue({
    job: 'reconcile-charge',
    payload: { orderId: charge.orderId, chargeId: charge.id },
    dedupeKey: `${charge.id}-refunded-${refundedAmount}`,
  })
  return true
}
