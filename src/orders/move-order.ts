import type { Transaction } from '../database/transaction.ts'
import { judge, type Verdict } from '../platform/state-machine.ts'
import { mailOfState, notifyBuyer } from './notify-buyer.ts'
import {
  type FraudState,
  fraudTransitions,
  isPayable,
  type OrderState,
  orderTransitions,
  reopenings,
} from './order.state-machine.ts'
import type { OrderRow } from './order-row.ts'

/**
 * Moves a locked order along one or several states at once, stamps each (R221) and writes the timeline.
 * A state the order is past is dropped, and the drop stands in the timeline (I5, R48).
 * `order` is updated in place. Returns what became of the first state.
 */
export async function moveOrder(
  tx: Transaction,
  order: OrderRow,
  to: OrderState | readonly [OrderState, ...OrderState[]],
  cause: string,
  changes: { cancelReason?: string } = {},
): Promise<Verdict> {
  const path: readonly [OrderState, ...OrderState[]] = typeof to === 'string' ? [to] : to
  const verdict = judge(orderTransitions, order.state, path[0])
  if (verdict === 'stale') {
    tx.note({
      orderId: order.id,
      kind: 'drop',
      subject: 'order',
      subjectId: order.id,
      from: order.state,
      to: path[0],
      cause,
    })
  }
  if (verdict !== 'moves') return verdict

  let from = order.state
  for (const state of path) {
    if (judge(orderTransitions, from, state) !== 'moves')
      throw new Error(`order ${order.id}: ${from} → ${state} is no transition`)
    tx.note({ orderId: order.id, kind: 'transition', subject: 'order', subjectId: order.id, from, to: state, cause })
    const mail = mailOfState[state]
    if (mail) notifyBuyer(tx, order, mail)
    from = state
  }
  // Whoever accepts an order has nothing against it: a screen that found nothing is passed by that.
  const passes = path.includes('accepted') && order.fraudState === 'none'
  if (passes) {
    tx.note({
      orderId: order.id,
      kind: 'transition',
      subject: 'fraud',
      subjectId: order.id,
      from: 'none',
      to: 'passed',
      cause,
    })
  }
  const now = new Date().toISOString()
  const moved = await tx.sql<{ id: string }>(
    `update orders set state = $2, state_transitions = state_transitions || $3::jsonb, updated_at = now(),
       cancel_reason = coalesce($5, cancel_reason), expires_at = case when $6 then expires_at end,
       fraud_state = case when $7 then 'passed' else fraud_state end,
       fraud_state_transitions = case when $7 then fraud_state_transitions || $8::jsonb else fraud_state_transitions end
     where id = $1 and state = $4 returning id`,
    [
      order.id,
      from,
      JSON.stringify(Object.fromEntries(path.map((state) => [state, now]))),
      order.state,
      changes.cancelReason ?? null,
      isPayable(from),
      passes,
      JSON.stringify({ passed: now }),
    ],
  )
  if (moved.length !== 1) throw new Error(`order ${order.id} was not locked while it moved to ${from}`)
  order.state = from
  if (passes) order.fraudState = 'passed'
  return verdict
}

/**
 * Puts a locked order back into the state from which a refund closed it that has failed since. Returns false for one that is closed by
 * something else, or not at all. `order` is updated in place.
 */
export async function reopenOrder(tx: Transaction, order: OrderRow, to: OrderState, cause: string): Promise<boolean> {
  const from = order.state
  if (from !== 'cancelled' && from !== 'returned') return false
  if (!(reopenings[from] as readonly OrderState[]).includes(to)) return false
  tx.note({ orderId: order.id, kind: 'note', subject: 'order', subjectId: order.id, from, to, cause })
  await tx.sql(
    `update orders set state = $2, state_transitions = state_transitions - $3::text, cancel_reason = null, updated_at = now() where id = $1`,
    [order.id, to, from],
  )
  order.state = to
  return true
}

/** Moves the fraud state of a locked order and stamps it (R222); a decided screen stays decided (R137). */
export async function moveFraudState(
  tx: Transaction,
  order: OrderRow,
  to: FraudState,
  cause: string,
): Promise<Verdict> {
  const verdict = judge(fraudTransitions, order.fraudState, to)
  if (verdict === 'same') return verdict
  tx.note({
    orderId: order.id,
    kind: verdict === 'moves' ? 'transition' : 'drop',
    subject: 'fraud',
    subjectId: order.id,
    from: order.fraudState,
    to,
    cause,
  })
  if (verdict === 'moves') {
    await tx.sql(
      `update orders set fraud_state = $2, fraud_state_transitions = fraud_state_transitions || jsonb_build_object($2::text, $3::text),
         updated_at = now() where id = $1`,
      [order.id, to, new Date().toISOString()],
    )
    order.fraudState = to
  }
  return verdict
}

/** Marks an order as waiting for a person, or clears that with `null`. The reason names the failing part, never a value. */
export async function setAttention(
  tx: Transaction,
  orderId: string,
  attention: { reason: string; taskId?: string } | null,
): Promise<void> {
  await tx.sql('update orders set attention = $2::jsonb, updated_at = now() where id = $1', [
    orderId,
    attention && JSON.stringify({ ...attention, since: new Date().toISOString() }),
  ])
  if (attention) {
    tx.note({
      orderId,
      kind: 'event',
      subject: 'order',
      subjectId: orderId,
      cause: 'order.attention',
      detail: attention,
    })
  }
}
