import { attachOperation } from '../charges/charge-entries.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { wrongAmount, wrongCurrency } from '../charges/report-mismatch.ts'
import { operationId as idOf, recordOperation } from '../operations/operations.ts'
import { refundOf } from '../operations/purposes.ts'
import { setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { derivedId } from '../platform/ids.ts'
import { allocate } from '../platform/money.ts'
import type { SeenRefund } from '../providers/observations.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { storeRefund } from './insert-refund.ts'
import { availableOf, type Refundable, type RefundShares } from './refund-amounts.ts'
import { observeRefund, type RefundEntry } from './refund-entry.ts'
import { readRefundable } from './request-refund.ts'

/**
 * Books a refund that somebody made at the provider without us, such as in its dashboard, once: money, shares, items and access go the way
 * they go with one of ours. What it was for nobody has said: it is counted to the lines by what is left of them.
 * @throws TaskError while the payment itself is not booked, or another refund has failed that still is
 */
export async function bookForeignRefund(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: SeenRefund,
  cause: string,
): Promise<string> {
  // A payment that is not in the books goes back without them.
  const unbooked = [wrongAmount, wrongCurrency].includes(order.attention?.reason ?? '')
  if (charge.capturedAmount === 0 && unbooked) return 'amount_mismatch'
  // Its event may be here before that of the payment.
  if (charge.capturedAmount === 0) throw new TaskError('capture_not_booked', { retry: true })
  const reported = seen.amount ?? 0
  const left = charge.capturedAmount - charge.refundedAmount
  // No provider gives back more than it took: another refund has failed there, of which we are yet to hear.
  if (seen.state !== 'failed' && reported > left && reported <= charge.capturedAmount)
    throw new TaskError('refund_not_booked_back', { retry: true })
  const amount = Math.min(reported, left)
  if (amount !== reported)
    await setAttention(tx, order.id, { reason: 'refunded more at the provider than the books hold' })
  if (amount <= 0) return 'amount_mismatch'

  const id = ownEntryId(charge, seen.operationId) ?? derivedId('chargeRefund', charge.id, seen.reference)
  const shares = attribute(await readRefundable(tx, order), amount)
  const refund = { ...shares, origin: 'provider' as const, reason: 'refunded at the provider' }
  const refundId = await storeRefund(tx, order, refund, [{ id, chargeId: charge.id, amount }])
  const operationId = await recordOperation(
    tx,
    {
      ...refundOf(id),
      orderId: order.id,
      chargeId: charge.id,
      provider: charge.provider,
      amount,
      currency: charge.currency,
      request: { reference: charge.providerReference, amount },
    },
    seen.reference,
  )
  await attachOperation(tx, { entryId: id, operationId: operationId ?? null })
  const entry: RefundEntry = {
    id,
    kind: 'refund',
    chargeId: charge.id,
    refundId,
    operationId: operationId ?? null,
    amount,
    state: 'pending',
  }
  await observeRefund(tx, order, charge, entry, seen, cause)
  if (seen.state === 'complete') {
    tx.note({
      orderId: order.id,
      kind: 'event',
      subject: 'refund',
      subjectId: id,
      cause: 'order.charge.refund.complete',
    })
    tx.enqueue({
      job: 'carry-out-refund',
      payload: { orderId: order.id, refundId },
      dedupeKey: `${id}-shares-1`,
    })
  }
  return 'applied'
}

const mostRefunds = 100

/**
 * The id of the entry that a refund of ours had in a time that the database has lost: it follows from its number, and its operation from it.
 * With the same id, what followed from it is found at the provider instead of being done again.
 */
function ownEntryId({ id: chargeId, orderId }: ChargeRow, operationId: string | undefined): string | undefined {
  if (operationId === undefined) return undefined
  for (let nth = 1; nth <= mostRefunds; nth += 1) {
    const entryId = derivedId('chargeRefund', chargeId, nth)
    // Behind it stands how often the provider had refused it before.
    if (operationId.startsWith(idOf({ ...refundOf(entryId), orderId }))) return entryId
  }
  return undefined
}

/** The lines and shipping that a refund of nothing in particular is counted to: first what is left of them, then what they were. */
function attribute({ lines, shipping }: Refundable, amount: number): RefundShares {
  const parts = [...lines, ...shipping]
  // A provider gives back money, and nothing of a credit.
  const open = [...lines.map((line) => availableOf(line) - line.credit), ...shipping.map(availableOf)]
  const left = open.reduce((sum, part) => sum + part, 0)
  const first = allocate(Math.min(amount, left), open)
  const beyond = allocate(
    Math.max(0, amount - left),
    parts.map(({ captured }) => captured),
  )
  const amounts = parts.map((_, index) => (first[index] ?? 0) + (beyond[index] ?? 0))
  return {
    items: lines.flatMap(({ itemId, skuId }, index) => {
      const share = amounts[index] ?? 0
      return share > 0 ? [{ itemId, skuId: skuId ?? undefined, amount: share }] : []
    }),
    shipping: shipping.flatMap(({ sellerId }, index) => {
      const share = amounts[lines.length + index] ?? 0
      return share > 0 ? [{ sellerId, amount: share }] : []
    }),
  }
}
