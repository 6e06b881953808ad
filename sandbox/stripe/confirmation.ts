import type { Stripe } from 'stripe'
import { awaitTransfer } from './bank-transfers.ts'
import { tryCard } from './card-charges.ts'
import { type LateSettlement, receivedMoney } from './charges.ts'
import { disputeByCard } from './disputes.ts'
import { invalidParameter, invalidState } from './errors.ts'
import { failIntent, payIntent } from './intent-outcomes.ts'
import { requireFit } from './method-kinds.ts'
import { usedUpMessage } from './payment-methods.ts'
import type { Cause } from './pipeline.ts'
import { openReview } from './reviews.ts'
import type { Intent, Method, StripeState } from './state.ts'
import { testCard } from './test-cards.ts'
import { issueVoucher } from './vouchers.ts'

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
  requireFit(intent, method)
  requireReturnUrl(intent, method, confirmation)
  requireOwner(intent, method)
  requireUnused(state, intent, method)
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
  const { returnUrl } = confirmation
  const method = checkConfirmable(state, intent, confirmation)
  if (returnUrl) state.world.store.table<string>('stripe.returnUrls').set(intent.id, returnUrl)

  switch (method.type) {
    case 'konbini':
      issueVoucher(state, cause, intent)
      break
    case 'customer_balance':
      awaitTransfer(state, settlement, cause, intent, method)
      break
    case 'bancontact':
      sendAway(state, cause, intent, returnUrl)
      break
    default:
      confirmCard(state, settlement, cause, intent, method, confirmation)
  }
}

function confirmCard(
  state: StripeState,
  settlement: LateSettlement,
  cause: Cause,
  intent: Intent,
  method: Method,
  { offSession, returnUrl }: Confirmation,
): void {
  const { authentication } = testCard(state.cards.get(method.id))
  if (authentication === undefined || (authentication === 'until_set_up' && method.customer !== null)) {
    attemptPayment(state, settlement, cause, intent, method, false)
    return
  }
  if (offSession) {
    throw failIntent(state, cause, intent, method, null, {
      code: 'authentication_required',
      decline_code: 'authentication_required',
      message: 'Your card was declined. This transaction requires authentication.',
    })
  }
  sendAway(state, cause, intent, returnUrl)
}

/** Sends the buyer to where the payment is approved: the page of the bank. */
function sendAway(state: StripeState, cause: Cause, intent: Intent, returnUrl: string | null): void {
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
  if (intent.next_action?.type !== 'redirect_to_url' || !method)
    throw invalidState('This PaymentIntent does not wait for authentication.')
  intent.next_action = null
  if (passed) {
    attemptPayment(state, settlement, cause, intent, method, true)
    return
  }
  throw failIntent(state, cause, intent, method, null, {
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
  if (method.type === 'bancontact') {
    payIntent(state, settlement, cause, { intent, method, trial: receivedMoney(bancontactDetails(method)) })
    return
  }
  const name = state.cards.get(method.id)
  const card = testCard(name)
  const payment = { intent, method, trial: tryCard(intent, card, authenticated) }
  const charge = payIntent(state, settlement, cause, payment, (made) => {
    if (card.review) openReview(state, cause, intent, made)
  })
  if (card.decline) {
    state.emit(cause, 'charge.failed', charge)
    const { code, declineCode, message, advice } = card.decline
    throw failIntent(state, cause, intent, method, charge.id, {
      code,
      ...(code === 'card_declined' ? { decline_code: declineCode } : {}),
      ...(advice ? { advice_code: advice } : {}),
      message,
    })
  }
  if (charge.captured) disputeByCard(state, charge)
}

const bancontactDetails = (method: Method): Stripe.Charge.PaymentMethodDetails => ({
  type: 'bancontact',
  bancontact: {
    bank_code: 'VAPE',
    bank_name: 'VAN DE PUT & CO',
    bic: 'VAPEBE22',
    generated_sepa_debit: null,
    generated_sepa_debit_mandate: null,
    iban_last4: '7061',
    preferred_language: 'en',
    verified_name: method.billing_details.name,
  },
})

function requireReturnUrl(intent: Intent, method: Method, { offSession, returnUrl }: Confirmation): void {
  if (method.type === 'bancontact' && !returnUrl) {
    const message = `You must provide a \`return_url\` when confirming using the payment method type ${method.type}.`
    throw invalidParameter(message, 'return_url', 'parameter_missing')
  }
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

function requireUnused(state: StripeState, intent: Intent, method: Method): void {
  const user = state.usedUp.get(method.id)
  if (user === undefined || user === intent.id || method.customer !== null) return
  throw invalidParameter(usedUpMessage, 'payment_method')
}
