import { z } from 'zod'

const seconds = (...list: number[]) => list.map((entry) => entry * 1000)
const patient = seconds(1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600)
// What a receiver of events may be away for: about three days, as Standard Webhooks recommends.
const toReceivers = seconds(5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
const brisk = seconds(1, 5, 30, 120, 600)

/** What a buyer is mailed about: goods that were delivered, and what became of an order. */
export const mailKinds = [
  'delivery',
  'shipped',
  'order_links',
  'order_confirmation',
  'payment_instructions',
  'charge_failed',
  'blocked',
  'cancelled',
  'items_cancelled',
  'invoice',
  'refund',
  'refund_claim',
] as const

const order = z.object({ orderId: z.string() })
const expiry = z.object({ orderId: z.string(), by: z.enum(['merchant']).optional() })
const orderAndSeller = z.object({ orderId: z.string(), sellerId: z.string() })
const shipment = z.object({ orderId: z.string(), shipmentId: z.string() })
const mockUp = z.object({ merchantId: z.string(), skuId: z.string() })
const charge = z.object({ orderId: z.string(), chargeId: z.string() })
const refund = z.object({ orderId: z.string(), refundId: z.string() })
const refundOperation = z.object({ orderId: z.string(), operationId: z.string() })
const dispute = z.object({ orderId: z.string(), disputeId: z.string() })
const taxIdentifier = z.object({ taxIdentifierId: z.string() })
const source = z.object({ sourceId: z.string() })
const inboxEvent = z.object({ inboxEventId: z.string() })
const erasure = z.object({ erasureId: z.string() })
const mail = z.object({
  orderId: z.string(),
  kind: z.enum(mailKinds),
  causeId: z.string().optional(),
})
const passwordReset = z.object({ resetId: z.string() })
const deniedList = z.object({ list: z.string() })
const payout = z.object({ payoutId: z.string() })
const eventDelivery = z.object({ deliveryId: z.string(), endpointId: z.string() })

/**
 * The one list of jobs. `payload` holds ids only (I10), `retryDelaysMs` is the list of waits between attempts,
 * after which the task fails and its order shows `attention`. An attempt is bounded by the time limits of its provider
 * calls and statements.
 */
export const catalog = {
  'apply-payment-event': {
    queue: 'payment-events',
    payload: inboxEvent,
    retryDelaysMs: seconds(1, 2, 5, 15, 60, 300, 900, 3600),
  },
  'reconcile-charge': { queue: 'payment-operations', payload: charge, retryDelaysMs: patient },
  'cancel-charge': { queue: 'payment-operations', payload: charge, retryDelaysMs: patient },
  'refund-charge': { queue: 'payment-operations', payload: charge, retryDelaysMs: patient },
  'expire-order': { queue: 'payment-operations', payload: expiry, retryDelaysMs: brisk },
  'conclude-order': { queue: 'payment-operations', payload: charge, retryDelaysMs: patient },
  'screen-open-orders': { queue: 'payment-operations', payload: deniedList, retryDelaysMs: patient },
  'finish-setup': { queue: 'payment-operations', payload: source, retryDelaysMs: patient },
  'settle-charge': { queue: 'payment-operations', payload: charge, retryDelaysMs: patient },
  'check-refund': { queue: 'payment-operations', payload: refundOperation, retryDelaysMs: patient },
  'carry-out-refund': { queue: 'payment-operations', payload: refund, retryDelaysMs: patient },
  'take-back-disputed': { queue: 'payment-operations', payload: dispute, retryDelaysMs: patient },
  'distribute-capture': { queue: 'distribution', payload: charge, retryDelaysMs: patient },
  'verify-tax-identifier': { queue: 'notifications', payload: taxIdentifier, retryDelaysMs: patient },
  'confirm-order': { queue: 'confirmation', payload: order, retryDelaysMs: brisk },
  'distribute-revenue': { queue: 'distribution', payload: order, retryDelaysMs: patient },
  'make-payout': { queue: 'distribution', payload: payout, retryDelaysMs: patient },
  'fulfill-pod': { queue: 'pod', payload: orderAndSeller, retryDelaysMs: patient },
  'fulfill-shipping': { queue: 'shipping', payload: orderAndSeller, retryDelaysMs: patient },
  'void-label': { queue: 'shipping', payload: shipment, retryDelaysMs: patient },
  'cancel-print-job': { queue: 'pod', payload: shipment, retryDelaysMs: patient },
  'begin-mock-up': { queue: 'pod', payload: mockUp, retryDelaysMs: brisk },
  'take-mock-up': { queue: 'pod', payload: mockUp.extend({ mockUpId: z.number().int() }), retryDelaysMs: brisk },
  'deliver-digital': { queue: 'digital', payload: orderAndSeller, retryDelaysMs: brisk },
  'send-mail': { queue: 'notifications', payload: mail, retryDelaysMs: patient },
  'send-password-reset': { queue: 'notifications', payload: passwordReset, retryDelaysMs: brisk },
  'erase-person': { queue: 'erasure', payload: erasure, retryDelaysMs: patient },
  'deliver-event': { queue: 'notifications', payload: eventDelivery, retryDelaysMs: toReceivers },
  'create-invoice': { queue: 'documents', payload: order, retryDelaysMs: patient },
  'create-credit-memo': { queue: 'documents', payload: refund, retryDelaysMs: patient },
  'record-tax': { queue: 'documents', payload: order, retryDelaysMs: patient },
  'reverse-tax': { queue: 'documents', payload: refund, retryDelaysMs: patient },
  'apply-pod-event': { queue: 'pod', payload: inboxEvent, retryDelaysMs: brisk },
  'apply-shipping-event': { queue: 'shipping', payload: inboxEvent, retryDelaysMs: brisk },
} as const satisfies Record<string, { queue: string; payload: z.ZodType; retryDelaysMs: readonly number[] }>

export type JobName = keyof typeof catalog
export type Payload<J extends JobName> = z.infer<(typeof catalog)[J]['payload']>
export type QueueName = (typeof catalog)[JobName]['queue']
export type JobOf<Q extends QueueName> = { [J in JobName]: (typeof catalog)[J]['queue'] extends Q ? J : never }[JobName]

export const queueNames: readonly QueueName[] = [...new Set(Object.values(catalog).map((entry) => entry.queue))]
