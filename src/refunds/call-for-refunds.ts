import type { ChargeRow } from '../charges/charge-row.ts'
import { statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'

const sumRefunds = statement<{ chargeId: string }>()((db, $) =>
  db
    .selectFrom('charge_entries')
    .select((e) => e.fn.coalesce(e.fn.sum<number>('amount'), e.lit(0)).as('amount'))
    .where('charge_id', '=', $.chargeId)
    .where('kind', '=', 'refund')
    .where('state', '<>', 'failed'),
)

/**
 * Calls for a question about the refunds of a charge of which more went back at the provider than the books know, or are about to. Which
 * refunds these are only the provider can say. Returns whether it did.
 */
export async function callForRefunds(tx: Transaction, charge: ChargeRow, refundedAmount: number): Promise<boolean> {
  const [known] = await sumRefunds(tx, { chargeId: charge.id })
  if ((known?.amount ?? 0) >= refundedAmount) return false
  tx.enqueue({
    job: 'reconcile-charge',
    payload: { orderId: charge.orderId, chargeId: charge.id },
    dedupeKey: `${charge.id}-refunded-${refundedAmount}`,
  })
  return true
}
