import type { Stripe } from 'stripe'
import { unixNow } from '../world.ts'
import { noEvidence } from './dispute-evidence.ts'
import { exchanged } from './exchange.ts'
import { type Cause, itself } from './pipeline.ts'
import { forCurrency } from './settings.ts'
import { type Charge, type Dispute, orderOf, type StripeState } from './state.ts'
import { type TestDispute, testCard } from './test-cards.ts'
import { recordTransaction } from './transactions.ts'

const daySeconds = 86_400

/** A dispute that an inquiry comes before takes nothing until it is escalated. */
type Opening = { amount: number; reason: string; inquiry: boolean }

/** How a dispute may end; an inquiry only closes. */
export type DisputeEnd = 'won' | 'lost' | 'warning_closed'

export const isInquiry = ({ status }: Dispute) => status.startsWith('warning_')
export const isOpen = ({ status }: Dispute) =>
  ['needs_response', 'under_review', 'warning_needs_response', 'warning_under_review'].includes(status)

/** The disputes of a charge, oldest first. */
export function disputesOf(state: StripeState, charge: Readonly<Charge>): Readonly<Dispute>[] {
  return state.disputesByCharge.of(charge.id).flatMap((id) => state.disputes.look(id) ?? [])
}

/** What lost disputes took from a charge for good, in its minor units. */
export function takenByBank(state: StripeState, charge: Readonly<Charge>): number {
  const lost = disputesOf(state, charge).filter(({ status }) => status === 'lost')
  return lost.reduce((sum, { amount }) => sum + amount, 0)
}

/**
 * The buyer's bank asks, or takes money back: the platform pays the amount, which may exceed the payment where rates
 * have changed, and a fee. One charge may be disputed several times.
 */
export function openDispute(state: StripeState, charge: Charge, { amount, reason, inquiry }: Opening): Dispute {
  const now = unixNow()
  const id = state.world.mintId('dp')
  const { currency, payment_method_details: details } = charge
  const brand = details?.card?.brand ?? 'visa'
  const dispute: Dispute = {
    id,
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence(),
    evidence_details: {
      due_by: now + 7 * daySeconds,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand,
        case_type: inquiry ? 'inquiry' : 'chargeback',
        network: brand,
        network_reason_code: reason === 'product_not_received' ? '13.1' : '10.4',
      },
      type: 'card',
    },
    reason,
    status: inquiry ? 'warning_needs_response' : 'needs_response',
  }
  state.disputes.set(id, dispute)
  state.disputesByCharge.append(charge.id, id)
  charge.disputed = true
  state.record(itself, 'disputes', id, orderOf(charge.metadata, charge.transfer_group))
  state.emit(itself, 'charge.dispute.created', dispute)
  if (!inquiry) withdraw(state, dispute)
  return dispute
}

/** The disputes that a test card makes of a captured payment; several share it out. */
export function disputeByCard(state: StripeState, charge: Charge): void {
  const { disputes = [] } = testCard(state.cards.look(charge.payment_method ?? ''))
  const part = Math.floor(charge.amount_captured / Math.max(1, disputes.length))
  disputes.forEach(({ reason, inquiry = false }: TestDispute, at) => {
    const amount = at === 0 ? charge.amount_captured - part * (disputes.length - 1) : part
    openDispute(state, charge, { amount, reason, inquiry })
  })
}

/** The bank has the evidence, or looks at the case without any. */
export function reviewDispute(state: StripeState, cause: Cause, dispute: Dispute): void {
  const previous = { status: dispute.status }
  dispute.status = isInquiry(dispute) ? 'warning_under_review' : 'under_review'
  state.emit(cause, 'charge.dispute.updated', dispute, previous)
}

/** An inquiry becomes a dispute, even after it was closed: now the money is taken. */
export function escalateInquiry(state: StripeState, dispute: Dispute): void {
  const previous = { status: dispute.status, is_charge_refundable: dispute.is_charge_refundable }
  dispute.status = 'needs_response'
  dispute.is_charge_refundable = false
  if (dispute.payment_method_details?.card) dispute.payment_method_details.card.case_type = 'chargeback'
  state.emit(itself, 'charge.dispute.updated', dispute, previous)
  withdraw(state, dispute)
}

/** Ends a dispute; a won one brings the amount back, and its fee where that was agreed on. */
export function closeDispute(state: StripeState, cause: Cause, dispute: Dispute, end: DisputeEnd): void {
  const previous = { status: dispute.status }
  dispute.status = end
  const charge = state.charges.look(dispute.charge)
  // What the bank did not take can still be given back.
  dispute.is_charge_refundable =
    end !== 'lost' || (charge !== undefined && takenByBank(state, charge) < charge.amount_captured)
  state.emit(cause, 'charge.dispute.closed', dispute, previous)
  if (end !== 'won') return
  const back = exchanged(state, dispute.amount, dispute.currency)
  const { disputeFeeReturned, disputeFees } = state.settings.current
  moveFunds(state, dispute, {
    ...back,
    fee: disputeFeeReturned ? -forCurrency(disputeFees, back.currency) : 0,
    description: `Chargeback reversal for ${dispute.charge}`,
    category: 'dispute_reversal',
  })
  state.emit(itself, 'charge.dispute.funds_reinstated', dispute)
}

/** Whoever got everything back has nothing left to ask for. */
export function endInquiries(state: StripeState, charge: Readonly<Charge>): void {
  for (const { id } of disputesOf(state, charge)) {
    const dispute = state.disputes.get(id)
    if (dispute && isInquiry(dispute) && isOpen(dispute)) closeDispute(state, itself, dispute, 'warning_closed')
  }
}

function withdraw(state: StripeState, dispute: Dispute): void {
  const taken = exchanged(state, -dispute.amount, dispute.currency)
  moveFunds(state, dispute, {
    ...taken,
    fee: forCurrency(state.settings.current.disputeFees, taken.currency),
    description: `Chargeback withdrawal for ${dispute.charge}`,
    category: 'dispute',
  })
  state.emit(itself, 'charge.dispute.funds_withdrawn', dispute)
}

type Funds = {
  amount: number
  currency: string
  exchangeRate: number | null
  fee: number
  description: string
  category: Stripe.BalanceTransaction['reporting_category']
}

function moveFunds(state: StripeState, dispute: Dispute, funds: Funds): void {
  const transaction = recordTransaction(state, {
    ...funds,
    type: 'adjustment',
    feeDescription: 'Dispute fee',
    source: dispute.id,
  })
  dispute.balance_transactions = [...dispute.balance_transactions, transaction]
}
