import { unixNow } from '../world.ts'
import { unapplyFunds } from './bank-transfers.ts'
import { isMulticapture, settleCapture } from './charges.ts'
import { disputeByCard } from './disputes.ts'
import { invalidParameter, invalidState } from './errors.ts'
import { recordCapture } from './intent-outcomes.ts'
import { choice, flag, integer, mergedMetadata, onlyKnown } from './params.ts'
import type { Cause, StripeCall } from './pipeline.ts'
import { closeReview } from './reviews.ts'
import type { Charge, Intent, StripeState } from './state.ts'

const captureParams = new Set([
  'amount_details',
  'amount_to_capture',
  'application_fee_amount',
  'expand',
  'final_capture',
  'hooks',
  'metadata',
  'payment_details',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_data',
])

/**
 * Takes held money. A capture is final unless the charge allows several and `final_capture` is false; what a final
 * capture leaves over is released, and shows as refunded on the charge although no refund object exists.
 */
export function captureIntent(state: StripeState, call: StripeCall, intent: Intent): Intent {
  onlyKnown(call.params, captureParams)
  const charge = state.charges.get(intent.latest_charge ?? '')
  if (intent.status !== 'requires_capture' || !charge) {
    const message = `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`
    throw invalidState(message, { code: 'payment_intent_unexpected_state', payment_intent: intent })
  }
  const final = flag(call.params, 'final_capture') ?? true
  const several = isMulticapture(charge)
  if (!final && !several) {
    throw invalidParameter(
      'This PaymentIntent does not support multicapture. `final_capture` cannot be false.',
      'final_capture',
    )
  }
  const amount = integer(call.params, 'amount_to_capture') ?? intent.amount_capturable
  if (amount > 0 && capturesOf(state, charge) >= mostCaptures) {
    const message = `This PaymentIntent has already been captured ${mostCaptures} times, which is the most that multicapture allows.`
    throw invalidState(message, { code: 'charge_invalid_parameter' })
  }
  if (amount > intent.amount_capturable) {
    const message = `You cannot capture ${amount}: only ${intent.amount_capturable} of this PaymentIntent can be captured.`
    throw invalidParameter(message, 'amount_to_capture', 'amount_too_large')
  }
  if (amount < 1 && !(final && several && intent.amount_received > 0)) {
    throw invalidParameter('Invalid positive integer', 'amount_to_capture', 'parameter_invalid_integer')
  }
  const before = { ...intent }
  intent.metadata = mergedMetadata(intent.metadata, call.params)
  state.indexIntent(intent, before)
  takeHeld(state, call, intent, charge, amount, final)
  return intent
}

const mostCaptures = 50

const capturesOf = (state: StripeState, charge: Charge) =>
  state.transactionsBySource.of(charge.id).filter((id) => state.transactions.get(id)?.type === 'charge').length

function takeHeld(
  state: StripeState,
  cause: Cause,
  intent: Intent,
  charge: Charge,
  amount: number,
  final: boolean,
): void {
  const before = { amount_captured: charge.amount_captured, balance_transaction: charge.balance_transaction }
  intent.amount_received += amount
  intent.amount_capturable = final ? 0 : intent.amount_capturable - amount
  charge.amount_captured += amount
  if (amount > 0) {
    recordCapture(state, cause, intent, charge.id, amount, final)
    settleCapture(state, charge, amount)
  }
  if (isMulticapture(charge) || !final) {
    state.emit(cause, 'charge.updated', charge, before)
    state.emit(cause, 'payment_intent.amount_capturable_updated', intent)
  }
  if (!final) return
  charge.captured = true
  // What was refunded between the captures counts towards a whole refund only now.
  charge.refunded = charge.amount_captured > 0 && charge.amount_refunded >= charge.amount_captured
  charge.amount_refunded += charge.amount - charge.amount_captured
  intent.status = 'succeeded'
  state.emit(cause, 'charge.captured', charge)
  state.emit(cause, 'payment_intent.succeeded', intent)
  disputeByCard(state, charge)
}

const cancelable = new Set(['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action'])
const reasons = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const

/** Cancels an intent; held money is released, which Stripe tells by `charge.refunded` on an uncaptured charge. */
export function cancelIntent(state: StripeState, call: StripeCall, intent: Intent): Intent {
  onlyKnown(call.params, new Set(['cancellation_reason', 'expand']))
  const reason = choice(call.params, 'cancellation_reason', reasons) ?? null
  if (!cancelable.has(intent.status)) {
    const message = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`
    throw invalidState(message, { code: 'payment_intent_unexpected_state', payment_intent: intent })
  }
  endUncaptured(state, call, intent, reason)
  return intent
}

/** Stripe's own end of an authorization that nobody captured in time: canceled, or succeeded if a part was captured. */
export function expireIntent(state: StripeState, cause: Cause, intent: Intent): void {
  const charge = state.charges.get(intent.latest_charge ?? '')
  if (intent.status === 'requires_capture' && charge && intent.amount_received > 0) {
    takeHeld(state, cause, intent, charge, 0, true)
    return
  }
  endUncaptured(state, cause, intent, 'automatic')
}

function endUncaptured(
  state: StripeState,
  cause: Cause,
  intent: Intent,
  reason: (typeof reasons)[number] | 'automatic' | null,
): void {
  const charge = intent.status === 'requires_capture' ? state.charges.get(intent.latest_charge ?? '') : undefined
  if (charge) {
    const before = { amount_refunded: charge.amount_refunded, refunded: charge.refunded }
    charge.amount_refunded = charge.amount - charge.amount_captured
    charge.refunded = true
    if (reason === 'automatic') state.emit(cause, 'charge.expired', charge)
    else state.emit(cause, 'charge.refunded', charge, before)
    closeReview(state, cause, intent, 'canceled')
  }
  if (intent.next_action?.type === 'display_bank_transfer_instructions') unapplyFunds(state, cause, intent)
  intent.status = 'canceled'
  intent.canceled_at = unixNow()
  intent.cancellation_reason = reason
  intent.amount_capturable = 0
  intent.next_action = null
  state.emit(cause, 'payment_intent.canceled', intent)
}
