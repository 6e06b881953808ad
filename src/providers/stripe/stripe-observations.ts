import type Stripe from 'stripe'
import type { ChargeObservation, Observation, RefundReport, SeenRefund, SeenReversal } from '../observations.ts'
import type { SetupReport } from '../source-payments.ts'
import { fromStripe } from './stripe-amounts.ts'
import { type EventObject, isReadable } from './stripe-event-schema.ts'
import { nextActionOf } from './stripe-next-action.ts'

/** Event types that can change an order, a charge, a refund, a transfer or a source; others are stored and acknowledged. */
export const isRelevant = (type: string): boolean =>
  /^(payment_intent\.(created|processing|requires_action|amount_capturable_updated|succeeded|payment_failed|canceled|partially_funded)|setup_intent\.(succeeded|setup_failed)|charge\.(succeeded|failed|captured|refunded|updated|expired)|charge\.dispute\.|review\.(opened|closed)|transfer\.|refund\.|charge\.refund\.)/.test(
    type,
  )

/** The PaymentIntent or SetupIntent an event is about; transfers name the order by their group instead. */
export function subjectReference(object: EventObject): string | undefined {
  if (object.object === 'payment_intent' || object.object === 'setup_intent') return object.id
  const intent = object.payment_intent
  return typeof intent === 'string' ? intent : intent?.id
}

/** The fields of a PaymentIntent that are read; `latest_charge` is an id unless it was expanded. */
export type IntentBody = Pick<
  Stripe.PaymentIntent,
  | 'status'
  | 'currency'
  | 'amount'
  | 'amount_capturable'
  | 'amount_received'
  | 'last_payment_error'
  | 'next_action'
  | 'review'
> & { cancellation_reason?: Stripe.PaymentIntent['cancellation_reason']; latest_charge: string | ChargeBody | null }

/** Why Stripe itself cancels a payment. */
const endings: ReadonlySet<string> = new Set(['automatic', 'expired'])

/** https://docs.stripe.com/payments/paymentintents/lifecycle */
export function observeIntent(intent: IntentBody): ChargeObservation {
  const currency = intent.currency.toUpperCase()
  const charge = typeof intent.latest_charge === 'string' ? undefined : (intent.latest_charge ?? undefined)
  const captured = fromStripe(intent.amount_received, currency)
  const observation: ChargeObservation = {
    kind: 'charge',
    state: 'pending',
    currency,
    awaitingBuyer: intent.status === 'requires_action' || intent.status === 'processing',
    providerChargeId: typeof intent.latest_charge === 'string' ? intent.latest_charge : charge?.id,
    ...(charge ? detailsOf(charge) : {}),
    inReview: Boolean(intent.review),
    ...(charge ? { refundedAmount: refundedOf(charge, currency) } : {}),
  }
  switch (intent.status) {
    case 'succeeded':
      return { ...observation, state: 'complete', capturedAmount: captured }
    case 'requires_capture': {
      const capturable = fromStripe(intent.amount_capturable, currency)
      return {
        ...observation,
        state: 'capturable',
        authorizedAmount: capturable + captured,
        capturableAmount: capturable,
        ...(captured > 0 ? { capturedAmount: captured } : {}),
      }
    }
    case 'canceled':
      return { ...observation, state: 'cancelled', lapsed: endings.has(intent.cancellation_reason ?? '') }
    case 'requires_action': {
      const remaining = intent.next_action?.display_bank_transfer_instructions?.amount_remaining
      return {
        ...observation,
        nextAction: nextActionOf(intent.next_action, currency),
        ...(typeof remaining === 'number' ? { fundedAmount: fromStripe(intent.amount - remaining, currency) } : {}),
      }
    }
    case 'requires_payment_method': {
      const error = intent.last_payment_error
      return error
        ? {
            ...observation,
            state: 'failed',
            failureCode: error.decline_code ?? error.code,
            failureMessage: error.message,
            // An error carries no charge that would say so: https://docs.stripe.com/declines/codes
            ...(!charge && error.decline_code === 'fraudulent'
              ? { risk: { outcome: 'blocked', reason: 'fraudulent' } }
              : {}),
          }
        : observation
    }
    default:
      return observation
  }
}

type ChargeBody = Pick<
  Stripe.Charge,
  | 'id'
  | 'status'
  | 'currency'
  | 'captured'
  | 'amount'
  | 'amount_captured'
  | 'amount_refunded'
  | 'refunded'
  | 'failure_code'
  | 'failure_message'
  | 'outcome'
  | 'payment_method_details'
>

/** What went back of a charge's captured money. What a capture released counts as refunded there, too, though no refund exists. */
function refundedOf(charge: ChargeBody, currency: string): number {
  const released = charge.captured ? charge.amount - charge.amount_captured : 0
  return charge.amount_captured === 0 ? 0 : fromStripe(charge.amount_refunded - released, currency)
}

/** What only the charge knows: the terms of the hold, the card and the risk. */
function detailsOf(charge: ChargeBody): Partial<ChargeObservation> {
  const card = charge.payment_method_details?.card
  const { outcome } = charge
  return {
    ...(card?.multicapture ? { multicapture: card.multicapture.status === 'available' } : {}),
    ...(card?.capture_before ? { authorizedUntil: new Date(card.capture_before * 1000).toISOString() } : {}),
    ...(card?.fingerprint ? { fingerprint: card.fingerprint } : {}),
    ...(outcome
      ? {
          risk: {
            level: outcome.risk_level,
            score: outcome.risk_score,
            outcome: outcome.type,
            reason: outcome.reason ?? undefined,
          },
        }
      : {}),
  }
}

function observeCharge(charge: ChargeBody): Observation {
  const currency = charge.currency.toUpperCase()
  const observation: ChargeObservation = {
    kind: 'charge',
    state: 'pending',
    currency,
    awaitingBuyer: false,
    providerChargeId: charge.id,
    ...detailsOf(charge),
    inReview: charge.outcome?.type === 'manual_review',
  }
  if (charge.status === 'failed') {
    return {
      ...observation,
      state: 'failed',
      failureCode: charge.failure_code ?? undefined,
      failureMessage: charge.failure_message ?? undefined,
    }
  }
  if (charge.status !== 'succeeded') return { kind: 'nothing' }
  const captured = fromStripe(charge.amount_captured, currency)
  if (charge.captured) return { ...observation, state: 'complete', capturedAmount: captured }
  // A hold that was released says so with its payment intent; here it would look as if it still stood.
  if (charge.refunded) return { kind: 'nothing' }
  const authorized = fromStripe(charge.amount, currency)
  return {
    ...observation,
    state: 'capturable',
    authorizedAmount: authorized,
    capturableAmount: authorized - captured,
    ...(captured > 0 ? { capturedAmount: captured } : {}),
  }
}

type RefundBody = Pick<
  Stripe.Refund,
  'id' | 'amount' | 'currency' | 'status' | 'failure_reason' | 'metadata' | 'destination_details'
>

/** A refund that only reached the buyer's balance at Stripe: the money still has to go to their bank. */
export const restsAtStripe = (refund: RefundBody): boolean =>
  refund.destination_details?.type === 'customer_cash_balance' && refund.status !== 'failed'

/** https://docs.stripe.com/refunds: `requires_action` waits for the buyer's bank details. */
export function refundReport(refund: RefundBody): RefundReport {
  const { status } = refund
  return {
    reference: refund.id,
    state: status === 'succeeded' ? 'complete' : status === 'failed' || status === 'canceled' ? 'failed' : 'pending',
    amount: fromStripe(refund.amount, refund.currency.toUpperCase()),
    ...(status === 'requires_action' ? { needsBuyer: true } : {}),
    ...(refund.failure_reason ? { failureReason: refund.failure_reason } : {}),
  }
}

export const seenRefund = (refund: RefundBody): SeenRefund => ({
  operationId: refund.metadata?.operationId,
  ...refundReport(refund),
})

type ReversalBody = Pick<Stripe.TransferReversal, 'id' | 'amount' | 'currency' | 'metadata'>

export const seenReversal = (reversal: ReversalBody): SeenReversal => ({
  reference: reversal.id,
  operationId: reversal.metadata?.operationId,
  amount: fromStripe(reversal.amount, reversal.currency.toUpperCase()),
})

type SetupBody = Pick<Stripe.SetupIntent, 'status' | 'last_setup_error'> & {
  payment_method: string | { id: string } | null
}

/** How the keeping of a means of payment stands. */
export function setupReport(setup: SetupBody): SetupReport {
  const paymentMethod = typeof setup.payment_method === 'string' ? setup.payment_method : setup.payment_method?.id
  if (setup.status === 'succeeded') return { state: 'chargeable', paymentMethod }
  const error = setup.last_setup_error
  if (setup.status === 'canceled' || (setup.status === 'requires_payment_method' && error)) {
    return { state: 'failed', failureCode: error?.decline_code ?? error?.code, failureMessage: error?.message }
  }
  return { state: 'requires_action', paymentMethod }
}

type DisputeBody = Pick<Stripe.Dispute, 'id' | 'status' | 'amount' | 'currency' | 'reason'> & {
  evidence_details?: { due_by?: number | null } | null
}

function dueAt({ evidence_details: details }: DisputeBody): Date | undefined {
  const seconds = details?.due_by
  return typeof seconds === 'number' && seconds > 0 && seconds < 1e11 ? new Date(seconds * 1_000) : undefined
}

/** What an event says about a payment. Pure. */
export function observeEvent(type: string, body: Record<string, unknown>): Observation {
  if (!isReadable(type, body)) return { kind: 'unreadable' }
  if (type.startsWith('payment_intent.')) return observeIntent(body as IntentBody)
  if (type.startsWith('charge.dispute.')) {
    const dispute = body as DisputeBody
    return {
      kind: 'dispute',
      reference: dispute.id,
      state: dispute.status,
      amount: fromStripe(dispute.amount, dispute.currency.toUpperCase()),
      reason: dispute.reason,
      evidenceDueAt: dueAt(dispute),
    }
  }
  if (type.startsWith('refund.') || type.startsWith('charge.refund.')) {
    const refund = body as RefundBody
    // The second half of one of ours is on its way; whoever else left it there has taken it from the payment all the same.
    if (restsAtStripe(refund) && refund.metadata?.operationId) return { kind: 'nothing' }
    return { kind: 'refund', ...seenRefund(refund) }
  }
  if (type.startsWith('setup_intent.')) return { kind: 'setup' }
  if (type === 'charge.expired') return { kind: 'nothing' }
  if (type === 'charge.refunded') {
    const charge = body as ChargeBody
    return charge.amount_captured > 0
      ? { kind: 'refunded', refundedAmount: refundedOf(charge, charge.currency.toUpperCase()) }
      : { kind: 'nothing' }
  }
  if (type.startsWith('charge.')) return observeCharge(body as ChargeBody)
  if (type === 'review.opened') return { kind: 'review', result: 'opened' }
  if (type === 'review.closed') {
    const { closed_reason: reason } = body as { closed_reason: string | null }
    return { kind: 'review', result: reason === 'approved' || reason === 'acknowledged' ? 'approved' : 'rejected' }
  }
  if (type.startsWith('transfer.')) {
    const transfer = body as Pick<Stripe.Transfer, 'id' | 'amount_reversed' | 'currency' | 'metadata' | 'reversals'>
    return {
      kind: 'transfer',
      operationId: transfer.metadata?.operationId,
      reference: transfer.id,
      reversedAmount: fromStripe(transfer.amount_reversed, transfer.currency.toUpperCase()),
      reversals: transfer.reversals?.data.map(seenReversal) ?? [],
    }
  }
  return { kind: 'nothing' }
}
