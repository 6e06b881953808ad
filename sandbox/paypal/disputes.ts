import type { PayPal } from './paypal.ts'
import { refuse } from './refusals.ts'
import { type Capture, type Dispute, nowText } from './state.ts'

const weekMs = 7 * 86_400_000

/** What PayPal charges for a chargeback, in the smallest units. */
const chargebackFee = 2_000

/** The buyer, or with `CHARGEBACK` their bank, disputes a payment; PayPal holds its money unless they only ask. */
export function openDispute(paypal: PayPal, capture: Capture, wish: Partial<Dispute>): Dispute {
  const now = nowText()
  const { id: captureId, currency } = capture
  const dispute: Dispute = {
    ...{ id: `PP-D-${paypal.mintId()}`, captureId, currency, amount: wish.amount ?? capture.amount },
    ...{ status: 'WAITING_FOR_SELLER_RESPONSE', stage: wish.stage ?? 'CHARGEBACK', outcome: null, held: false },
    ...{ reason: wish.reason ?? 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED', evidence: [] },
    ...{ dueAt: new Date(Date.now() + weekMs).toISOString(), createdAt: now, updatedAt: now },
  }
  paypal.state.disputes.set(dispute.id, dispute)
  paypal.state.disputesOf.append(captureId, dispute.id)
  if (dispute.stage !== 'INQUIRY') hold(paypal, dispute)
  tell(paypal, dispute, 'CREATED')
  return dispute
}

/** What the buyer asked becomes a claim. */
export function escalateDispute(paypal: PayPal, dispute: Dispute): void {
  if (dispute.status === 'RESOLVED' || dispute.stage !== 'INQUIRY') return
  dispute.stage = 'CHARGEBACK'
  hold(paypal, dispute)
  tell(paypal, dispute, 'UPDATED')
}

/** The seller answers: PayPal looks at it. */
export function provideEvidence(paypal: PayPal, dispute: Dispute, evidence: unknown): void {
  if (dispute.status !== 'WAITING_FOR_SELLER_RESPONSE') refuse(422, 'ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE')
  dispute.evidence.push(evidence)
  dispute.status = 'UNDER_REVIEW'
  tell(paypal, dispute, 'UPDATED')
}

/** PayPal decides. What was held goes to whoever wins. */
export function closeDispute(paypal: PayPal, dispute: Dispute, outcome: string): void {
  if (dispute.status === 'RESOLVED') return
  const { captureId, currency, amount } = dispute
  const capture = paypal.state.captures.get(captureId)
  dispute.status = 'RESOLVED'
  dispute.outcome = outcome
  const line = { currency, reference: captureId, custom: capture?.customId ?? null }
  if (dispute.held) paypal.enter({ ...line, code: 'T1111', amount })
  dispute.held = false
  const lost = outcome === 'RESOLVED_BUYER_FAVOUR' || outcome === 'ACCEPTED'
  if (lost && capture) takeBack(paypal, dispute, capture)
  tell(paypal, dispute, 'RESOLVED')
}

function takeBack(paypal: PayPal, { stage, currency, amount }: Dispute, capture: Capture): void {
  const line = { currency, reference: capture.id, custom: capture.customId }
  const { id } = paypal.enter({ ...line, code: stage === 'CHARGEBACK' ? 'T1201' : 'T1106', amount: -amount })
  if (stage === 'CHARGEBACK') paypal.enter({ ...line, code: 'T0106', amount: -chargebackFee })
  const now = nowText()
  const { orderId, id: captureId, customId, invoiceId } = capture
  paypal.publish('PAYMENT.CAPTURE.REVERSED', 'refund', {
    ...paypal.shapes.refund({
      ...{ id, captureId, orderId, amount, currency, customId, invoiceId, note: null },
      ...{ status: 'COMPLETED', reason: null, createdAt: now, updatedAt: now },
    }),
  })
}

function hold(paypal: PayPal, dispute: Dispute): void {
  const { captureId, currency, amount } = dispute
  dispute.held = true
  const custom = paypal.state.captures.look(captureId)?.customId ?? null
  paypal.enter({ code: 'T1110', amount: -amount, currency, reference: captureId, custom })
}

function tell(paypal: PayPal, dispute: Dispute, happened: 'CREATED' | 'UPDATED' | 'RESOLVED'): void {
  dispute.updatedAt = nowText()
  paypal.publish(`CUSTOMER.DISPUTE.${happened}`, 'dispute', paypal.shapes.dispute(dispute))
}
