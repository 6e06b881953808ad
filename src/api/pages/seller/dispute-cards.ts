import { html } from 'hono/html'
import { isDisputeClosed } from '../../../disputes/dispute.state-machine.ts'
import type { DisputeView } from '../../../disputes/read-disputes.ts'
import type { TimelineView } from '../../../orders/read-timeline.ts'
import { type EvidenceFile, type EvidenceText, evidenceFiles } from '../../../providers/dispute-evidence.ts'
import { badge, emptyForm, inputField, type Mood, textField, time } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Html } from '../page.ts'
import { forRight, type Member } from './frame.ts'

const states: Record<DisputeView['state'], [Mood, string]> = {
  warning_needs_response: ['wait', 'an inquiry, to be answered'],
  warning_under_review: ['wait', 'an inquiry, under review'],
  warning_closed: ['good', 'an inquiry that came to nothing'],
  needs_response: ['bad', 'to be answered'],
  under_review: ['wait', 'under review'],
  won: ['good', 'won'],
  lost: ['bad', 'lost'],
  prevented: ['soft', 'prevented'],
}

const fileLabels: Record<EvidenceFile, string> = {
  cancellationPolicy: 'Cancellation policy',
  customerCommunication: 'What the buyer has written',
  customerSignature: 'The buyer’s signature',
  receipt: 'Receipt',
  refundPolicy: 'Refund policy',
  serviceDocumentation: 'Proof of the service',
  shippingDocumentation: 'Proof of shipping',
  other: 'Another document',
}

/** What of evidence a seller writes; the rest is known from the order, and can be said otherwise by the API. */
export const askedTexts = [
  ['other', 'What happened, in your words'],
  ['shippingDate', 'Day of shipping'],
  ['serviceDate', 'Day of the service'],
  ['refundPolicy', 'Refund policy, as the buyer saw it'],
  ['refundRefusal', 'Why there is no refund'],
  ['cancellationRebuttal', 'Why a cancellation does not count'],
] as const satisfies readonly (readonly [EvidenceText, string])[]

/** A dispute with what the bank says, until when it listens, and what it was told. */
export const disputeCard = (dispute: DisputeView, lines: readonly TimelineView[], member: Member): Html => {
  const [mood, word] = states[dispute.state]
  const { locale } = member
  return html`<dl class="facts">
<div><dt>Amount</dt><dd>${formatMoney(dispute.amount, dispute.currency, locale)}</dd></div>
${dispute.reason ? html`<div><dt>Reason</dt><dd>${dispute.reason.replaceAll('_', ' ')}</dd></div>` : ''}
<div><dt>State</dt><dd>${badge(mood, word)}</dd></div>
${dispute.evidenceDueAt ? html`<div><dt>Answer until</dt><dd>${time(dispute.evidenceDueAt, locale)}</dd></div>` : ''}
${dispute.evidenceSentAt ? html`<div><dt>Answered</dt><dd>${time(dispute.evidenceSentAt, locale)}</dd></div>` : ''}
${sentOf(dispute, lines)}
</dl>
${isOpenToEvidence(dispute) ? forRight(member, 'refunds', () => evidenceForm(dispute)) : ''}`
}

const isOpenToEvidence = ({ state, evidenceSentAt, evidenceDueAt }: DisputeView): boolean =>
  !isDisputeClosed(state) && evidenceSentAt === null && (evidenceDueAt === null || evidenceDueAt > new Date())

/** What the bank was told, by its kinds: the words themselves are the bank's. */
function sentOf({ id }: DisputeView, lines: readonly TimelineView[]): Html | '' {
  const sent = lines.find(({ subjectId, cause }) => subjectId === id && cause === 'evidence sent')?.detail
  const kinds = [sent?.said, sent?.shown].flatMap((list) =>
    typeof list === 'string' && list !== '' ? list.split(', ') : [],
  )
  const words = kinds.map((kind) => kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))
  return words.length === 0 ? '' : html`<div><dt>Sent</dt><dd>${[...new Set(words)].join(', ')}</dd></div>`
}

const evidenceForm = ({ id }: DisputeView): Html => html`<details open><summary>Answer the bank</summary>
<form method="post" action="/dashboard/disputes/${id}/evidence" enctype="multipart/form-data" class="fields">
<p class="hint">The bank takes evidence once. The buyer, the addresses, the goods, their tracking and their downloads are sent along.</p>
${askedTexts.map(([name, label]) => {
  const field = { name, label, state: emptyForm }
  return name === 'other'
    ? textField({ ...field, attributes: { maxlength: 20_000, required: true } })
    : inputField({ ...field, attributes: { maxlength: 2_000 } })
})}
<details><summary>Documents: PDF, JPEG or PNG, 4.5 MB in all</summary>
${evidenceFiles.map((kind) =>
  inputField({
    name: `file-${kind}`,
    label: fileLabels[kind],
    state: emptyForm,
    attributes: { type: 'file', accept: 'application/pdf,image/jpeg,image/png' },
  }),
)}</details>
<p><button class="main">Send it to the bank</button></p>
</form></details>`
