import type { Stripe } from 'stripe'
import { unixNow } from '../world.ts'
import { itself } from './pipeline.ts'
import { type Charge, type Dispute, orderOf, type StripeState } from './state.ts'
import { recordTransaction } from './transactions.ts'

const daySeconds = 86_400
const disputeFee = 1_500

/** The buyer's bank takes money back: the platform pays the amount and a fee until the dispute is won. */
export function openDispute(state: StripeState, charge: Charge, amount: number): Dispute {
  const now = unixNow()
  const id = state.world.mintId('dp')
  const { currency } = charge
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
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: { brand: 'visa', case_type: 'chargeback', network: 'visa', network_reason_code: '10.4' },
      type: 'card',
    },
    reason: 'fraudulent',
    status: 'needs_response',
  }
  state.disputes.set(id, dispute)
  charge.disputed = true
  const orderId = orderOf(charge.metadata, charge.transfer_group)
  state.record(itself, 'disputes', id, orderId)
  state.emit(itself, 'charge.dispute.created', dispute)
  moveFunds(state, dispute, -amount, disputeFee)
  state.emit(itself, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** Ends a dispute; a won one brings the amount back. */
export function closeDispute(state: StripeState, dispute: Dispute, status: 'won' | 'lost'): void {
  dispute.status = status
  state.emit(itself, 'charge.dispute.closed', dispute)
  if (status === 'won') {
    moveFunds(state, dispute, dispute.amount, 0)
    state.emit(itself, 'charge.dispute.funds_reinstated', dispute)
  }
}

function moveFunds(state: StripeState, dispute: Dispute, amount: number, fee: number): void {
  const id = recordTransaction(state, {
    type: 'adjustment',
    amount,
    fee,
    currency: dispute.currency,
    source: dispute.id,
  })
  const transaction = state.transactions.get(id)
  if (transaction) dispute.balance_transactions = [...dispute.balance_transactions, transaction]
}

function noEvidence(): Stripe.Dispute.Evidence {
  return {
    access_activity_log: null,
    appeal: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: null,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: null,
  }
}
