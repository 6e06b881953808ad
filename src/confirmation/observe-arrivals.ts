import type { ChargeRow } from '../charges/charge-row.ts'
import { captureCancelled, captureMore } from '../charges/charge-writes.ts'
import { wrongAmount } from '../charges/report-mismatch.ts'
import { storeSurplus } from '../charges/store-surplus.ts'
import { bookMovements, type Movement } from '../ledger/ledger.ts'
import { setAttention } from '../orders/move-order.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { ChargeObservation } from '../providers/observations.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** Why an order of which its buyer has paid too much waits for a person. */
const paidTooMuch = 'more was paid than asked for'

/** The captured money moves from the provider into the charge's account. */
export const captureOf = (charge: ChargeRow, amount = charge.amount, name = 'capture'): Movement => ({
  correlationKey: `${charge.id}-${name}`,
  orderId: charge.orderId,
  from: `provider:${charge.provider}`,
  to: `charge:${charge.id}`,
  amount,
  currency: charge.currency,
})

/** What of a payment that counts as whole the provider never got: a cost, so that the books say what it holds. */
export const shortfallOf = (charge: ChargeRow, amount: number): Movement => ({
  correlationKey: `${charge.id}-shortfall`,
  orderId: charge.orderId,
  from: 'cost:shortfall',
  to: `provider:${charge.provider}`,
  amount,
  currency: charge.currency,
})

/** What really came of the money that a charge asks for. Minor units. */
const cameOf = (seen: ChargeObservation): number => (seen.capturedAmount ?? 0) - (seen.shortfallAmount ?? 0)

/**
 * Books what came of a charge that stays cancelled, wholly or in part; it is to go back (I7). Returns false where nothing came that is not in
 * the books, or more than was asked for.
 */
export async function bookCancelled(tx: Transaction, charge: ChargeRow, seen: ChargeObservation): Promise<boolean> {
  const capturedAmount = cameOf(seen)
  if (charge.capturedAmount > 0 || capturedAmount <= 0 || capturedAmount > charge.amount) return false
  const { providerChargeId = null } = seen
  await captureCancelled(tx, { id: charge.id, capturedAmount, providerChargeId })
  await bookMovements(tx, [captureOf(charge, capturedAmount)])
  charge.capturedAmount = capturedAmount
  return true
}

/**
 * Books the rest of a charge of which too little had come before, as long as its order wants it and nothing of it is on its way back. Returns
 * whether it is whole now; undefined where there is no such rest.
 */
export async function bookRest(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
): Promise<boolean | undefined> {
  const capturedAmount = seen.capturedAmount ?? 0
  const rest = capturedAmount - charge.capturedAmount
  const isPartial = charge.state === 'complete' && charge.capturedAmount > 0 && charge.capturedAmount < charge.amount
  if (!isPartial || rest <= 0 || capturedAmount > charge.amount || !isPayable(order.state)) return undefined
  const short = seen.shortfallAmount ?? 0
  const { providerChargeId = null } = seen
  const [counted] = await captureMore(tx, { id: charge.id, capturedAmount, providerChargeId })
  if (!counted) return undefined
  await bookMovements(tx, [captureOf(charge, rest, `capture-${capturedAmount}`), shortfallOf(charge, short)])
  charge.capturedAmount = capturedAmount
  const whole = capturedAmount === charge.amount
  if (whole && order.attention?.reason === wrongAmount) await setAttention(tx, order.id, null)
  return whole
}

/**
 * Gives back what came of a payment that has ended beyond what the books hold of it, and calls a person: it was too much, or came too late
 * to be taken. Returns whether there was any.
 */
export async function returnSurplus(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<boolean> {
  const ended = charge.state === 'complete' || charge.state === 'cancelled'
  const more = (seen.surplusAmount ?? 0) > 0 || (charge.capturedAmount > 0 && cameOf(seen) > charge.capturedAmount)
  if (seen.state !== 'complete' || seen.currency !== charge.currency || !ended || !more) return false
  const surplus = await storeSurplus(tx, charge, cameOf(seen) + (seen.surplusAmount ?? 0))
  if (!surplus) return false
  await setAttention(tx, order.id, { reason: paidTooMuch })
  tx.note({
    orderId: order.id,
    kind: 'event',
    subject: 'order',
    subjectId: order.id,
    cause: 'order.payment.late',
    detail: { charge: surplus.id, amount: surplus.amount, orderState: order.state, reportedBy: cause },
  })
  tx.enqueue({
    job: 'refund-charge',
    payload: { orderId: order.id, chargeId: surplus.id },
    dedupeKey: `${surplus.id}-late-1`,
  })
  return true
}
