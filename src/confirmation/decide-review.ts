import { isAuthorized, isLive } from '../charges/charge.state-machine.ts'
import { storeChargeEntries } from '../charges/charge-entries.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { readCharges } from '../charges/read-charges.ts'
import { storeFinding } from '../fraud/findings.ts'
import { endOpenItems } from '../orders/end-items.ts'
import { moveFraudState, moveOrder } from '../orders/move-order.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { acceptOrder } from './observe-charge.ts'

/**
 * Ends an order's fraud review, one way: approved it is accepted, blocked its money goes back and nothing leaves.
 * @throws ApiError `not_found`, `review_not_open`
 */
export async function decideReview(
  tx: Transaction,
  target: { orderId: string; merchantId: string; decision: 'approve' | 'block'; by: string },
): Promise<void> {
  const order = await lockOrder(tx, target.orderId)
  if (!order || order.merchantId !== target.merchantId || order.draft) throw new ApiError('not_found')
  // A review may be open before the money is there.
  const early = isPayable(order.state) && order.fraudState === 'review_opened'
  if (order.state !== 'in_review' && !early) throw new ApiError('review_not_open')
  const charges = await readCharges(tx, order.id)
  const paid = charges.find((charge) => isAuthorized(charge.state))
  await closeReview(tx, order, paid, target.decision, `review by ${target.by}`)
}

/**
 * Closes the review of a locked order whose money, if it is there, is `paid`. Approved before the money is there it is accepted with it;
 * blocked it is over whatever comes later, and the money goes back.
 */
export async function closeReview(
  tx: Transaction,
  order: OrderRow,
  paid: ChargeRow | undefined,
  decision: 'approve' | 'block',
  cause: string,
): Promise<void> {
  await storeFinding(tx, order.id, {
    judge: 'review',
    outcome: decision === 'approve' ? 'passed' : 'blocked',
    reason: cause,
  })
  if (decision === 'approve') {
    await moveFraudState(tx, order, 'passed', cause)
    if (paid) await acceptOrder(tx, order, paid, cause)
    return
  }
  if ((await moveOrder(tx, order, 'blocked', cause)) !== 'moves') return
  await moveFraudState(tx, order, 'blocked', cause)
  await endOpenItems(tx, order.id, 'blocked', cause)
  await giveMoneyUp(tx, order)
}

/** What is held is released, what was taken goes back, and what could still be paid can no longer be. */
async function giveMoneyUp(tx: Transaction, order: OrderRow): Promise<void> {
  const charges = await readCharges(tx, order.id)
  for (const { id, state, amount } of charges) {
    if (state === 'cancelled') continue
    const payload = { orderId: order.id, chargeId: id }
    if (isLive(state)) tx.enqueue({ job: 'cancel-charge', payload, dedupeKey: `${id}-cancel-1` })
    else
      tx.enqueue({ job: state === 'complete' ? 'refund-charge' : 'cancel-charge', payload, dedupeKey: `${id}-late-1` })
    if (state === 'capturable' && order.fulfilledBy === 'merchant') {
      const released = { id: newId('cancel'), charge_id: id, order_id: order.id, amount }
      await storeChargeEntries(tx, { entries: [{ ...released, kind: 'cancel', state: 'pending' }] })
    }
  }
}
