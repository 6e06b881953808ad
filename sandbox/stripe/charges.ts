import type { Stripe } from 'stripe'
import type { Route } from '../http.ts'
import { append } from '../store.ts'
import { unixNow } from '../world.ts'
import { missing } from './errors.ts'
import { listOf } from './lists.ts'
import { mergedMetadata, text } from './params.ts'
import { type Cause, type Endpoint, itself } from './pipeline.ts'
import { type Charge, type Intent, type Method, orderOf, type StripeState } from './state.ts'
import type { TestCard } from './test-cards.ts'
import { recordTransaction } from './transactions.ts'

const daySeconds = 86_400

/** Whether a success only holds the money until it is captured. */
export function holdsMoney(intent: Intent): boolean {
  return intent.capture_method === 'manual' || intent.payment_method_options?.card?.capture_method === 'manual'
}

/** Makes the charge of one attempt to pay an intent: authorized, captured or, with a declining card, failed. */
export function createCharge(
  state: StripeState,
  cause: Cause,
  attempt: { intent: Intent; method: Method; card: TestCard; authenticated: boolean; multicapture: boolean },
): Charge {
  const { intent, method, card } = attempt
  const approved = !card.decline
  const captured = approved && !holdsMoney(intent)
  const charge: Charge = {
    id: state.world.mintId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: approved ? 'ORDERMILL SANDBOX' : null,
    captured,
    created: unixNow(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: card.decline?.code ?? null,
    failure_message: card.decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: outcomeOf(card),
    paid: approved,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: 'card', card: cardDetails(attempt) },
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: approved ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  }
  state.charges.set(charge.id, charge)
  append(state.chargesByIntent, intent.id, charge.id)
  state.record(cause, 'charges', charge.id, orderOf(charge.metadata, charge.transfer_group))
  return charge
}

function outcomeOf(card: TestCard): Stripe.Charge.Outcome {
  const base = {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    risk_level: card.risk ?? 'normal',
    risk_score: card.risk === 'highest' ? 95 : card.risk === 'elevated' ? 72 : 21,
  } as const
  if (card.decline?.blocked) {
    const seller_message = 'Stripe blocked this payment as too risky.'
    return {
      ...base,
      network_status: 'not_sent_to_network',
      reason: 'highest_risk_level',
      seller_message,
      type: 'blocked',
    }
  }
  if (card.decline) {
    const { declineCode, advice } = card.decline
    const seller_message = 'The bank did not return any further details with this decline.'
    const advice_code = advice === 'do_not_try_again' ? 'do_not_try_again' : 'try_again_later'
    return {
      ...base,
      advice_code,
      network_status: 'declined_by_network',
      reason: declineCode,
      seller_message,
      type: 'issuer_declined',
    }
  }
  if (card.review) {
    const seller_message =
      'Stripe evaluated this payment as having elevated risk, and placed it in your manual review queue.'
    const rule = 'manual_review_if_elevated_risk'
    return {
      ...base,
      network_status: 'approved_by_network',
      reason: 'elevated_risk_level',
      rule,
      seller_message,
      type: 'manual_review',
    }
  }
  return {
    ...base,
    network_status: 'approved_by_network',
    reason: null,
    seller_message: 'Payment complete.',
    type: 'authorized',
  }
}

function cardDetails(attempt: {
  intent: Intent
  card: TestCard
  authenticated: boolean
  multicapture: boolean
}): Stripe.Charge.PaymentMethodDetails.Card {
  const { intent, card, authenticated, multicapture } = attempt
  const held = holdsMoney(intent) && !card.decline
  const unavailable = { status: 'unavailable' } as const
  return {
    amount_authorized: card.decline ? null : intent.amount,
    authorization_code: card.decline ? null : '123456',
    brand: card.brand,
    ...(held ? { capture_before: unixNow() + 7 * daySeconds } : {}),
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    electronic_commerce_indicator: authenticated ? '05' : null,
    exp_month: 12,
    exp_year: 2034,
    extended_authorization: { status: 'disabled' },
    fingerprint: `sandbox${card.last4}`,
    funding: 'credit',
    incremental_authorization: unavailable,
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: held && multicapture ? 'available' : 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: '104102971075831',
    overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: authenticated
      ? {
          authentication_flow: 'challenge',
          electronic_commerce_indicator: '05',
          exemption_indicator: null,
          result: 'authenticated',
          result_reason: null,
          transaction_id: null,
          version: '2.2.0',
        }
      : null,
    transaction_link_id: null,
    wallet: null,
  }
}

/** Books money that was captured: the balance transaction of it, with Stripe's fee of 2.9 % + 30 minor units. */
export function settleCapture(state: StripeState, charge: Charge, amount: number): void {
  const fee = Math.round(amount * 0.029) + 30
  charge.balance_transaction = recordTransaction(state, {
    type: 'charge',
    amount,
    fee,
    currency: charge.currency,
    source: charge.id,
  })
}

const settleDelayMs = 40

/**
 * Settles charges a moment after they succeeded, as asynchronous capture does: until then their balance transaction
 * is null, afterwards `charge.updated` tells it. One timer serves all charges of that moment.
 */
export class LateSettlement {
  readonly #state: StripeState
  readonly #waiting: Map<string, true>
  #timer: NodeJS.Timeout | undefined

  constructor(state: StripeState) {
    this.#state = state
    this.#waiting = state.world.store.table('stripe.unsettledCharges')
    if (this.#waiting.size > 0) this.#arm()
  }

  add(charge: Charge): void {
    this.#waiting.set(charge.id, true)
    this.#arm()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => this.#settle(), settleDelayMs)
  }

  #settle(): void {
    this.#timer = undefined
    const due = [...this.#waiting.keys()]
    this.#waiting.clear()
    for (const id of due) {
      const charge = this.#state.charges.get(id)
      if (!charge) continue
      settleCapture(this.#state, charge, charge.amount_captured)
      this.#state.emit(itself, 'charge.updated', charge, { balance_transaction: null, receipt_url: null })
    }
    this.#state.world.store.touch()
  }
}

/** The charge with that id, or Stripe's refusal. */
export function chargeById(state: StripeState, id: string, param?: string): Charge {
  const charge = state.charges.get(id)
  if (!charge) throw missing('charge', id, param)
  return charge
}

export function chargeRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  return [
    endpoint('GET', 'charges/:id', 'charges.retrieve', ({ id }) => chargeById(state, id)),
    endpoint('POST', 'charges/:id', 'charges.update', (call) => {
      const charge = chargeById(state, call.id)
      charge.metadata = mergedMetadata(charge.metadata, call.params)
      state.emit(call, 'charge.updated', charge)
      return charge
    }),
    endpoint('GET', 'charges', 'charges.list', ({ params }) => {
      const intent = text(params, 'payment_intent')
      const ids = intent === undefined ? [...state.charges.keys()] : (state.chargesByIntent.get(intent) ?? [])
      return listOf(state.charges, ids, params, '/v1/charges')
    }),
  ]
}
