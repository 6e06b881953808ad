import { setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { ChargeObservation } from '../providers/observations.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { ChargeRow } from './charge-row.ts'

/** Why a payment that is not what was asked for waits for a person. */
export const wrongAmount = 'payment amount differs from the charge'
export const wrongCurrency = 'payment currency differs from the charge'

/** Leaves the books as they are and calls a person: the provider reports another amount or currency. Minor units. */
export async function reportMismatch(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  {
    reason,
    expected,
    reported,
    cause,
  }: { reason: string; expected: number; reported: number | undefined; cause: string },
): Promise<'amount_mismatch'> {
  await setAttention(tx, order.id, { reason })
  tx.note({
    orderId: order.id,
    kind: 'drop',
    subject: 'charge',
    subjectId: charge.id,
    from: charge.state,
    to: seen.state,
    cause,
    detail: { expected, reported: reported ?? null, currency: charge.currency, reportedCurrency: seen.currency },
  })
  return 'amount_mismatch'
}
