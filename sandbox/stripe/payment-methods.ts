import type { Stripe } from 'stripe'
import type { Route } from '../http.ts'
import { unixNow } from '../world.ts'
import { cardError, invalidParameter, invalidState, missing } from './errors.ts'
import { kindOf, type MethodKind } from './method-kinds.ts'
import { hash, mergedMetadata, type Params, requiredText, text } from './params.ts'
import type { Endpoint } from './pipeline.ts'
import type { Method, StripeState } from './state.ts'
import { type TestCard, testCard, testCardByNumber, testCardName } from './test-cards.ts'

/** The payment method with that id. A test id such as `pm_card_visa` stands for a fresh one at every use. */
export function methodById(state: StripeState, id: string, param?: string): Method {
  const known = state.methods.get(id)
  if (known) return known
  const card = testCardName(id)
  if (card === undefined) throw missing('PaymentMethod', id, param)
  return createMethod(state, { type: 'card', cardName: card }, {})
}

/** Why a payment method that nobody keeps cannot be used a second time. */
export const usedUpMessage =
  'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.'

/** The payment method that a request names, or describes in `payment_method_data`. */
export function requestedMethod(state: StripeState, params: Params): Method | undefined {
  const id = text(params, 'payment_method')
  if (id !== undefined) return methodById(state, id, 'payment_method')
  return params.payment_method_data === undefined ? undefined : fromParams(state, hash(params, 'payment_method_data'))
}

function fromParams(state: StripeState, params: Params): Method {
  const type = kindOf(requiredText(params, 'type'), 'type')
  if (type !== 'card') return createMethod(state, { type }, params)
  const card = hash(params, 'card')
  const token = text(card, 'token')
  const cardName = token === undefined ? testCardByNumber(text(card, 'number') ?? '4242') : testCardName(token)
  if (cardName === undefined)
    throw invalidParameter('Your card number is incorrect.', 'card[number]', 'incorrect_number')
  return createMethod(state, { type, cardName }, params)
}

type Means = { type: 'card'; cardName: string } | { type: Exclude<MethodKind, 'card'> }

function createMethod(state: StripeState, means: Means, params: Params): Method {
  const details = hash(params, 'billing_details')
  const address = hash(details, 'address')
  const method: Method = {
    id: state.world.mintId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: {
      address: {
        city: text(address, 'city') ?? null,
        country: text(address, 'country') ?? null,
        line1: text(address, 'line1') ?? null,
        line2: text(address, 'line2') ?? null,
        postal_code: text(address, 'postal_code') ?? null,
        state: text(address, 'state') ?? null,
      },
      email: text(details, 'email') ?? null,
      name: text(details, 'name') ?? null,
      phone: text(details, 'phone') ?? null,
      tax_id: null,
    },
    ...(means.type === 'card' ? { card: cardOf(testCard(means.cardName)) } : { [means.type]: {} }),
    created: unixNow(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: mergedMetadata({}, params),
    type: means.type,
  }
  state.methods.set(method.id, method)
  if (means.type === 'card' && means.cardName !== 'visa') state.cards.set(method.id, means.cardName)
  return method
}

function cardOf({ brand, last4, funding = 'credit', country = 'US' }: TestCard): Stripe.PaymentMethod.Card {
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country,
    display_brand: brand,
    exp_month: 12,
    exp_year: 2034,
    fingerprint: `sandbox${country === 'US' ? '' : country}${last4}`,
    funding,
    generated_from: null,
    last4,
    networks: { available: [brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  }
}

/** Saves a payment method to a customer. */
export function attach(state: StripeState, method: Method, customer: string): void {
  if (method.customer === customer) return
  if (method.customer) throw invalidState('The payment method you provided has already been attached to a customer.')
  if (method.type !== 'card') {
    const message = `The payment method type ${method.type} cannot be saved for future use.`
    throw invalidState(message, { code: 'payment_method_unsupported_type' })
  }
  method.customer = customer
  state.methodsByCustomer.append(customer, method.id)
}

/** Attaching asks the bank whether the card works; one test card pretends to and fails when it is charged. */
function requireWorkingCard(state: StripeState, method: Method): void {
  const name = state.cards.get(method.id)
  const { decline } = testCard(name)
  if (!decline || decline.blocked || name === 'chargeCustomerFail') return
  const code = decline.code === 'card_declined' ? { decline_code: decline.declineCode } : {}
  throw cardError(decline.message, { code: decline.code, ...code })
}

export function paymentMethodRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const customerOf = (params: Params) => {
    const id = requiredText(params, 'customer')
    if (!state.customers.has(id)) throw missing('customer', id, 'customer')
    return id
  }
  return [
    endpoint('POST', 'payment_methods', 'payment_methods.create', ({ params }) => fromParams(state, params)),
    endpoint('GET', 'payment_methods/:id', 'payment_methods.retrieve', ({ id }) => methodById(state, id)),
    endpoint('POST', 'payment_methods/:id/attach', 'payment_methods.attach', (call) => {
      const customer = customerOf(call.params)
      const method = methodById(state, call.id)
      if (method.customer === null && state.usedUp.has(method.id)) throw invalidState(usedUpMessage)
      requireWorkingCard(state, method)
      attach(state, method, customer)
      state.emit(call, 'payment_method.attached', method)
      return method
    }),
    endpoint('POST', 'payment_methods/:id/detach', 'payment_methods.detach', (call) => {
      const method = methodById(state, call.id)
      const before = method.customer
      if (!before)
        throw invalidState('The payment method you provided is not attached to a customer so detachment is impossible.')
      method.customer = null
      state.usedUp.set(method.id, before)
      state.methodsByCustomer.remove(before, method.id)
      state.emit(call, 'payment_method.detached', method, { customer: before })
      return method
    }),
  ]
}
