import { moveFraudState, moveOrder } from '../orders/move-order.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../platform/transaction.ts'
import { isAuthorized } from './charge.state-machine.ts'
import { type ChargeRow, chargeRowJson } from './charge-row.ts'
import { acceptOrder } from './observe-charge.ts'

/**
 * Ends an order's fraud review, one way (R163): approved it is accepted, blocked its money goes back and nothing leaves.
 * @throws ApiError `not_found`, `review_not_open`
 */
export async function decideReview(
  tx: Transaction,
  target: { orderId: string; merchantId: string; decision: 'approve' | 'block'; by: string },
): Promise<void> {
  const order = await lockOrder(tx, target.orderId)
  if (!order || order.merchantId !== target.merchantId) throw new ApiError('not_found')
  if (order.state !== 'in_review') throw new ApiError('review_not_open')
  const charges = await tx.sql<{ charge: ChargeRow }>(
    `select ${chargeRowJson('c')} as charge from charges c where c.order_id = $1 order by c.created_at`,
    [order.id],
  )
  const paid = charges.map(({ charge }) => charge).find((charge) => isAuthorized(charge.state))
  await closeReview(tx, order, paid, target.decision, `review by ${target.by}`)
}

/** Closes the review of a locked order whose money, if it is there, is `paid`. */
export async function closeReview(
  tx: Transaction,
  order: OrderRow,
  paid: ChargeRow | undefined,
  decision: 'approve' | 'block',
  cause: string,
): Promise<void> {
  if (decision === 'approve') {
    await moveFraudState(tx, order, 'passed', cause)
    if (paid) await acceptOrder(tx, order, paid, cause)
    return
  }
  await moveFraudState(tx, order, 'blocked', cause)
  await moveOrder(tx, order, 'blocked', cause)
  if (!paid) return
  tx.enqueue({
    job: paid.state === 'complete' ? 'refund-charge' : 'cancel-charge',
    payload: { orderId: order.id, chargeId: paid.id },
    dedupeKey: `${paid.id}-late-1`,
  })
}
