import { bookForeignCapture } from '../charges/book-foreign-capture.ts'
import { expireCaptures, releaseEntries } from '../charges/capture-entries.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { storeHold } from '../charges/charge-writes.ts'
import { moveCharge } from '../charges/move-charge.ts'
import { reportMismatch } from '../charges/report-mismatch.ts'
import { scalar, statement } from '../database/statement.ts'
import { advanceMerchantOrder } from '../fulfillment/advance-merchant-order.ts'
import { moveOrder, setAttention } from '../orders/move-order.ts'
import { openItems } from '../orders/open-items.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { ChargeObservation } from '../providers/observations.ts'
import { followCharge } from '../sources/move-source.ts'
import { cancelRest } from '../splits/cancel-rest.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { callOffAtProvider } from './end-unpaid.ts'
import type { ObservationOutcome } from './observe-charge.ts'

/**
 * Applies what a provider says about money that is held for a merchant's order. Our captures are booked with their operation, so a report of
 * one is no news; one that was made there without us is booked and needs a person. A hold that ended without us is: it lapsed, and what was to be captured failed (I9).
 */
export async function observeHold(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<ObservationOutcome> {
  if (seen.state === 'pending' || seen.state === 'processing') return 'no_change'
  const ended = seen.state === 'complete' || seen.state === 'cancelled'
  if (charge.state === 'capturable' && (seen.capturedAmount ?? 0) > charge.capturedAmount) {
    if (await isBeingCaptured(tx, charge)) return 'no_change'
    await bookForeignCapture(tx, order, charge, seen)
    if (seen.state === 'complete') await endHold(tx, order, charge, 'complete', cause)
    // Last, so that it is what a person reads.
    await setAttention(tx, order.id, { reason: 'captured at the provider' })
    return 'applied'
  }
  if (charge.state !== 'capturable' || !ended) {
    if (ended && charge.state === 'complete') {
      const asBooked = seen.state === 'complete' && seen.capturedAmount === charge.capturedAmount
      return asBooked ? 'no_change' : reportCapture(tx, order, charge, seen, cause)
    }
    const verdict = await moveCharge(tx, charge, seen.state, cause)
    return verdict === 'stale' ? 'dropped' : 'no_change'
  }
  if (await isBeingCaptured(tx, charge)) return 'no_change'
  if (seen.state === 'complete' && seen.capturedAmount !== charge.capturedAmount) {
    return reportCapture(tx, order, charge, seen, cause)
  }
  const called = seen.state === 'cancelled' && !seen.lapsed && (await callOffAtProvider(tx, order, charge, cause))
  await endHold(tx, order, charge, seen.state === 'complete' ? 'complete' : 'cancelled', cause)
  if (called && order.state === 'in_review') await moveOrder(tx, order, 'cancelled', cause)
  return 'applied'
}

const readCaptureUnderWay = statement<{ orderId: string; chargeId: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('charge_id', '=', $.chargeId)
    .where('kind', '=', 'capture')
    .where('state', 'in', ['pending', 'unknown']),
)

const endEntries = statement<{ orderId: string; chargeId: string; cancelled: boolean }>()((db, $) =>
  db
    .with('released', () => releaseEntries($.chargeId))
    .with('failed', () => expireCaptures($.chargeId))
    .with('shares', () => cancelRest($.chargeId, $.cancelled))
    .selectNoFrom((step) => [
      scalar(step.selectFrom('failed').select((f) => f.fn.countAll<number>().as('count'))).as('failed'),
      openItems($.orderId).as('openItems'),
    ]),
)

/** Whoever carries a capture out learns the same from the provider's answer. */
async function isBeingCaptured(tx: Transaction, charge: ChargeRow): Promise<boolean> {
  const [underWay] = await readCaptureUnderWay(tx, { orderId: charge.orderId, chargeId: charge.id })
  return underWay !== undefined
}

/** What was captured differs from what the books say. */
const reportCapture = (
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<'amount_mismatch'> =>
  reportMismatch(tx, order, charge, seen, {
    reason: 'captured amount differs from the books',
    expected: charge.capturedAmount,
    reported: seen.capturedAmount,
    cause,
  })

/** The hold is gone: cancelled pieces have their money back, fulfilled ones whose money was not taken need a person. */
async function endHold(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  to: 'complete' | 'cancelled',
  cause: string,
): Promise<void> {
  await moveCharge(tx, charge, to, cause, to === 'complete' ? { capturedAmount: charge.capturedAmount } : {})
  await followCharge(tx, charge)
  const [left] = await endEntries(tx, { orderId: order.id, chargeId: charge.id, cancelled: to === 'cancelled' })
  if (to === 'complete') {
    tx.enqueue({
      job: 'distribute-capture',
      payload: { orderId: order.id, chargeId: charge.id },
      dedupeKey: `${charge.id}-distribute-end`,
    })
  }
  const expected = order.state === 'accepted' || order.state === 'fulfilled'
  if (expected && left && left.failed + left.openItems > 0) {
    await setAttention(tx, order.id, { reason: 'the authorization has lapsed' })
  }
  await advanceMerchantOrder(tx, order, cause)
}

/** Keeps the terms of a hold when the provider tells them after it was made, as after the buyer's authentication. */
export async function rememberHold(tx: Transaction, charge: ChargeRow, seen: ChargeObservation): Promise<void> {
  if (charge.authorizedUntil !== null || seen.authorizedUntil === undefined) return
  charge.authorizedUntil = seen.authorizedUntil
  charge.multicapture = seen.multicapture ?? charge.multicapture
  const { id, authorizedUntil, multicapture } = charge
  await storeHold(tx, { id, authorizedUntil, multicapture })
}
