import { isAuthorized, isLive } from '../charges/charge.state-machine.ts'
import { type ChargeRow, chargeRowJson } from '../charges/charge-row.ts'
import { storeFinding } from '../fraud/findings.ts'
import { moveFraudState, moveOrder } from '../orders/move-order.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { ChargeState } from '../providers/charge-states.ts'
import type { Transaction } from '../tasks/transaction.ts'
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
  if (!order || order.merchantId !== target.merchantId || order.draft) throw new ApiError('not_found')
  // A review may be open before the money is there.
  const early = isPayable(order.state) && order.fraudState === 'review_opened'
  if (order.state !== 'in_review' && !early) throw new ApiError('review_not_open')
  const charges = await tx.sql<{ charge: ChargeRow }>(
    `select ${chargeRowJson('c')} as charge from charges c where c.order_id = $1 order by c.created_at`,
    [order.id],
  )
  const paid = charges.map(({ charge }) => charge).find((charge) => isAuthorized(charge.state))
  await closeReview(tx, order, paid, target.decision, `review by ${target.by}`)
}

/**
 * Closes the review of a locked order whose money, if it is there, is `paid`. Approved before the money is there it is accepted with it;
 * blocked it is over whatever comes later (R137), and the money goes back.
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
  await blockItems(tx, order, cause)
  await giveMoneyUp(tx, order)
}

async function blockItems(tx: Transaction, order: OrderRow, cause: string): Promise<void> {
  const items = await tx.sql<{ id: string }>(
    `update order_items set state = 'blocked', state_transitions = state_transitions || jsonb_build_object('blocked', $2::text)
     where order_id = $1 and state = 'created' returning id`,
    [order.id, new Date().toISOString()],
  )
  for (const { id } of items) {
    const moved = { from: 'created', to: 'blocked', cause }
    tx.note({ orderId: order.id, kind: 'transition', subject: 'item', subjectId: id, ...moved })
  }
}

/** What is held is released, what was taken goes back, and what could still be paid can no longer be. */
async function giveMoneyUp(tx: Transaction, order: OrderRow): Promise<void> {
  const charges = await tx.sql<{ id: string; state: ChargeState; amount: number }>(
    `select id, state, amount from charges where order_id = $1 and state <> 'cancelled'`,
    [order.id],
  )
  for (const { id, state, amount } of charges) {
    const payload = { orderId: order.id, chargeId: id }
    if (isLive(state)) tx.enqueue({ job: 'cancel-charge', payload, dedupeKey: `${id}-cancel-1` })
    else
      tx.enqueue({ job: state === 'complete' ? 'refund-charge' : 'cancel-charge', payload, dedupeKey: `${id}-late-1` })
    if (state === 'capturable' && order.fulfilledBy === 'merchant') {
      await tx.sql(
        `insert into charge_entries (id, charge_id, order_id, kind, amount) values ($1, $2, $3, 'cancel', $4)`,
        [newId('cancel'), id, order.id, amount],
      )
    }
  }
}
