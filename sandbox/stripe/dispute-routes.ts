import type { Route } from '../http.ts'
import { isEvidence, mergedEvidence } from './dispute-evidence.ts'
import { closeDispute, type DisputeEnd, escalateInquiry, isInquiry, isOpen, reviewDispute } from './disputes.ts'
import { invalidState, missing } from './errors.ts'
import { listOf } from './lists.ts'
import { choice, flag, hash, mergedMetadata, onlyKnown, text } from './params.ts'
import { type Endpoint, itself, type StripeCall } from './pipeline.ts'
import type { Dispute, StripeState } from './state.ts'

const updateParams = new Set(['evidence', 'expand', 'intended_submission_method', 'metadata', 'submit'])
const methods = ['manual', 'prefer_manual', 'prefer_smart_disputes', 'smart_disputes'] as const

/** Evidence texts that decide a dispute in Stripe's test mode. */
const verdicts: Readonly<Record<string, 'won' | 'lost' | 'escalate'>> = {
  winning_evidence: 'won',
  losing_evidence: 'lost',
  escalate_inquiry_evidence: 'escalate',
}

/**
 * `POST /v1/disputes/{id}`, or the same in the dashboard: stages evidence, and hands it in unless `submit` is false.
 * The answer shows the dispute before the verdict that a test text brings.
 */
export function answerDispute(state: StripeState, call: StripeCall, dispute: Dispute): Dispute {
  onlyKnown(call.params, updateParams)
  const submit = flag(call.params, 'submit') ?? true
  const sent = hash(call.params, 'evidence')
  const staged = call.params.evidence !== undefined
  if (staged && !isOpen(dispute)) {
    throw invalidState(`This dispute is already closed; its status is ${dispute.status}.`)
  }
  const previous = { evidence: dispute.evidence, metadata: dispute.metadata }
  dispute.metadata = mergedMetadata(dispute.metadata, call.params)
  dispute.evidence = mergedEvidence(state, dispute.evidence, sent)
  dispute.intended_submission_method =
    choice(call.params, 'intended_submission_method', methods) ?? dispute.intended_submission_method
  const details = dispute.evidence_details
  details.has_evidence = isEvidence(dispute.evidence)
  const submitted = submit && details.has_evidence && isOpen(dispute) && (staged || call.params.submit !== undefined)
  if (!submitted) {
    state.emit(call, 'charge.dispute.updated', dispute, previous)
    return dispute
  }
  details.submission_count += 1
  details.submission_method = 'manual'
  reviewDispute(state, call, dispute)
  const answer = structuredClone(dispute)
  decide(state, dispute)
  return answer
}

function decide(state: StripeState, dispute: Dispute): void {
  const verdict = verdicts[dispute.evidence.uncategorized_text ?? '']
  if (verdict === 'escalate') {
    if (isInquiry(dispute)) escalateInquiry(state, dispute)
  } else if (verdict !== undefined) {
    const end: DisputeEnd = isInquiry(dispute) ? 'warning_closed' : verdict
    closeDispute(state, itself, dispute, end)
  }
}

/** `POST /v1/disputes/{id}/close`, or the same in the dashboard: accepts the dispute, which cannot be taken back. */
export function acceptDispute(state: StripeState, call: StripeCall, dispute: Dispute): Dispute {
  onlyKnown(call.params, new Set(['expand']))
  if (!isOpen(dispute) || isInquiry(dispute)) {
    throw invalidState(`This dispute cannot be closed; its status is ${dispute.status}.`)
  }
  closeDispute(state, call, dispute, 'lost')
  return dispute
}

export function disputeRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const disputeById = (id: string) => {
    const dispute = state.disputes.get(id)
    if (!dispute) throw missing('dispute', id)
    return dispute
  }
  return [
    endpoint('GET', 'disputes/:id', 'disputes.retrieve', ({ id }) => disputeById(id)),
    endpoint('POST', 'disputes/:id', 'disputes.update', (call) => answerDispute(state, call, disputeById(call.id))),
    endpoint('POST', 'disputes/:id/close', 'disputes.close', (call) =>
      acceptDispute(state, call, disputeById(call.id)),
    ),
    endpoint('GET', 'disputes', 'disputes.list', ({ params }) => {
      const charge = text(params, 'charge')
      const intent = text(params, 'payment_intent')
      const disputes = charge === undefined ? state.disputes : state.disputesByCharge.rows(state.disputes, charge)
      const ofIntent = (dispute: Readonly<Dispute>) => intent === undefined || dispute.payment_intent === intent
      return listOf(disputes, params, '/v1/disputes', ofIntent)
    }),
  ]
}
