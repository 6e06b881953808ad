import { unixNow } from '../world.ts'
import { createCharge, holdsMoney, type LateSettlement, settleCapture, type Trial } from './charges.ts'
import { cardError, type StripeRefusal } from './errors.ts'
import { attach } from './payment-methods.ts'
import type { Cause } from './pipeline.ts'
import { type Charge, type Intent, type Method, orderOf, type StripeState } from './state.ts'

/** Charges an intent with money that is there: holds it or takes it. `before` runs while nobody was told yet. */
export function payIntent(
  state: StripeState,
  settlement: LateSettlement,
  cause: Cause,
  payment: { intent: Intent; method: Method; trial: Trial },
  before: (charge: Charge) => void = () => undefined,
): Charge {
  const { intent, method, trial } = payment
  const charge = createCharge(state, cause, intent, method, trial)
  intent.latest_charge = charge.id
  intent.next_action = null
  if (trial.refused) return charge
  intent.last_payment_error = null
  if (intent.customer && intent.setup_future_usage && method.type === 'card') attach(state, method, intent.customer)
  if (method.customer === null) state.usedUp.set(method.id, intent.id)
  before(charge)
  if (holdsMoney(intent)) {
    intent.status = 'requires_capture'
    intent.amount_capturable = intent.amount
    state.emit(cause, 'charge.succeeded', charge)
    state.emit(cause, 'payment_intent.amount_capturable_updated', intent)
    return charge
  }
  intent.status = 'succeeded'
  intent.amount_received = intent.amount
  recordCapture(state, cause, intent, charge.id, intent.amount, true)
  if (intent.capture_method === 'automatic') settleCapture(state, charge, intent.amount)
  else settlement.add(charge)
  state.emit(cause, 'charge.succeeded', charge)
  state.emit(cause, 'payment_intent.succeeded', intent)
  return charge
}

/** Enters money that was taken from the buyer in the books. */
export function recordCapture(
  state: StripeState,
  cause: Cause,
  intent: Intent,
  charge: string,
  amount: number,
  final: boolean,
): void {
  const id = state.world.mintId('cap')
  const { currency, metadata, transfer_group } = intent
  state.captures.set(id, { id, amount, currency, payment_intent: intent.id, charge, final, created: unixNow() })
  state.record(cause, 'captures', id, orderOf(metadata, transfer_group))
}

export type Failure = { code: string; decline_code?: string; advice_code?: string; message: string }

/** Puts the intent back to where another payment method may be tried, and makes the refusal for it. */
export function failIntent(
  state: StripeState,
  cause: Cause,
  intent: Intent,
  method: Method,
  charge: string | null,
  failure: Failure,
): StripeRefusal {
  const { message, ...rest } = failure
  const details = { ...rest, ...(charge ? { charge } : {}), payment_method: { ...method } }
  const type = method.type === 'card' ? 'card_error' : 'invalid_request_error'
  intent.status = 'requires_payment_method'
  intent.payment_method = null
  intent.next_action = null
  intent.last_payment_error = { ...details, message, type }
  state.emit(cause, 'payment_intent.payment_failed', intent)
  return cardError(message, { ...details, payment_intent: intent })
}
