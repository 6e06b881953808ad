import type { Stripe } from 'stripe'
import type { Route } from '../http.ts'
import { secretText } from '../ids.ts'
import { unixNow } from '../world.ts'
import type { LateSettlement } from './charges.ts'
import { checkConfirmable, confirm } from './confirmation.ts'
import { chargeStep } from './currencies.ts'
import { invalidParameter, invalidState, missing } from './errors.ts'
import { cancelIntent, captureIntent } from './intent-endings.ts'
import { confirmParams, intentParams, settings, updateParams } from './intent-params.ts'
import { listOf } from './lists.ts'
import { kindOf, requireTerms } from './method-kinds.ts'
import { mergedOptions } from './method-options.ts'
import { currencyOf, flag, integer, mergedMetadata, onlyKnown, requiredText, text } from './params.ts'
import { requestedMethod } from './payment-methods.ts'
import type { Endpoint, StripeCall } from './pipeline.ts'
import { searchIntents } from './search.ts'
import { type Intent, orderOf, type StripeState } from './state.ts'

/** The least that Stripe charges, in minor units; other currencies are not checked. */
const minimums: Record<string, number> = { usd: 50, eur: 50, gbp: 30, jpy: 50, cad: 50, aud: 50 }

/** The intent with that id, or Stripe's refusal; a browser also has to know its client secret. */
export function intentById(
  state: StripeState,
  call: Pick<StripeCall, 'id' | 'publishable' | 'params'>,
  param?: string,
): Intent {
  const intent = state.intents.get(call.id)
  if (!intent) throw missing('payment_intent', call.id, param)
  if (call.publishable && text(call.params, 'client_secret') !== intent.client_secret) {
    throw missing('payment_intent', call.id, 'client_secret')
  }
  return intent
}

/** What a publishable key may see of an intent. */
function shown(intent: Intent, publishable: boolean): object {
  if (!publishable) return intent
  const { id, object, amount, canceled_at, cancellation_reason, capture_method, client_secret, confirmation_method } =
    intent
  const { created, currency, description, last_payment_error, livemode, next_action, payment_method } = intent
  const { payment_method_types, processing, receipt_email, setup_future_usage, shipping, source, status } = intent
  return {
    ...{ id, object, amount, canceled_at, cancellation_reason, capture_method, client_secret, confirmation_method },
    ...{ created, currency, description, last_payment_error, livemode, next_action, payment_method },
    ...{ payment_method_types, processing, receipt_email, setup_future_usage, shipping, source, status },
  }
}

function amountOf(call: StripeCall, currency: string): number {
  requiredText(call.params, 'amount')
  const amount = integer(call.params, 'amount') ?? 0
  if (amount < Math.max(1, minimums[currency] ?? 1)) {
    throw invalidParameter(
      'The amount must be greater than or equal to the minimum charge amount allowed for your account.',
      'amount',
      'amount_too_small',
    )
  }
  if (amount % chargeStep(currency) !== 0) {
    const message = `Invalid amount: ${currency} can only be charged in steps of ${chargeStep(currency)}.`
    throw invalidParameter(message, 'amount', 'parameter_invalid_integer')
  }
  if (amount > 99_999_999) throw invalidParameter('Amount must be no more than 99999999.', 'amount', 'amount_too_large')
  return amount
}

const typesParam = 'allowed_payment_method_types'

function create(state: StripeState, call: StripeCall): Intent {
  onlyKnown(call.params, intentParams)
  const currency = currencyOf(call.params)
  const amount = amountOf(call, currency)
  const customer = text(call.params, 'customer') ?? null
  if (customer && !state.customers.has(customer)) throw missing('customer', customer, 'customer')
  const fixed = settings(call.params)
  const types = fixed.payment_method_types ?? ['card', 'link']
  for (const type of types) requireTerms({ ...fixed, amount, currency }, kindOf(type, typesParam), typesParam)
  const method = requestedMethod(state, call.params)
  const id = state.world.mintId('pi')
  const intent: Intent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: types,
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: fixed.automatic_payment_methods,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: fixed.capture_method,
    client_secret: `${id}_secret_${secretText()}`,
    confirmation_method: fixed.confirmation_method,
    created: unixNow(),
    currency,
    customer,
    customer_account: null,
    description: fixed.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: mergedMetadata({}, call.params),
    next_action: null,
    on_behalf_of: null,
    payment_method: method?.id ?? null,
    payment_method_configuration_details: null,
    payment_method_options: fixed.payment_method_options,
    payment_method_types: types,
    payment_record: null,
    processing: null,
    receipt_email: fixed.receipt_email,
    review: null,
    setup_future_usage: fixed.setup_future_usage,
    shipping: fixed.shipping,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: fixed.statement_descriptor_suffix,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
    transfer_data: null,
    transfer_group: fixed.transfer_group,
  }
  return intent
}

function keep(state: StripeState, call: StripeCall, intent: Intent): void {
  state.intents.set(intent.id, intent)
  state.indexIntent(intent)
  state.record(call, 'paymentIntents', intent.id, orderOf(intent.metadata, intent.transfer_group))
  state.emit(call, 'payment_intent.created', intent)
}

const changeable = new Set<Stripe.PaymentIntent.Status>([
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
])

function update(state: StripeState, call: StripeCall): Intent {
  onlyKnown(call.params, updateParams)
  const intent = intentById(state, call)
  const before = { ...intent }
  const onlyNotes = Object.keys(call.params).every((name) =>
    ['metadata', 'description', 'transfer_group', 'expand', 'receipt_email'].includes(name),
  )
  if (!onlyNotes && !changeable.has(intent.status)) {
    const details = { code: 'payment_intent_unexpected_state', payment_intent: intent }
    throw invalidState(
      `This PaymentIntent's parameters could not be updated because it has a status of ${intent.status}.`,
      details,
    )
  }
  if (call.params.amount !== undefined) intent.amount = amountOf(call, intent.currency)
  const method = requestedMethod(state, call.params)
  if (method) {
    intent.payment_method = method.id
    intent.status = 'requires_confirmation'
    intent.next_action = null
  }
  const customer = text(call.params, 'customer')
  if (customer && !state.customers.has(customer)) throw missing('customer', customer, 'customer')
  if (customer) intent.customer = customer
  intent.metadata = mergedMetadata(intent.metadata, call.params)
  if (call.params.description !== undefined) intent.description = text(call.params, 'description') ?? null
  if (call.params.receipt_email !== undefined) intent.receipt_email = text(call.params, 'receipt_email') ?? null
  if (call.params.transfer_group !== undefined) intent.transfer_group = text(call.params, 'transfer_group') ?? null
  if (call.params.setup_future_usage !== undefined) intent.setup_future_usage = settings(call.params).setup_future_usage
  if (call.params.capture_method !== undefined) intent.capture_method = settings(call.params).capture_method
  if (call.params.payment_method_options !== undefined)
    intent.payment_method_options = mergedOptions(intent.payment_method_options, call.params)
  state.indexIntent(intent, before)
  return intent
}

export function paymentIntentRoutes(state: StripeState, endpoint: Endpoint, settlement: LateSettlement): Route[] {
  const confirmation = (call: StripeCall) => ({
    offSession: text(call.params, 'off_session') !== undefined && flag(call.params, 'off_session') === true,
    returnUrl: text(call.params, 'return_url') ?? null,
  })
  return [
    endpoint('POST', 'payment_intents', 'payment_intents.create', (call) => {
      const wantsConfirm = flag(call.params, 'confirm') === true
      const intent = create(state, call)
      // Checked before the intent exists, so that a wrong parameter leaves nothing behind.
      if (wantsConfirm) checkConfirmable(state, intent, confirmation(call))
      keep(state, call, intent)
      if (wantsConfirm) confirm(state, settlement, call, intent, confirmation(call))
      return intent
    }),
    endpoint('GET', 'payment_intents/search', 'payment_intents.search', ({ params }) => searchIntents(state, params)),
    endpoint('GET', 'payment_intents/:id', 'payment_intents.retrieve', (call) =>
      shown(intentById(state, call), call.publishable),
    ),
    endpoint('GET', 'payment_intents', 'payment_intents.list', ({ params }) => {
      const customer = text(params, 'customer')
      const intents = customer ? state.intentsByCustomer.rows(state.intents, customer) : state.intents
      return listOf(intents, params, '/v1/payment_intents')
    }),
    endpoint('POST', 'payment_intents/:id', 'payment_intents.update', (call) => update(state, call)),
    endpoint('POST', 'payment_intents/:id/confirm', 'payment_intents.confirm', (call) => {
      onlyKnown(call.params, confirmParams)
      const intent = intentById(state, call)
      const method = requestedMethod(state, call.params)
      if (method && changeable.has(intent.status)) intent.payment_method = method.id
      if (call.params.setup_future_usage !== undefined)
        intent.setup_future_usage = settings(call.params).setup_future_usage
      if (call.params.receipt_email !== undefined) intent.receipt_email = text(call.params, 'receipt_email') ?? null
      if (call.params.payment_method_options !== undefined)
        intent.payment_method_options = mergedOptions(intent.payment_method_options, call.params)
      confirm(state, settlement, call, intent, confirmation(call))
      return shown(intent, call.publishable)
    }),
    endpoint('POST', 'payment_intents/:id/capture', 'payment_intents.capture', (call) =>
      captureIntent(state, call, intentById(state, call)),
    ),
    endpoint('POST', 'payment_intents/:id/cancel', 'payment_intents.cancel', (call) =>
      cancelIntent(state, call, intentById(state, call)),
    ),
  ]
}
