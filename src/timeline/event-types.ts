import type { TimelineLine } from './timeline-line.ts'

/** Every type of event a merchant can subscribe to. */
export const eventTypes = [
  'checkout_session.order.created',
  'order.created',
  'order.pending_payment',
  'order.review_opened',
  'order.accepted',
  'order.blocked',
  'order.cancelled',
  'order.confirmed',
  'order.fulfilled',
  'order.complete',
  'order.refunded',
  'order.charge.pending',
  'order.charge.failed',
  'order.charge.capturable',
  'order.charge.processing',
  'order.charge.complete',
  'order.charge.cancelled',
  'order.charge.capture.complete',
  'order.charge.capture.failed',
  'order.charge.cancel.complete',
  'order.charge.cancel.failed',
  'order.charge.refund.complete',
  'order.charge.refund.failed',
  'order.charge.reauth.failed',
  'order.invoice.created',
  'order.credit_memo.created',
  'fulfillment.created',
  'refund.pending',
  'refund.pending_information',
  'refund.complete',
  'refund.failed',
  'return.created',
  'return.accepted',
  'order.item.fulfilled',
  'order.item.cancelled',
  'order.item.returned',
  'order.dispute',
  'order.dispute.resolved',
  'order.payment.late',
  'order.attention',
  'delivery.sent',
  'delivery.failed',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'customer.source.created',
  'customer.source.deleted',
  'customer.tax_identifier.created',
  'source.created',
  'source.chargeable',
  'checkout.created',
  'checkout.updated',
  'checkout.deleted',
  'tax_identifier.pending',
  'tax_identifier.verified',
  'tax_identifier.not_valid',
  'tax_identifier.deleted',
  'webhook.test',
] as const
export type EventType = (typeof eventTypes)[number]

/** A stored line of an order's timeline, as far as it decides about an event. */
export type RecordedLine = {
  kind: string
  subject: string
  subjectId: string
  from: string | null
  to: string | null
  cause: string
}

/** What changed, in the shape of the order: the value it had before. */
export type PreviousAttributes = Record<string, unknown>

type Subject = TimelineLine['subject']

// Keyed by what a line is about and where it moved to. A state that is missing here has no event of its own: a failed
// payment is told by its charge, a review by the order, a parcel by the items in it.
const typeOfMove: Partial<Record<Subject, Record<string, EventType>>> = {
  order: {
    pending: 'order.created',
    pending_payment: 'order.pending_payment',
    in_review: 'order.review_opened',
    accepted: 'order.accepted',
    blocked: 'order.blocked',
    cancelled: 'order.cancelled',
    confirmed: 'order.confirmed',
    fulfilled: 'order.fulfilled',
    complete: 'order.complete',
    returned: 'order.refunded',
  },
  charge: {
    pending: 'order.charge.pending',
    failed: 'order.charge.failed',
    capturable: 'order.charge.capturable',
    processing: 'order.charge.processing',
    complete: 'order.charge.complete',
    cancelled: 'order.charge.cancelled',
  },
  item: {
    fulfilled: 'order.item.fulfilled',
    cancelled: 'order.item.cancelled',
    returned: 'order.item.returned',
  },
  refund: {
    pending: 'refund.pending',
    pending_information: 'refund.pending_information',
    succeeded: 'refund.complete',
    failed: 'refund.failed',
  },
  dispute: {
    warning_needs_response: 'order.dispute',
    warning_under_review: 'order.dispute',
    needs_response: 'order.dispute',
    under_review: 'order.dispute',
    warning_closed: 'order.dispute.resolved',
    won: 'order.dispute.resolved',
    lost: 'order.dispute.resolved',
    prevented: 'order.dispute.resolved',
  },
  return: { created: 'return.created', accepted: 'return.accepted' },
  delivery: { sent: 'delivery.sent', failed: 'delivery.failed' },
}

const typeOfOperation: Record<string, Record<string, EventType>> = {
  capture: { complete: 'order.charge.capture.complete', failed: 'order.charge.capture.failed' },
  cancel: { complete: 'order.charge.cancel.complete', failed: 'order.charge.cancel.failed' },
  refund: { complete: 'order.charge.refund.complete', failed: 'order.charge.refund.failed' },
}

const knownTypes: ReadonlySet<string> = new Set(eventTypes)

/**
 * The event a recorded line is, or undefined for lines that merchants are not told about: drops, splits, parcels, notes.
 * Pure; every line is exactly one event or none.
 */
export function toEventType(line: RecordedLine): EventType | undefined {
  const to = line.to ?? ''
  switch (line.kind) {
    case 'transition':
    case 'note':
      // A new charge and a mail are noted, not moved: nothing was there before.
      if (line.kind === 'note' && line.subject !== 'delivery' && !(line.subject === 'charge' && to === 'pending'))
        return
      return typeOfMove[line.subject as Subject]?.[to]
    case 'operation':
      return typeOfOperation[line.cause]?.[to]
    case 'event':
      return knownTypes.has(line.cause) ? (line.cause as EventType) : undefined
    default:
      return
  }
}

/** Which part of the order moved, and from where; undefined when there was nothing before. */
export function toPreviousAttributes({ kind, subject, subjectId, from }: RecordedLine): PreviousAttributes | undefined {
  if (kind !== 'transition' || from === null) return
  switch (subject) {
    case 'order':
      return { state: from }
    case 'charge':
      return { charges: [{ id: subjectId, state: from }] }
    case 'item':
      return { items: [{ id: subjectId, state: from }] }
    default:
      return
  }
}

/** Whether a document may have to be made after a recorded line: when goods are decided, and when money went back or did not after all. */
export const callsForWork = ({
  kind,
  subject,
  to,
}: Pick<RecordedLine, 'kind' | 'subject'> & { to?: string | null | undefined }): boolean =>
  kind === 'transition' &&
  ((subject === 'order' && to === 'complete') || (subject === 'refund' && (to === 'succeeded' || to === 'failed')))
