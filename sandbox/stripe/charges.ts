import type { Stripe } from 'stripe'
import type { Route } from '../http.ts'
import type { Table } from '../table.ts'
import { unixNow } from '../world.ts'
import { missing } from './errors.ts'
import { exchanged } from './exchange.ts'
import { processingFee } from './fees.ts'
import { listOf } from './lists.ts'
import { mergedMetadata, text } from './params.ts'
import { type Cause, type Endpoint, itself } from './pipeline.ts'
import { type Charge, type Intent, type Method, orderOf, type StripeState } from './state.ts'
import { testCard } from './test-cards.ts'
import { recordTransaction } from './transactions.ts'

/** Whether a success only holds the money until it is captured. */
export function holdsMoney(intent: Intent): boolean {
  return intent.capture_method === 'manual' || intent.payment_method_options?.card?.capture_method === 'manual'
}

/** What comes of charging a payment method; Stripe's ids begin with `ch` for cards and with `py` for the rest. */
export type Trial = {
  prefix: 'ch' | 'py'
  details: Stripe.Charge.PaymentMethodDetails
  outcome: Stripe.Charge.Outcome
  refused?: { code: string; message: string }
}

/** The trial of money that the buyer sent: nobody assesses its risk or refuses it. */
export function receivedMoney(details: Stripe.Charge.PaymentMethodDetails): Trial {
  const outcome: Stripe.Charge.Outcome = {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: 'approved_by_network',
    reason: null,
    risk_level: 'not_assessed',
    seller_message: 'Payment complete.',
    type: 'authorized',
  }
  return { prefix: 'py', details, outcome }
}

/** Makes the charge of one attempt to pay an intent: authorized, captured or, with a declining card, failed. */
export function createCharge(
  state: StripeState,
  cause: Cause,
  intent: Intent,
  method: Method,
  { prefix, details, outcome, refused }: Trial,
): Charge {
  const approved = !refused
  const captured = approved && !holdsMoney(intent)
  const charge: Charge = {
    id: state.world.mintId(prefix),
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
    failure_code: refused?.code ?? null,
    failure_message: refused?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome,
    paid: approved,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: details,
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
  state.chargesByIntent.append(intent.id, charge.id)
  state.record(cause, 'charges', charge.id, orderOf(charge.metadata, charge.transfer_group))
  return charge
}

/** Books money that was captured: one balance transaction for every capture, with Stripe's fee. */
export function settleCapture(state: StripeState, charge: Charge, amount: number): void {
  const { partialCaptureReversals } = state.settings.current
  const taken = exchanged(state, amount, charge.currency)
  const whole =
    partialCaptureReversals && !isMulticapture(charge) ? exchanged(state, charge.amount, charge.currency) : taken
  const common = { source: charge.id, description: charge.description, availableOn: availableOn(state, charge) }
  charge.balance_transaction = recordTransaction(state, {
    ...common,
    ...whole,
    type: isCard(charge) ? 'charge' : 'payment',
    fee: processingFee(state, charge, taken),
  }).id
  if (whole.amount === taken.amount) return
  const left = { ...taken, amount: taken.amount - whole.amount }
  recordTransaction(state, { ...common, ...left, type: 'refund', category: 'partial_capture_reversal' })
}

/** Stripe's own name for a charge is a payment where it is not of a card. */
export const isCard = (charge: Readonly<Charge>) => charge.payment_method_details?.type === 'card'

/** Whether an authorization may be captured in several parts. */
export const isMulticapture = (charge: Readonly<Charge>) =>
  charge.payment_method_details?.card?.multicapture?.status === 'available'

/** From when on the money of a charge may be spent. */
export function availableOn(state: StripeState, charge: Readonly<Charge>): number {
  const booked = state.transactions.look(charge.balance_transaction ?? '')
  // Each capture waits by itself.
  if (booked && !isMulticapture(charge)) return booked.available_on
  const card = isCard(charge) ? testCard(state.cards.look(charge.payment_method ?? '')) : undefined
  return unixNow() + (card?.bypassesPending ? 0 : state.settings.current.availableAfterSeconds)
}

const settleDelayMs = 40

/**
 * Settles charges a moment after they succeeded, as asynchronous capture does: until then their balance transaction
 * is null, afterwards `charge.updated` tells it. One timer serves all charges of that moment.
 */
export class LateSettlement {
  readonly #state: StripeState
  readonly #waiting: Table<true>
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
    const due = this.#waiting.entries().map(([id]) => id)
    this.#waiting.clear()
    for (const id of due) {
      const charge = this.#state.charges.get(id)
      if (!charge) continue
      settleCapture(this.#state, charge, charge.amount_captured)
      this.#state.emit(itself, 'charge.updated', charge, { balance_transaction: null, receipt_url: null })
    }
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
      const charges = intent === undefined ? state.charges : state.chargesByIntent.rows(state.charges, intent)
      return listOf(charges, params, '/v1/charges')
    }),
  ]
}
