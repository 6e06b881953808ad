import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { ApiError } from '../../platform/errors.ts'
import { readSignedJson } from '../../platform/signed-json.ts'
import type { Observation, ProviderEvent } from '../observations.ts'

const id = z.string().min(1).max(100)

const eventSchema = z.looseObject({
  originalDeliveryId: id,
  type: z.string().min(1).max(64),
  timestamp: z.number().int().min(0).max(4_102_444_800),
  storeId: z.string().max(100).nullish(),
  invoiceId: id.nullish(),
  metadata: z.looseObject({ orderId: z.unknown().optional() }).nullish(),
  pullPaymentId: id.nullish(),
})
type Event = z.infer<typeof eventSchema>

/** The types that change something here; the store sends them when its webhook is to get everything, or these. */
export const btcpayEventTypes = [
  'InvoiceCreated',
  'InvoiceReceivedPayment',
  'InvoicePaymentSettled',
  'InvoiceProcessing',
  'InvoiceExpired',
  'InvoiceSettled',
  'InvoiceInvalid',
  'PayoutCreated',
  'PayoutApproved',
  'PayoutUpdated',
] as const

const isRelevantType = (type: string) => (btcpayEventTypes as readonly string[]).includes(type)

/** What says that money is there. */
const ofMoney = ['InvoicePaymentSettled', 'InvoiceSettled']

/** Verifies the signature over the raw body and reads the event. @throws ApiError `invalid_signature` */
export function readBtcpayWebhook(secrets: readonly string[], rawBody: string, headers: Headers): ProviderEvent {
  const given = headers.get('btcpay-sig') ?? ''
  if (!secrets.some((secret) => isSignedBy(secret, rawBody, given))) throw new ApiError('invalid_signature')
  const event = readSignedJson(rawBody, eventSchema)
  const chargeId = chargeOf(event)
  const reference = event.invoiceId ?? event.pullPaymentId ?? undefined
  return {
    // Every delivery of one event names the first.
    eventId: event.originalDeliveryId,
    account: '',
    type: event.type,
    reference,
    chargeId,
    occurredAt: new Date(event.timestamp * 1_000),
    body: event,
    liveMode: true,
    // A store may have invoices and payouts that are nobody's here.
    relevant: isRelevantType(event.type) && (event.invoiceId ? chargeId !== undefined : reference !== undefined),
    echo: false,
  }
}

/** The charge that an invoice was made for; others' invoices have other numbers. */
function chargeOf({ metadata }: Event): string | undefined {
  const number = metadata?.orderId
  return typeof number === 'string' && /^chg_\w{1,60}$/.test(number) ? number : undefined
}

/** Events are hints: the invoice is read again, and so is what a refund was claimed of. */
export function observeBtcpay({ type }: { type: string }): Observation {
  if (!isRelevantType(type)) return { kind: 'nothing' }
  // It only brings the number of an invoice whose maker may not have heard the answer.
  if (type === 'InvoiceCreated') return { kind: 'nothing' }
  return { kind: 'ask', ...(ofMoney.includes(type) ? { ofMoney: true } : {}) }
}

function isSignedBy(secret: string, rawBody: string, given: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`)
  const candidate = Buffer.from(given)
  return expected.length === candidate.length && timingSafeEqual(expected, candidate)
}
