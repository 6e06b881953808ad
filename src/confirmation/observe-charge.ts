import { sql } from 'kysely'
import { bookPartialCapture } from '../charges/book-foreign-capture.ts'
import { isAuthorized, isLive } from '../charges/charge.state-machine.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { storeNextAction } from '../charges/charge-writes.ts'
import { moveCharge } from '../charges/move-charge.ts'
import { reportMismatch, wrongAmount, wrongCurrency } from '../charges/report-mismatch.ts'
import { statement } from '../database/statement.ts'
import { useLink } from '../links/use-link.ts'
import { moveFraudState, moveOrder, reopenReview } from '../orders/move-order.ts'
import { notifyBuyer } from '../orders/notify-buyer.ts'
import { isClosed, isPastConfirmation, isPayable, orderTransitions } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { postponeExpiry } from '../orders/postpone-expiry.ts'
import { soldOut, takeStockOf } from '../orders/stock.ts'
import { judge } from '../platform/state-machine.ts'
import type { ChargeObservation } from '../providers/observations.ts'
import { followCharge } from '../sources/move-source.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { confirmOrder } from './confirm-order.ts'
import { endUnpaid, ownCancellation } from './end-unpaid.ts'
import { bookCancelled, bookRest, captureOf, returnSurplus, shortfallOf } from './observe-arrivals.ts'
import { observeHold, rememberHold } from './observe-hold.ts'

/** What became of an observation; stored with the inbox event. */
export type ObservationOutcome = 'applied' | 'no_change' | 'dropped' | 'late_payment' | 'amount_mismatch'

/**
 * Applies what a provider says about a payment to the locked charge and order. Forward only: webhooks, the buyer's return
 * and our own questions are all hints for the same transition, in any order and any number.
 */
export async function observeCharge(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<ObservationOutcome> {
  // What was too much of another payment is decided with that one.
  if (charge.surplusOf !== null) return 'no_change'
  const outcome = await observePayment(tx, order, charge, seen, cause)
  const returned = await returnSurplus(tx, order, charge, seen, cause)
  return returned && outcome === 'no_change' ? 'applied' : outcome
}

async function observePayment(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<ObservationOutcome> {
  if (isAuthorized(seen.state) && seen.currency !== charge.currency) {
    return reportMismatch(tx, order, charge, seen, {
      reason: wrongCurrency,
      expected: charge.amount,
      reported: seen.capturedAmount ?? seen.authorizedAmount,
      cause,
    })
  }
  if (seen.state === 'capturable') await rememberHold(tx, charge, seen)
  if (order.fulfilledBy === 'merchant' && charge.captureMethod === 'manual' && isAuthorized(charge.state)) {
    return observeHold(tx, order, charge, seen, cause)
  }
  if (seen.over && isLive(charge.state)) await giveUp(tx, order, charge, seen, cause)
  // Some providers cannot call a payment back once its page was handed out: its money may still come.
  if (charge.state === 'cancelled' && seen.state === 'complete' && (await bookCancelled(tx, charge, seen)))
    return refundLatePayment(tx, order, charge, 'refund-charge', cause)
  const rest = seen.state === 'complete' ? await bookRest(tx, order, charge, seen) : undefined
  if (rest !== undefined) return rest ? acceptOrReview(tx, order, charge, seen, cause) : 'amount_mismatch'
  const paid = seen.state === 'capturable' ? seen.authorizedAmount : (seen.capturedAmount ?? seen.authorizedAmount)
  if (isAuthorized(seen.state) && paid !== charge.amount) {
    // Of what came late everything that can be said was said.
    if (seen.over || charge.capturedAmount > 0) return 'no_change'
    if (await bookPartialCapture(tx, order, charge, seen, cause)) return 'amount_mismatch'
    return reportMismatch(tx, order, charge, seen, {
      reason: wrongAmount,
      expected: charge.amount,
      reported: paid,
      cause,
    })
  }

  if (charge.state === 'cancelled' && (isLive(seen.state) || seen.state === 'capturable')) cancelAtProvider(tx, charge)

  if (seen.spent) return endSpent(tx, order, charge, seen, cause)

  // Money that was only on its way may have been overtaken by another payment.
  const wasHeld = charge.state === 'capturable'
  const verdict = await moveAsSeen(tx, charge, seen, cause)
  if (verdict === 'stale') return 'dropped'
  if (isAuthorized(seen.state)) {
    if (verdict === 'same') return 'no_change'
    // The money of an order is taken once: a second charge, or one for a closed order, goes back (I7).
    if (isClosed(order.state) || (!wasHeld && (await isPaidByAnother(tx, order, charge)))) {
      return refundLatePayment(
        tx,
        order,
        charge,
        charge.state === 'complete' ? 'refund-charge' : 'cancel-charge',
        cause,
      )
    }
    return acceptOrReview(tx, order, charge, seen, cause)
  }
  if (seen.state === 'cancelled' && verdict === 'moves' && cause !== ownCancellation) {
    await endUnpaid(tx, order, charge, seen, cause)
    return 'applied'
  }
  if (seen.state === 'failed') return verdict === 'same' ? 'no_change' : followFailure(tx, order, charge, cause)
  const shown = await showBuyerTurn(tx, order, charge, seen, cause)
  return shown || verdict === 'moves' ? 'applied' : 'no_change'
}

/** Ends a charge that its provider gives up, and with it an order that has no other. */
async function giveUp(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<void> {
  await moveCharge(tx, charge, 'cancelled', cause, { failureCode: seen.failureCode })
  if (cause !== ownCancellation) await endUnpaid(tx, order, charge, seen, cause)
}

/** A charge that was given up before its provider answered: the payment it did make must not stay open there. */
function cancelAtProvider(tx: Transaction, charge: ChargeRow): void {
  tx.enqueue({
    job: 'cancel-charge',
    payload: { orderId: charge.orderId, chargeId: charge.id },
    dedupeKey: `${charge.id}-cancel-1`,
  })
}

/** Moves the charge to the state that was seen, with what was told of it, and its source after it. */
async function moveAsSeen(tx: Transaction, charge: ChargeRow, seen: ChargeObservation, cause: string) {
  const verdict = await moveCharge(tx, charge, seen.state, cause, {
    providerChargeId: seen.providerChargeId,
    capturedAmount: seen.state === 'complete' ? seen.capturedAmount : undefined,
    failureCode: seen.failureCode,
    failureMessage: seen.failureMessage,
    movements: seen.state === 'complete' ? [captureOf(charge), shortfallOf(charge, seen.shortfallAmount ?? 0)] : [],
    detail: seen.detail,
  })
  if (verdict === 'stale') return verdict
  if (seen.providerChargeId) charge.providerChargeId ??= seen.providerChargeId
  if (verdict === 'moves') await followCharge(tx, charge)
  return verdict
}

/** A payment that failed for good is over, and its order waits for another one; unless it was held for an order that goes on already. */
async function endSpent(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<ObservationOutcome> {
  const verdict = await moveAsSeen(tx, charge, { ...seen, state: 'cancelled' }, cause)
  if (verdict === 'stale') return 'dropped'
  if (verdict === 'same') return 'no_change'
  if (isPayable(order.state)) return followFailure(tx, order, charge, cause)
  if (cause !== ownCancellation) await endUnpaid(tx, order, charge, seen, cause)
  return 'applied'
}

async function followFailure(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  cause: string,
): Promise<ObservationOutcome> {
  await moveOrder(tx, order, 'payment_failed', cause)
  notifyBuyer(tx, order, 'charge_failed', charge.id)
  // Whoever ordered with a source made no other arrangement for paying: the order is given up, which frees the goods.
  if (charge.sourceId !== null) {
    tx.enqueue({ job: 'expire-order', payload: { orderId: order.id }, dedupeKey: `${order.id}-unpaid-1` })
  }
  return 'applied'
}

/** Keeps what the buyer still has to do. True when the order shows only now that it waits for them. */
async function showBuyerTurn(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  { nextAction, awaitingBuyer, decidedUntil }: ChargeObservation,
  cause: string,
): Promise<boolean> {
  if (decidedUntil) await postponeExpiry(tx, { orderId: order.id, until: decidedUntil })
  if (nextAction && charge.sourceId !== null) await storeNextAction(tx, { id: charge.id, nextAction })
  if (!awaitingBuyer || order.state !== 'pending') return false
  await moveOrder(tx, order, 'pending_payment', cause)
  if (nextAction?.action === 'show_payment_instructions') notifyBuyer(tx, order, 'payment_instructions')
  return true
}

const readHeld = statement<{ orderId: string; chargeId: string }>()((db, $) =>
  db
    .selectFrom('charges')
    .select((c) =>
      c.fn
        .coalesce(
          c.fn.sum<number>(
            c.case().when('state', '=', 'complete').then(c.ref('captured_amount')).else(c.ref('amount')).end(),
          ),
          sql.lit(0),
        )
        .as('held'),
    )
    .where('order_id', '=', $.orderId)
    .where('id', '<>', $.chargeId)
    .where('state', 'in', ['capturable', 'processing', 'complete']),
)

/**
 * True when other charges of this order hold so much of its money that this one is too much. Asked only for orders that look paid;
 * what an early capture left over is held by a charge of its own.
 */
async function isPaidByAnother(tx: Transaction, order: OrderRow, charge: ChargeRow): Promise<boolean> {
  if (isPayable(order.state)) return false
  const [others] = await readHeld(tx, { orderId: order.id, chargeId: charge.id })
  return others !== undefined && others.held > 0 && others.held + charge.amount > order.totalAmount - order.creditAmount
}

const readReviewed = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('orders')
    .select((o) => sql<boolean>`${o.ref('fraud_state_transitions')} ? 'review_opened'`.as('reviewed'))
    .where('id', '=', $.orderId),
)

/** True for an order that a person has let pass: what the provider has against it is known. */
async function wasReviewed(tx: Transaction, order: OrderRow): Promise<boolean> {
  if (order.fraudState !== 'passed') return false
  const [row] = await readReviewed(tx, { orderId: order.id })
  return row?.reviewed === true
}

async function acceptOrReview(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<ObservationOutcome> {
  if (order.state === 'accepted' || isPastConfirmation(order.state)) return 'applied'
  if (order.fraudState === 'review_opened' || (seen.inReview && !(await wasReviewed(tx, order)))) {
    if (!(await takeStockOf(tx, order))) return refuseSoldOut(tx, order, charge, cause)
    if (order.fraudState === 'passed') await reopenReview(tx, order, cause)
    else await moveFraudState(tx, order, 'review_opened', cause)
    await moveOrder(tx, order, 'in_review', cause)
    return 'applied'
  }
  return acceptOrder(tx, order, charge, cause)
}

/**
 * Paid or authorized, and not held for review: the saga starts in the same step (I8). An order of which too few pieces are left, or of a
 * checkout link that has sold all it may, is cancelled instead, and its money goes back (I7).
 */
export async function acceptOrder(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  cause: string,
): Promise<ObservationOutcome> {
  if (judge(orderTransitions, order.state, 'accepted') !== 'moves') return 'no_change'
  const toBeHad = (await takeStockOf(tx, order)) && (order.linkId === null || (await useLink(tx, order.linkId)))
  if (!toBeHad) return refuseSoldOut(tx, order, charge, cause)
  await moveOrder(tx, order, 'accepted', cause)
  if (order.fulfilledBy === 'engine') {
    await confirmOrder(tx, order.id)
  } else if (charge.state === 'complete') {
    tx.enqueue({
      job: 'distribute-capture',
      payload: { orderId: order.id, chargeId: charge.id },
      dedupeKey: `${charge.id}-distribute-1`,
    })
  }
  return 'applied'
}

/** Cancels an order that was paid when nothing was left for it, tells its buyer, and gives the money back. */
async function refuseSoldOut(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  cause: string,
): Promise<ObservationOutcome> {
  await moveOrder(tx, order, 'cancelled', cause, { cancelReason: soldOut })
  return refundLatePayment(tx, order, charge, charge.state === 'complete' ? 'refund-charge' : 'cancel-charge', cause)
}

async function refundLatePayment(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  job: 'refund-charge' | 'cancel-charge',
  cause: string,
): Promise<ObservationOutcome> {
  tx.note({
    orderId: order.id,
    kind: 'event',
    subject: 'order',
    subjectId: order.id,
    cause: 'order.payment.late',
    detail: { charge: charge.id, orderState: order.state, reportedBy: cause },
  })
  tx.enqueue({
    job,
    payload: { orderId: order.id, chargeId: charge.id },
    dedupeKey: `${charge.id}-late-1`,
  })
  return 'late_payment'
}
