import type { Route } from '../http.ts'
import { secretText } from '../ids.ts'
import { unixNow } from '../world.ts'
import { cardError, invalidState, missing } from './errors.ts'
import { settings } from './intent-params.ts'
import { requireKeepable } from './method-kinds.ts'
import { choice, flag, mergedMetadata, text } from './params.ts'
import { attach, requestedMethod } from './payment-methods.ts'
import { type Cause, type Endpoint, itself, type StripeCall } from './pipeline.ts'
import { type Method, orderOf, type SetupIntent, type StripeState } from './state.ts'
import { testCard } from './test-cards.ts'

function confirm(state: StripeState, call: StripeCall, intent: SetupIntent): void {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    const message = `You cannot confirm this SetupIntent because it has a status of ${intent.status}.`
    throw invalidState(message, { code: 'setup_intent_unexpected_state', setup_intent: intent })
  }
  const method = state.methods.get(intent.payment_method ?? '')
  if (!method)
    throw invalidState('You cannot confirm this SetupIntent because it is missing a payment method.', {
      setup_intent: intent,
    })
  const { decline, authentication } = testCard(state.cards.get(method.id))
  if (decline && decline.declineCode !== 'insufficient_funds') {
    const details = { code: decline.code, decline_code: decline.declineCode, payment_method: { ...method } }
    intent.status = 'requires_payment_method'
    intent.payment_method = null
    intent.last_setup_error = { ...details, message: decline.message, type: 'card_error' }
    state.emit(call, 'setup_intent.setup_failed', intent)
    throw cardError(decline.message, { ...details, setup_intent: intent })
  }
  const return_url = text(call.params, 'return_url') ?? null
  if (authentication) {
    intent.status = 'requires_action'
    const url = `${state.world.baseUrl()}/setup/${intent.id}?client_secret=${intent.client_secret}`
    intent.next_action = { type: 'redirect_to_url', redirect_to_url: { return_url, url } }
    state.emit(call, 'setup_intent.requires_action', intent)
    return
  }
  succeed(state, call, intent, method)
}

function succeed(state: StripeState, cause: Cause, intent: SetupIntent, method: Method): void {
  intent.status = 'succeeded'
  intent.next_action = null
  if (intent.customer) attach(state, method, intent.customer)
  state.emit(cause, 'setup_intent.succeeded', intent)
}

/** The buyer finished 3-D Secure for a card to be kept, or gave up. */
export function finishSetup(state: StripeState, intent: SetupIntent, passed: boolean): void {
  const method = state.methods.get(intent.payment_method ?? '')
  if (intent.status !== 'requires_action' || !method) return
  if (passed) {
    succeed(state, itself, intent, method)
  } else {
    const message = 'The provided PaymentMethod has failed authentication.'
    intent.status = 'requires_payment_method'
    intent.payment_method = null
    intent.next_action = null
    intent.last_setup_error = {
      code: 'setup_intent_authentication_failure',
      message,
      payment_method: method,
      type: 'card_error',
    }
    state.emit(itself, 'setup_intent.setup_failed', intent)
  }
}

function create(state: StripeState, call: StripeCall): SetupIntent {
  const customer = text(call.params, 'customer') ?? null
  if (customer && !state.customers.has(customer)) throw missing('customer', customer, 'customer')
  const method = requestedMethod(state, call.params)
  const id = state.world.mintId('seti')
  const fixed = settings(call.params)
  const types = fixed.payment_method_types ?? ['card', 'link']
  for (const type of types) requireKeepable(type)
  if (method) requireKeepable(method.type)
  const intent: SetupIntent = {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: types,
    application: null,
    automatic_payment_methods: fixed.automatic_payment_methods,
    cancellation_reason: null,
    client_secret: `${id}_secret_${secretText()}`,
    created: unixNow(),
    customer,
    customer_account: null,
    description: text(call.params, 'description') ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: mergedMetadata({}, call.params),
    next_action: null,
    on_behalf_of: null,
    payment_method: method?.id ?? null,
    payment_method_configuration_details: null,
    payment_method_options: { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
    payment_method_types: types,
    single_use_mandate: null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
    usage: choice(call.params, 'usage', ['off_session', 'on_session']) ?? 'off_session',
  }
  state.setupIntents.set(id, intent)
  state.record(call, 'setupIntents', id, orderOf(intent.metadata ?? {}))
  state.emit(call, 'setup_intent.created', intent)
  if (flag(call.params, 'confirm')) confirm(state, call, intent)
  return intent
}

export function setupIntentRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const intentOf = ({ id, publishable, params }: StripeCall) => {
    const intent = state.setupIntents.get(id)
    if (!intent || (publishable && text(params, 'client_secret') !== intent.client_secret))
      throw missing('setupintent', id)
    return intent
  }
  return [
    endpoint('POST', 'setup_intents', 'setup_intents.create', (call) => create(state, call)),
    endpoint('GET', 'setup_intents/:id', 'setup_intents.retrieve', (call) => intentOf(call)),
    endpoint('POST', 'setup_intents/:id/confirm', 'setup_intents.confirm', (call) => {
      const intent = intentOf(call)
      const method = requestedMethod(state, call.params)
      if (method) intent.payment_method = method.id
      confirm(state, call, intent)
      return intent
    }),
  ]
}
