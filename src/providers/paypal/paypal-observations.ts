import type { ChargeObservation, RefundReport, SeenRefund } from '../observations.ts'
import { fromPayPal } from './paypal-amounts.ts'
import type { PayPalAuthorization, PayPalCapture, PayPalOrder, PayPalRefund } from './paypal-shapes.ts'

const captured: ReadonlySet<string> = new Set(['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'])
const refused: ReadonlySet<string> = new Set(['DECLINED', 'DENIED', 'FAILED'])

/** The parts of an order that move money; ours have one purchase unit. */
export function paymentsOf(order: PayPalOrder) {
  const payments = order.purchase_units[0]?.payments
  return {
    captures: payments?.captures ?? [],
    refunds: payments?.refunds ?? [],
    authorizations: payments?.authorizations ?? [],
  }
}

export const isCaptured = ({ status }: PayPalCapture): boolean => captured.has(status)

/** For so long PayPal looks at a payment at most. */
const reviewMs = 3 * 24 * 3_600_000

function decisionOf({ create_time: time }: PayPalCapture): string | undefined {
  const begun = Date.parse(time ?? '')
  return Number.isNaN(begun) ? undefined : new Date(begun + reviewMs).toISOString()
}

/** What an event says of one capture of the whole. One that is not decided is no money yet: nothing may leave for it. */
export function observeCapture(capture: PayPalCapture): ChargeObservation {
  const seen = { kind: 'charge', currency: capture.amount.currency_code, providerChargeId: capture.id } as const
  if (isCaptured(capture))
    return { ...seen, state: 'complete', awaitingBuyer: false, capturedAmount: fromPayPal(capture.amount) }
  if (!refused.has(capture.status))
    return { ...seen, state: 'pending', awaitingBuyer: true, decidedUntil: decisionOf(capture) }
  const reason = capture.status_details?.reason ?? capture.status
  // The order is used up by it: whoever tries again needs another one.
  return { ...seen, state: 'failed', awaitingBuyer: false, failureCode: reason.toLowerCase(), spent: true }
}

const open: ReadonlySet<string> = new Set(['CREATED', 'PARTIALLY_CAPTURED', 'PENDING'])

/** Whether money may still be taken of a hold. */
export const isOpen = ({ status, expiration_time: until }: PayPalAuthorization): boolean =>
  open.has(status) && (until === undefined || Date.parse(until) > Date.now())

const sumOf = (list: readonly { amount: PayPalCapture['amount'] }[]): number =>
  list.reduce((sum, { amount }) => sum + (fromPayPal(amount) ?? 0), 0)

/** How an order stands. `currency` is that of our charge, for orders that say none. */
export function observeOrder(order: PayPalOrder, currency: string): ChargeObservation {
  const [unit] = order.purchase_units
  const seen = { kind: 'charge', currency: unit?.amount?.currency_code ?? currency, awaitingBuyer: false } as const
  const { captures, refunds, authorizations } = paymentsOf(order)
  const refundedAmount = sumOf(refunds.filter(({ status }) => status === 'COMPLETED' || status === 'PENDING'))
  if (authorizations.length > 0) return { ...observeHolds(order, currency), refundedAmount }
  const last = captures.find(isCaptured) ?? captures.at(-1)
  if (last) return { ...observeCapture(last), refundedAmount }
  if (order.status === 'APPROVED') return { ...seen, state: 'pending', approved: true }
  if (order.status === 'VOIDED') return { ...seen, state: 'cancelled', lapsed: true }
  return { ...seen, state: 'pending' }
}

/** Held money: what is captured of it, and what may still be. */
function observeHolds(order: PayPalOrder, currency: string): ChargeObservation {
  const { captures, authorizations } = paymentsOf(order)
  const amount = order.purchase_units[0]?.amount ?? authorizations[0]?.amount
  const authorized = amount && fromPayPal(amount)
  const taken = captures.filter(isCaptured)
  const capturedAmount = sumOf(taken)
  const seen = {
    kind: 'charge',
    currency: amount?.currency_code ?? currency,
    awaitingBuyer: false,
    ...(taken[0] ? { providerChargeId: taken[0].id } : {}),
  } as const
  const held = authorizations.findLast(isOpen)
  if (held?.status === 'PENDING') return { ...seen, state: 'pending', awaitingBuyer: true }
  if (held)
    return {
      ...seen,
      state: 'capturable',
      authorizedAmount: authorized,
      capturedAmount,
      capturableAmount: (authorized ?? 0) - capturedAmount,
      multicapture: true,
      authorizedUntil: held.expiration_time,
    }
  if (taken.length > 0) return { ...seen, state: 'complete', authorizedAmount: authorized, capturedAmount }
  if (captures.some(({ status }) => status === 'PENDING')) return { ...seen, state: 'pending', awaitingBuyer: true }
  if (authorizations.every(({ status }) => status === 'DENIED'))
    return { ...seen, state: 'failed', failureCode: 'denied', spent: true }
  return { ...seen, state: 'cancelled', lapsed: authorizations.some(({ status }) => status !== 'VOIDED') }
}

/** How a refund stands. */
export function refundReport(refund: PayPalRefund): RefundReport {
  const { id: reference, status, amount } = refund
  const seen = { reference, amount: fromPayPal(amount) }
  if (status === 'COMPLETED') return { ...seen, state: 'complete' }
  if (status === 'PENDING') return { ...seen, state: 'pending' }
  return { ...seen, state: 'failed', failureReason: (refund.status_details?.reason ?? status).toLowerCase() }
}

/** Our operations have ids of this form; what was given back at PayPal's own pages has another word there, or none. */
const operation = /^op_\w{1,60}$/

export const seenRefund = (refund: PayPalRefund): SeenRefund => ({
  ...refundReport(refund),
  operationId: operation.test(refund.custom_id ?? '') ? refund.custom_id : undefined,
})
