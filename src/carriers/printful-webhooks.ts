import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { ApiError } from '../platform/errors.ts'
import { readSignedJson } from '../platform/signed-json.ts'
import type { CarrierEvent, ShipmentUpdate } from './carrier.ts'
import { printfulEventTypes } from './printful-events.ts'

const number = z.union([z.number(), z.string().max(100)]).nullish()
const text = z
  .union([z.string().max(2000), z.number()])
  .transform(String)
  .nullish()

const webhookSchema = z.looseObject({
  type: z.string().min(1).max(100),
  created: z.number().min(0).max(8.64e12).nullish(),
  data: z
    .looseObject({
      order: z.looseObject({ id: number, external_id: text, status: text }).nullish(),
      shipment: z.looseObject({ id: number, carrier: text, tracking_number: text, tracking_url: text }).nullish(),
    })
    .nullish(),
})

/** @throws ApiError `invalid_signature`. The secret is taken as hex and, where that does not fit, as text. */
export function readPrintfulWebhook(secrets: readonly string[], rawBody: string, headers: Headers): CarrierEvent {
  const given = Buffer.from(headers.get('x-pf-webhook-signature')?.toLowerCase() ?? '')
  const valid = secrets.some((secret) =>
    [Buffer.from(secret, 'hex'), Buffer.from(secret)].some((key) => {
      const expected = Buffer.from(createHmac('sha256', key).update(rawBody).digest('hex'))
      return key.length > 0 && expected.length === given.length && timingSafeEqual(expected, given)
    }),
  )
  if (!valid) throw new ApiError('invalid_signature')
  const event = readSignedJson(rawBody, webhookSchema)
  const order = event.data?.order
  return {
    // Printful sends no event id, and a retry repeats the body but for its counter.
    eventId: createHash('sha256')
      .update(JSON.stringify([event.type, event.created, order?.id, event.data?.shipment?.id, order?.status]))
      .digest('base64url'),
    type: event.type,
    reference: order?.id == null ? undefined : String(order.id),
    occurredAt: event.created ? new Date(event.created * 1000) : undefined,
    body: event,
    relevant: printfulEventTypes.includes(event.type),
  }
}

/** What became of a print job; `fulfilled` means shipped at Printful, it never reports a delivery. */
export function readPrintfulUpdate(body: Record<string, unknown>): ShipmentUpdate | undefined {
  const { type, data } = webhookSchema.parse(body)
  const { tracking_number: trackingNumber, tracking_url: trackingUrl, carrier } = data?.shipment ?? {}
  switch (type) {
    case 'package_shipped':
    case 'shipment_sent':
      return {
        state: 'in_transit',
        trackingNumber: trackingNumber ?? undefined,
        trackingUrl: trackingUrl ?? undefined,
        carrier: carrier ?? undefined,
      }
    // Nothing is printed of it, and nothing is charged.
    case 'order_failed':
    case 'order_canceled':
      return { state: 'failed', repaid: true }
    case 'package_returned':
      return { state: 'failed' }
    default:
      return undefined
  }
}
