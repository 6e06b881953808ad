import { sql } from 'kysely'
import { giveCouponBack } from '../coupons/redeem.ts'
import { merged, now, statement } from '../database/statement.ts'
import { judge, type Verdict } from '../platform/state-machine.ts'
import { moveSources } from '../sources/move-source.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { mailOfState, notifyBuyer } from './notify-buyer.ts'
import type { Attention } from './order.entity.ts'
import {
  type FraudState,
  fraudTransitions,
  isClosed,
  isPayable,
  type OrderState,
  orderTransitions,
  reopenings,
} from './order.state-machine.ts'
import type { OrderRow } from './order-row.ts'
import { giveStockBack } from './stock.ts'

/** What a credit did not pay, its buyer has again: it ends unused. One that was used stays so. */
export const releaseCredit = statement<{ orderId: string }>()((db, $) =>
  moveSources('cancelled').where((s) =>
    s('s.id', 'in', db.selectFrom('orders').select('credit_source_id').where('id', '=', $.orderId)),
  ),
)

type Move = {
  id: string
  from: OrderState
  to: OrderState
  stamps: Record<string, string>
  cancelReason: string | null
  payable: boolean
  passes: boolean
  passed: Record<string, string>
}

const move = statement<Move>({
  id: 'text',
  from: 'text',
  to: 'text',
  stamps: 'jsonb',
  cancelReason: 'text',
  payable: 'boolean',
  passes: 'boolean',
  passed: 'jsonb',
})((db, $) =>
  db
    .updateTable('orders')
    .set((o) => ({
      state: $.to,
      state_transitions: merged(o.ref('state_transitions'), $.stamps),
      updated_at: now,
      cancel_reason: o.fn.coalesce($.cancelReason.typed('text'), 'cancel_reason'),
      expires_at: o.case().when($.payable.typed('boolean')).then(o.ref('expires_at')).end(),
      fraud_state: o
        .case()
        .when($.passes.typed('boolean'))
        .then(sql.lit<FraudState>('passed'))
        .else(o.ref('fraud_state'))
        .end(),
      fraud_state_transitions: o
        .case()
        .when($.passes.typed('boolean'))
        .then(merged(o.ref('fraud_state_transitions'), $.passed))
        .else(o.ref('fraud_state_transitions'))
        .end(),
    }))
    .where('id', '=', $.id)
    .where('state', '=', $.from)
    .returning('id'),
)

const reopen = statement<{ id: string; from: OrderState; to: OrderState }>()((db, $) =>
  db
    .updateTable('orders')
    .set((o) => ({
      state: $.to,
      state_transitions: sql`${o.ref('state_transitions')} - ${$.from.typed('text')}`,
      cancel_reason: null,
      updated_at: now,
    }))
    .where('id', '=', $.id),
)

const setFraudState = statement<{ id: string; to: FraudState; stamp: Record<string, string> }>()((db, $) =>
  db
    .updateTable('orders')
    .set((o) => ({
      fraud_state: $.to,
      fraud_state_transitions: merged(o.ref('fraud_state_transitions'), $.stamp),
      updated_at: now,
    }))
    .where('id', '=', $.id),
)

const storeAttention = statement<{ id: string; attention: Attention | null }>()((db, $) =>
  db.updateTable('orders').set({ attention: $.attention.json, updated_at: now }).where('id', '=', $.id),
)

/**
 * Moves a locked order along one or several states at once, stamps each and writes the timeline.
 * A state the order is past is dropped, and the drop stands in the timeline (I5).
 * One that is cancelled or blocked gives its pieces back to stock, its coupon if it was not paid yet, and a credit that nothing was taken of.
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
  const at = new Date().toISOString()
  const moved = await move(tx, {
    id: order.id,
    from: order.state,
    to: from,
    stamps: Object.fromEntries(path.map((state) => [state, at])),
    cancelReason: changes.cancelReason ?? null,
    payable: isPayable(from),
    passes,
    passed: { passed: at },
  })
  if (moved.length !== 1) throw new Error(`order ${order.id} was not locked while it moved to ${from}`)
  if (from === 'cancelled' || from === 'blocked') await giveStockBack(tx, order)
  if (order.creditAmount > 0 && isClosed(from)) await releaseCredit(tx, { orderId: order.id })
  if (order.couponId !== null && isPayable(order.state) && isClosed(from)) await giveCouponBack(tx, order.id)
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
  await reopen(tx, { id: order.id, from, to })
  order.state = to
  return true
}

/** Moves the fraud state of a locked order and stamps it; a decided screen stays decided. */
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
    await setFraudState(tx, { id: order.id, to, stamp: { [to]: new Date().toISOString() } })
    order.fraudState = to
  }
  return verdict
}

/**
 * Puts a locked order that our own screen had let pass under review: its provider sees only with the money what a bank's page or a
 * card's challenge has brought.
 */
export async function reopenReview(tx: Transaction, order: OrderRow, cause: string): Promise<void> {
  const to = 'review_opened'
  tx.note({
    orderId: order.id,
    kind: 'transition',
    subject: 'fraud',
    subjectId: order.id,
    from: order.fraudState,
    to,
    cause,
  })
  await setFraudState(tx, { id: order.id, to, stamp: { [to]: new Date().toISOString() } })
  order.fraudState = to
}

/** Marks an order as waiting for a person, or clears that with `null`. The reason names the failing part, never a value. */
export async function setAttention(
  tx: Transaction,
  orderId: string,
  attention: { reason: string; taskId?: string } | null,
): Promise<void> {
  await storeAttention(tx, {
    id: orderId,
    attention: attention && { ...attention, since: new Date().toISOString() },
  })
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
