import type { Route } from '../http.ts'
import { append } from '../store.ts'
import { unixNow } from '../world.ts'
import { chargeById } from './charges.ts'
import { invalidParameter, invalidState, missing } from './errors.ts'
import { listOf } from './lists.ts'
import { choice, integer, mergedMetadata, onlyKnown, type Params, text } from './params.ts'
import { type Endpoint, itself, type StripeCall } from './pipeline.ts'
import { closeReview } from './reviews.ts'
import { type Charge, orderOf, type Refund, type StripeState } from './state.ts'
import { recordTransaction } from './transactions.ts'

const refundParams = new Set([
  'amount',
  'charge',
  'currency',
  'customer',
  'expand',
  'instructions_email',
  'metadata',
  'origin',
  'payment_intent',
  'reason',
  'refund_application_fee',
  'reverse_transfer',
])

function refundedCharge(state: StripeState, params: Params): Charge {
  const charge = text(params, 'charge')
  if (charge !== undefined) return chargeById(state, charge, 'charge')
  const id = text(params, 'payment_intent')
  if (id === undefined) {
    throw invalidParameter(
      'One of the following params should be provided for this request: payment_intent or charge.',
      'payment_intent',
      'parameter_missing',
    )
  }
  const intent = state.intents.get(id)
  if (!intent) throw missing('payment_intent', id, 'payment_intent')
  const latest = state.charges.get(intent.latest_charge ?? '')
  if (latest?.status !== 'succeeded') {
    const details = { code: 'payment_intent_unexpected_state', payment_intent: intent }
    throw invalidState(`This PaymentIntent (${id}) does not have a successful charge to refund.`, details)
  }
  return latest
}

function create(state: StripeState, call: StripeCall): Refund {
  onlyKnown(call.params, refundParams)
  const charge = refundedCharge(state, call.params)
  const released = charge.captured ? charge.amount - charge.amount_captured : 0
  const left = charge.amount_captured - (charge.amount_refunded - released)
  if (charge.status !== 'succeeded' || charge.amount_captured === 0) {
    throw invalidState(`Charge ${charge.id} has not been captured, so it cannot be refunded.`, {
      code: 'charge_not_refundable',
    })
  }
  if (left === 0)
    throw invalidState(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  if (charge.disputed)
    throw invalidState(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' })
  const amount = integer(call.params, 'amount') ?? left
  if (amount < 1) throw invalidParameter('Invalid positive integer', 'amount', 'parameter_invalid_integer')
  if (amount > left) {
    throw invalidParameter(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, 'amount')
  }
  const refund: Refund = {
    id: state.world.mintId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: unixNow(),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: mergedMetadata({}, call.params),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: choice(call.params, 'reason', ['duplicate', 'fraudulent', 'requested_by_customer']) ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
  refund.balance_transaction = recordTransaction(state, {
    type: 'refund',
    amount: -amount,
    currency: refund.currency,
    source: refund.id,
  })
  state.refunds.set(refund.id, refund)
  append(state.refundsByCharge, charge.id, refund.id)
  const before = { amount_refunded: charge.amount_refunded, refunded: charge.refunded }
  charge.amount_refunded += amount
  charge.refunded = amount === left
  const orderId = orderOf(refund.metadata ?? {}) ?? orderOf(charge.metadata, charge.transfer_group)
  state.record(call, 'refunds', refund.id, orderId)
  state.emit(call, 'refund.created', refund)
  // While parts of the money are only held, Stripe keeps the charge's own event back until the final capture.
  if (charge.captured) state.emit(call, 'charge.refunded', charge, before)
  const intent = state.intents.get(charge.payment_intent ?? '')
  if (intent && charge.refunded)
    closeReview(state, call, intent, refund.reason === 'fraudulent' ? 'refunded_as_fraud' : 'refunded')
  return refund
}

/** Makes a succeeded refund fail late, as a bank may days afterwards: the money is back on the platform's balance. */
export function failRefund(state: StripeState, refund: Refund): void {
  const charge = state.charges.get(refund.charge)
  if (refund.status === 'failed' || !charge) return
  const { amount, currency } = refund
  refund.status = 'failed'
  refund.failure_reason = 'lost_or_stolen_card'
  refund.failure_balance_transaction = recordTransaction(state, {
    type: 'refund_failure',
    amount,
    currency,
    source: refund.id,
  })
  charge.amount_refunded -= amount
  charge.refunded = false
  const previous = { status: 'succeeded' }
  state.emit(itself, 'refund.failed', refund, previous)
  state.emit(itself, 'refund.updated', refund, previous)
  state.emit(itself, 'charge.refund.updated', refund, previous)
  state.world.store.touch()
}

export function refundRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const refundById = (id: string) => {
    const refund = state.refunds.get(id)
    if (!refund) throw missing('refund', id)
    return refund
  }
  return [
    endpoint('POST', 'refunds', 'refunds.create', (call) => create(state, call)),
    endpoint('GET', 'refunds/:id', 'refunds.retrieve', ({ id }) => refundById(id)),
    endpoint('POST', 'refunds/:id', 'refunds.update', (call) => {
      const refund = refundById(call.id)
      const previous = { metadata: refund.metadata }
      refund.metadata = mergedMetadata(refund.metadata ?? {}, call.params)
      state.emit(call, 'refund.updated', refund, previous)
      state.emit(call, 'charge.refund.updated', refund, previous)
      return refund
    }),
    endpoint('GET', 'refunds', 'refunds.list', ({ params }) => {
      const charge = text(params, 'charge')
      const intent = text(params, 'payment_intent')
      const charges =
        charge === undefined && intent !== undefined ? (state.chargesByIntent.get(intent) ?? []) : [charge ?? '']
      const all = charge === undefined && intent === undefined
      const ids = all ? [...state.refunds.keys()] : charges.flatMap((id) => state.refundsByCharge.get(id) ?? [])
      return listOf(state.refunds, ids, params, '/v1/refunds')
    }),
  ]
}
