import { z } from 'zod'
import type { Observation } from '../observations.ts'
import { observeDispute } from './paypal-disputes.ts'
import { observeCapture, seenRefund } from './paypal-observations.ts'
import { captureShape, disputeShape, orderShape, refundShape } from './paypal-shapes.ts'

/** What an event is about, by the shape of its resource. */
type Resource = 'order' | 'approval' | 'capture' | 'authorization' | 'refund' | 'dispute'

const resources: Readonly<Record<string, Resource>> = {
  'CHECKOUT.ORDER.APPROVED': 'order',
  'CHECKOUT.PAYMENT-APPROVAL.REVERSED': 'approval',
  'PAYMENT.AUTHORIZATION.CREATED': 'authorization',
  'PAYMENT.AUTHORIZATION.VOIDED': 'authorization',
  'PAYMENT.CAPTURE.COMPLETED': 'capture',
  'PAYMENT.CAPTURE.DECLINED': 'capture',
  'PAYMENT.CAPTURE.DENIED': 'capture',
  'PAYMENT.CAPTURE.PENDING': 'capture',
  'PAYMENT.CAPTURE.REFUNDED': 'refund',
  'PAYMENT.CAPTURE.REVERSED': 'refund',
  'PAYMENT.REFUND.FAILED': 'refund',
  'PAYMENT.REFUND.PENDING': 'refund',
  'CUSTOMER.DISPUTE.CREATED': 'dispute',
  'CUSTOMER.DISPUTE.UPDATED': 'dispute',
  'CUSTOMER.DISPUTE.RESOLVED': 'dispute',
}

/** The types to enable at the webhook; others are acknowledged and change nothing. */
export const paypalEventTypes: readonly string[] = Object.keys(resources)

export const isRelevant = (type: string): boolean => Object.hasOwn(resources, type)

const chargeId = /^chg_\w{1,60}$/

/** Our charge among the words that a payment carries: what other systems at the same account write there is none. */
const chargeAmong = (...words: (string | undefined)[]): string | undefined =>
  words.find((word) => word !== undefined && chargeId.test(word))

/** What an event names: our charge, PayPal's order, or at least the capture by which both are found. */
export type Named = { chargeId?: string | undefined; order?: string | undefined; capture?: string | undefined }

const approval = z.looseObject({ order_id: z.string().min(1).max(64) })
const authorization = captureShape.omit({ amount: true })

/** Which payment an event is about; nothing where its resource cannot be read. */
export function namedBy(type: string, resource: Record<string, unknown>): Named {
  switch (Object.hasOwn(resources, type) ? resources[type] : undefined) {
    case 'order': {
      const order = orderShape.safeParse(resource).data
      return { order: order?.id, chargeId: chargeAmong(order?.purchase_units[0]?.custom_id) }
    }
    case 'approval':
      return { order: approval.safeParse(resource).data?.order_id }
    case 'capture':
    case 'authorization': {
      const payment = authorization.safeParse(resource).data
      return {
        order: payment?.supplementary_data?.related_ids?.order_id,
        chargeId: chargeAmong(payment?.custom_id),
        ...(resources[type] === 'capture' ? { capture: payment?.id } : {}),
      }
    }
    case 'refund':
      return { capture: captureOf(refundShape.safeParse(resource).data) }
    case 'dispute': {
      const [disputed] = disputeShape.safeParse(resource).data?.disputed_transactions ?? []
      return {
        chargeId: chargeAmong(disputed?.custom, disputed?.invoice_number),
        capture: disputed?.seller_transaction_id,
      }
    }
    case undefined:
      return {}
  }
}

/** What of a resource is kept with an event: who paid, and from where, is nobody's business here. */
const kept: Readonly<Record<Resource, readonly string[]>> = {
  order: ['id', 'status'],
  approval: ['order_id'],
  authorization: ['id', 'status', 'amount'],
  capture: ['id', 'status', 'status_details', 'amount', 'custom_id', 'create_time', 'supplementary_data'],
  refund: ['id', 'status', 'status_details', 'amount', 'custom_id', 'links'],
  dispute: [
    ...['dispute_id', 'status', 'dispute_life_cycle_stage', 'dispute_outcome', 'dispute_amount', 'reason'],
    'seller_response_due_date',
  ],
}

/** What an event needs of its resource to be applied. */
export function keptOf(type: string, resource: Record<string, unknown>): Record<string, unknown> {
  const names = Object.hasOwn(resources, type) ? (resources[type] as Resource) : undefined
  return names ? Object.fromEntries(Object.entries(resource).filter(([name]) => kept[names].includes(name))) : {}
}

/** The capture that a refund is of: PayPal says it by a link. */
export function captureOf(refund: Pick<z.infer<typeof refundShape>, 'links'> | undefined): string | undefined {
  const up = refund?.links.find(({ rel }) => rel === 'up')
  return /\/v2\/payments\/captures\/([\w-]{1,64})$/.exec(up?.href ?? '')?.[1]
}

/** What an event says. */
export function observeEvent(type: string, resource: Record<string, unknown>): Observation {
  switch (Object.hasOwn(resources, type) ? resources[type] : undefined) {
    case 'capture': {
      const capture = captureShape.safeParse(resource)
      if (!capture.success) return { kind: 'unreadable' }
      // A part of held money: how the whole stands is asked.
      return capture.data.supplementary_data?.related_ids?.authorization_id === undefined
        ? observeCapture(capture.data)
        : { kind: 'ask' }
    }
    case 'refund': {
      // What PayPal takes back itself is a dispute, and no refund that somebody gave.
      if (type === 'PAYMENT.CAPTURE.REVERSED') return { kind: 'ask' }
      const refund = refundShape.safeParse(resource)
      return refund.success ? { kind: 'refund', ...seenRefund(refund.data) } : { kind: 'unreadable' }
    }
    case 'dispute': {
      const dispute = disputeShape.safeParse(resource)
      return dispute.success ? observeDispute(dispute.data) : { kind: 'unreadable' }
    }
    case 'order':
    case 'approval':
    case 'authorization':
      return { kind: 'ask' }
    case undefined:
      return { kind: 'nothing' }
  }
}
