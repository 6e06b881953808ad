import type { Route } from '../http.ts'
import type { Sequence } from '../table.ts'
import { unixNow } from '../world.ts'
import { cashBalance, moveCash } from './cash-balances.ts'
import { chargeById, isCard, isMulticapture } from './charges.ts'
import { disputesOf, endInquiries, takenByBank } from './disputes.ts'
import { invalidParameter, invalidState, missing } from './errors.ts'
import { exchanged } from './exchange.ts'
import { listOf, sequenceOf } from './lists.ts'
import {
  choice,
  currencyOf,
  flag,
  integer,
  mergedMetadata,
  onlyKnown,
  type Params,
  requiredText,
  text,
} from './params.ts'
import type { Endpoint, StripeCall } from './pipeline.ts'
import { cancelRefund } from './refund-endings.ts'
import { closeReview } from './reviews.ts'
import { type Charge, orderOf, type Refund, type StripeState } from './state.ts'
import { recordTransaction } from './transactions.ts'

const daySeconds = 86_400

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

/** `POST /v1/refunds`, or the same in the dashboard. */
export function createRefund(state: StripeState, call: StripeCall): Refund {
  onlyKnown(call.params, refundParams)
  if (text(call.params, 'origin') !== undefined) return returnCash(state, call)
  const charge = refundedCharge(state, call.params)
  const released = charge.captured ? charge.amount - charge.amount_captured : 0
  const unrefunded = charge.amount_captured - (charge.amount_refunded - released)
  const left = unrefunded - takenByBank(state, charge)
  if (charge.status !== 'succeeded' || charge.amount_captured === 0) {
    throw invalidState(`Charge ${charge.id} has not been captured, so it cannot be refunded.`, {
      code: 'charge_not_refundable',
    })
  }
  if (unrefunded === 0)
    throw invalidState(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  if (left <= 0 || disputesOf(state, charge).some(({ is_charge_refundable }) => !is_charge_refundable))
    throw invalidState(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' })
  const amount = integer(call.params, 'amount') ?? left
  if (amount < 1) throw invalidParameter('Invalid positive integer', 'amount', 'parameter_invalid_integer')
  if (amount > left) {
    throw invalidParameter(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, 'amount')
  }
  refuseShares(call.params, charge, amount < left)
  const refund: Refund = {
    ...blank(state, call, amount, charge.currency),
    ...destinationOf(state, charge, text(call.params, 'instructions_email')),
    charge: charge.id,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
  }
  const orderId = orderOf(refund.metadata ?? {}) ?? orderOf(charge.metadata, charge.transfer_group)
  keep(state, call, refund, orderId)
  state.refundsByCharge.append(charge.id, refund.id)
  const before = { amount_refunded: charge.amount_refunded, refunded: charge.refunded }
  charge.amount_refunded += amount
  charge.refunded = charge.captured && amount === unrefunded
  state.emit(call, 'refund.created', refund)
  // While parts of the money are only held, Stripe keeps the charge's own event back until the final capture.
  if (charge.captured && refund.status === 'succeeded') state.emit(call, 'charge.refunded', charge, before)
  if (refund.destination_details?.type === 'customer_cash_balance' && charge.customer) {
    moveCash(state, call, {
      customer: charge.customer,
      currency: charge.currency,
      amount,
      orderId,
      type: 'refunded_from_payment',
      refunded_from_payment: { refund: refund.id },
    })
  }
  if (charge.refunded) endInquiries(state, charge)
  const intent = state.intents.get(charge.payment_intent ?? '')
  if (intent && charge.refunded)
    closeReview(state, call, intent, refund.reason === 'fraudulent' ? 'refunded_as_fraud' : 'refunded')
  return refund
}

/** A charge that is captured in parts cannot take back a part of a transfer or of a fee with its refunds. */
function refuseShares(params: Params, charge: Charge, partial: boolean): void {
  if (!partial || !isMulticapture(charge)) return
  for (const name of ['reverse_transfer', 'refund_application_fee']) {
    if (flag(params, name)) throw invalidParameter(`Partial refunds of multicapture charges cannot use ${name}.`, name)
  }
}

function blank(state: StripeState, call: StripeCall, amount: number, currency: string): Refund {
  return {
    id: state.world.mintId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: null,
    created: unixNow(),
    currency,
    customer: null,
    customer_account: null,
    metadata: mergedMetadata({}, call.params),
    payment_intent: null,
    payment_method: null,
    reason: choice(call.params, 'reason', ['duplicate', 'fraudulent', 'requested_by_customer']) ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
}

/** Where the money goes: a voucher has no way back, so the buyer is asked for an account by e-mail. */
function destinationOf(state: StripeState, charge: Charge, email: string | undefined): Partial<Refund> {
  switch (charge.payment_method_details?.type) {
    case 'konbini':
      return {
        status: 'requires_action',
        instructions_email: email ?? charge.billing_details.email ?? '',
        next_action: emailSent(email ?? charge.billing_details.email ?? ''),
        destination_details: {
          jp_bank_transfer: { reference: null, reference_status: 'pending' },
          type: 'jp_bank_transfer',
        },
      }
    case 'customer_balance':
      return {
        customer: state.customers.has(charge.customer ?? '') ? charge.customer : null,
        destination_details: { customer_cash_balance: {}, type: 'customer_cash_balance' },
      }
    case 'card':
      return {
        destination_details: {
          card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
          type: 'card',
        },
      }
    default:
      return {}
  }
}

const emailSent = (email: string): Refund['next_action'] & object => ({
  type: 'display_details',
  display_details: {
    email_sent: { email_sent_at: unixNow(), email_sent_to: email },
    expires_at: unixNow() + 45 * daySeconds,
  },
})

function keep(state: StripeState, call: StripeCall, refund: Refund, orderId: string | null): void {
  // Money of a cash balance is not the platform's: only refunds of charges move its balance.
  if (refund.charge !== null) {
    const back = exchanged(state, -refund.amount, refund.currency)
    const charge = state.charges.look(refund.charge)
    const type = charge && !isCard(charge) ? 'payment_refund' : 'refund'
    refund.balance_transaction = recordTransaction(state, { ...back, type, source: refund.id }).id
  }
  state.refunds.set(refund.id, refund)
  state.record(call, 'refunds', refund.id, orderId)
}

/** `origin=customer_balance`: sends money of a cash balance to the bank account it came from. */
function returnCash(state: StripeState, call: StripeCall): Refund {
  choice(call.params, 'origin', ['customer_balance'])
  const customer = requiredText(call.params, 'customer')
  if (!state.customers.has(customer)) throw missing('customer', customer, 'customer')
  const currency = currencyOf(call.params)
  requiredText(call.params, 'amount')
  const amount = integer(call.params, 'amount') ?? 0
  const available = cashBalance(state, customer, currency)
  if (amount < 1) throw invalidParameter('Invalid positive integer', 'amount', 'parameter_invalid_integer')
  if (amount > available)
    throw invalidParameter(`Refund amount (${amount}) is greater than the cash balance (${available})`, 'amount')
  const type = `${currency === 'eur' ? 'eu' : currency.slice(0, 2)}_bank_transfer`
  const refund: Refund = {
    ...blank(state, call, amount, currency),
    customer,
    destination_details: { [type]: { reference: null, reference_status: 'pending' }, type },
    status: 'pending',
    pending_reason: 'processing',
  }
  const orderId = orderOf(refund.metadata ?? {})
  keep(state, call, refund, orderId)
  moveCash(state, call, { customer, currency, amount: -amount, orderId, type: 'return_initiated' })
  state.emit(call, 'refund.created', refund)
  return refund
}

function refundsOf(
  state: StripeState,
  { charge, intent }: { charge: string | undefined; intent: string | undefined },
): Sequence<Refund> {
  if (charge !== undefined) return state.refundsByCharge.rows(state.refunds, charge)
  if (intent === undefined) return state.refunds
  const ids = state.chargesByIntent.of(intent).flatMap((id) => state.refundsByCharge.of(id))
  return sequenceOf(ids.flatMap((id) => state.refunds.look(id) ?? []))
}

export function refundRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const refundById = (id: string) => {
    const refund = state.refunds.get(id)
    if (!refund) throw missing('refund', id)
    return refund
  }
  return [
    endpoint('POST', 'refunds', 'refunds.create', (call) => createRefund(state, call)),
    endpoint('GET', 'refunds/:id', 'refunds.retrieve', ({ id }) => refundById(id)),
    endpoint('POST', 'refunds/:id', 'refunds.update', (call) => {
      const refund = refundById(call.id)
      const previous = { metadata: refund.metadata }
      refund.metadata = mergedMetadata(refund.metadata ?? {}, call.params)
      state.emit(call, 'refund.updated', refund, previous)
      state.emit(call, 'charge.refund.updated', refund, previous)
      return refund
    }),
    endpoint('POST', 'refunds/:id/cancel', 'refunds.cancel', (call) => cancelRefund(state, call, refundById(call.id))),
    endpoint('GET', 'refunds', 'refunds.list', ({ params }) => {
      const charge = text(params, 'charge')
      const intent = text(params, 'payment_intent')
      return listOf(refundsOf(state, { charge, intent }), params, '/v1/refunds')
    }),
  ]
}
