import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { ApiError } from '../platform/errors.ts'
import { readSignedJson } from '../platform/signed-json.ts'
import type { CarrierEvent, ShipmentUpdate } from './carrier.ts'

const text = z.string().max(255).nullish()

const trackerSchema = z.looseObject({
  shipment_id: text,
  tracking_code: text,
  status: text,
  carrier: text,
  public_url: z.string().max(2000).nullish(),
})

const refundSchema = z.looseObject({ object: z.literal('Refund'), status: z.literal('refunded') })

const eventSchema = z
  .looseObject({
    id: z.string().min(1).max(255),
    description: z.string().min(1).max(255),
    created_at: z.iso.datetime({ offset: true }).nullish().catch(undefined),
    result: z.looseObject({}).nullish(),
  })
  .refine(({ description, result }) => !description.startsWith('tracker.') || trackerSchema.safeParse(result).success, {
    path: ['result'],
  })

/** @throws ApiError `invalid_signature`; the key is the NFKD form of the secret, the message the raw body. */
export function readEasypostWebhook(secrets: readonly string[], rawBody: string, headers: Headers): CarrierEvent {
  const given = Buffer.from(headers.get('x-hmac-signature') ?? '')
  const valid = secrets.some((secret) => {
    const hex = createHmac('sha256', secret.normalize('NFKD')).update(rawBody).digest('hex')
    const expected = Buffer.from(`hmac-sha256-hex=${hex}`)
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
  if (!valid) throw new ApiError('invalid_signature')
  const event = readSignedJson(rawBody, eventSchema)
  const body = event.result ?? {}
  return {
    eventId: event.id,
    type: event.description,
    reference: trackerSchema.safeParse(body).data?.shipment_id ?? undefined,
    occurredAt: event.created_at ? new Date(event.created_at) : undefined,
    body,
    // A tracker that was only made says nothing about the parcel yet.
    relevant: /^(tracker|refund)\./.test(event.description) && readEasypostUpdate(body) !== undefined,
  }
}

/** What a tracker event says about the parcel, or a refund about its label; undefined while nothing has changed. */
export function readEasypostUpdate(body: Record<string, unknown>): ShipmentUpdate | undefined {
  if (refundSchema.safeParse(body).success) return { repaid: true }
  const tracker = trackerSchema.safeParse(body).data
  const trackingNumber = tracker?.tracking_code ?? undefined
  const trackingUrl = tracker?.public_url ?? undefined
  const carrier = tracker?.carrier ?? undefined
  switch (tracker?.status) {
    case 'in_transit':
    case 'out_for_delivery':
    case 'available_for_pickup':
      return { state: 'in_transit', trackingNumber, trackingUrl, carrier }
    case 'delivered':
      return { state: 'delivered', trackingNumber, trackingUrl, carrier }
    case 'return_to_sender':
    case 'failure':
    case 'cancelled':
    case 'error':
      return { state: 'failed', trackingNumber, trackingUrl, carrier }
    default:
      return undefined
  }
}
