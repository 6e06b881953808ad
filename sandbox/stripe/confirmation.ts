import { unixNow } from '../world.ts'
import { createCharge, holdsMoney, type LateSettlement, settleCapture } from './charges.ts'
import { openDispute } from './disputes.ts'
import { cardError, invalidParameter, invalidState, type StripeRefusal } from './errors.ts'
import { attach } from './payment-methods.ts'
import type { Cause } from './pipeline.ts'
import { openReview } from './reviews.ts'
import { type Intent, type Method, orderOf, type StripeState } from './state.ts'
import { testCard } from './test-cards.ts'

export type Confirmation = { offSession: boolean; returnUrl: string | null }

const confirmable = new Set(['requires_payment_method', 'requires_confirmation', 'requires_action'])

/** Refuses a confirmation that cannot begin; returns the payment method that would be charged. */
export function checkConfirmable(state: StripeState, intent: Intent, confirmation: Confirmation): Method {
  if (!confirmable.has(intent.status)) {
    const because =
      intent.status === 'succeeded'
        ? 'it has already succeeded after being previously confirmed'
        : `it has a status of ${intent.status}`
    const details = { code: 'payment_intent_unexpected_state', payment_intent: intent }
    throw invalidState(`You cannot confirm this PaymentIntent because ${because}.`, details)
  }
  const method = state.methods.get(intent.payment_method ?? '')
  if (!method) {
    const message =
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken."
    throw invalidState(message, { code: 'payment_intent_unexpected_state', payment_intent: intent })
  }
  requireReturnUrl(intent, confirmation)
  requireOwner(intent, method)
  return method
}

/** Tries to pay an intent with the payment method it holds. Throws Stripe's 402 when the card is refused. */
export function confirm(
  state: StripeState,
  settlement: LateSettlement,
  cause: Cause,
  intent: Intent,
  confirmation: Confirmation,
): void {
  const { offSession, returnUrl } = confirmation
  const method = checkConfirmable(state, intent, confirmation)
  if (returnUrl) state.world.store.table<string>('stripe.returnUrls').set(intent.id, returnUrl)

  const name = state.cards.get(method.id)
  const card = testCard(name)
  const asks = card.authentication === 'always' || (card.authentication === 'until_set_up' && method.customer === null)
  if (!asks) {
    attemptPayment(state, settlement, cause, intent, method, false)
    return
  }
  if (offSession) {
    throw fail(state, cause, intent, method, null, {
      code: 'authentication_required',
      decline_code: 'authentication_required',
      message: 'Your card was declined. This transaction requires authentication.',
    })
  }
  intent.status = 'requires_action'
  intent.last_payment_error = null
  intent.next_action = {
    type: 'redirect_to_url',
    redirect_to_url: {
      return_url: returnUrl,
      url: `${state.world.baseUrl()}/pay/${intent.id}?client_secret=${intent.client_secret}`,
    },
  }
  state.emit(cause, 'payment_intent.requires_action', intent)
}

/** The buyer finished 3-D Secure: pays, or fails with the code Stripe gives an abandoned challenge. */
export function finishAuthentication(
  state: StripeState,
  settlement: LateSettlement,
  cause: Cause,
  intent: Intent,
  passed: boolean,
): void {
  const method = state.methods.get(intent.payment_method ?? '')
  if (intent.status !== 'requires_action' || !method)
    throw invalidState('This PaymentIntent does not wait for authentication.')
  intent.next_action = null
  if (passed) {
    attemptPayment(state, settlement, cause, intent, method, true)
    return
  }
  throw fail(state, cause, intent, method, null, {
    code: 'payment_intent_authentication_failure',
    message:
      'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
  })
}

function attemptPayment(
  state: StripeState,
  settlement: LateSettlement,
  cause: Cause,
  intent: Intent,
  method: Method,
  authenticated: boolean,
): void {
  const name = state.cards.get(method.id)
  const card = testCard(name)
  const multicapture = intent.payment_method_options?.card?.request_multicapture === 'if_available'
  const charge = createCharge(state, cause, { intent, method, card, authenticated, multicapture })
  intent.latest_charge = charge.id
  intent.next_action = null
  if (card.decline) {
    state.emit(cause, 'charge.failed', charge)
    const { code, declineCode, message, advice } = card.decline
    throw fail(state, cause, intent, method, charge.id, {
      code,
      ...(code === 'card_declined' ? { decline_code: declineCode } : {}),
      ...(advice ? { advice_code: advice } : {}),
      message,
    })
  }
  intent.last_payment_error = null
  if (intent.customer && intent.setup_future_usage) attach(state, method, intent.customer)
  if (card.review) openReview(state, cause, intent, charge)
  if (holdsMoney(intent)) {
    intent.status = 'requires_capture'
    intent.amount_capturable = intent.amount
    state.emit(cause, 'charge.succeeded', charge)
    state.emit(cause, 'payment_intent.amount_capturable_updated', intent)
    return
  }
  intent.status = 'succeeded'
  intent.amount_received = intent.amount
  recordCapture(state, cause, intent, charge.id, intent.amount, true)
  if (intent.capture_method === 'automatic') settleCapture(state, charge, intent.amount)
  else settlement.add(charge)
  state.emit(cause, 'charge.succeeded', charge)
  state.emit(cause, 'payment_intent.succeeded', intent)
  if (name === 'createDispute') openDispute(state, charge, charge.amount)
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

type Failure = { code: string; decline_code?: string; advice_code?: string; message: string }

/** Puts the intent back to where another payment method may be tried, and makes the refusal for it. */
function fail(
  state: StripeState,
  cause: Cause,
  intent: Intent,
  method: Method,
  charge: string | null,
  failure: Failure,
): StripeRefusal {
  const { message, ...rest } = failure
  const details = { ...rest, ...(charge ? { charge } : {}), payment_method: { ...method } }
  intent.status = 'requires_payment_method'
  intent.payment_method = null
  intent.next_action = null
  intent.last_payment_error = { ...details, message, type: 'card_error' }
  state.emit(cause, 'payment_intent.payment_failed', intent)
  return cardError(message, { ...details, payment_intent: intent })
}

function requireReturnUrl(intent: Intent, { offSession, returnUrl }: Confirmation): void {
  const redirects =
    intent.automatic_payment_methods?.enabled && intent.automatic_payment_methods.allow_redirects !== 'never'
  if (!redirects || returnUrl || offSession) return
  throw invalidParameter(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    'return_url',
  )
}

function requireOwner(intent: Intent, method: Method): void {
  if (method.customer === null || method.customer === intent.customer) return
  const message = intent.customer
    ? `The provided PaymentMethod cannot be used with customer ${intent.customer}: it belongs to another customer.`
    : 'The provided PaymentMethod belongs to a Customer. Please include the Customer in the `customer` parameter on the PaymentIntent.'
  throw invalidParameter(message, 'payment_method')
}
