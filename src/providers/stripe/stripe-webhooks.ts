import type { z } from 'zod'
import { ApiError } from '../../platform/errors.ts'
import { readSignedJson } from '../../platform/signed-json.ts'
import type { ProviderEvent } from '../observations.ts'
import type { StripeClient } from './stripe-client.ts'
import { stripeEventSchema } from './stripe-event-schema.ts'
import { isRelevant, subjectReference } from './stripe-observations.ts'

/** What becomes of a charge is told by its PaymentIntent, too: `succeeded`, `amount_capturable_updated` or `payment_failed`. */
const echoing: ReadonlySet<string> = new Set(['charge.succeeded', 'charge.failed', 'charge.captured'])

/** Verifies the signature over the raw body, by any of the secrets, and reads the event. @throws ApiError `invalid_signature` */
export async function readStripeWebhook(
  { sdk }: Pick<StripeClient, 'sdk'>,
  secrets: readonly string[],
  rawBody: string,
  headers: Headers,
): Promise<ProviderEvent> {
  const header = headers.get('stripe-signature')
  if (!header) throw new ApiError('invalid_signature')
  const { webhooks } = await sdk()
  const isSigned = secrets.some((secret) => {
    try {
      return webhooks.signature?.verifyHeader(rawBody, header, secret, 300)
    } catch {
      return false
    }
  })
  if (!isSigned) throw new ApiError('invalid_signature')
  return toProviderEvent(readSignedJson(rawBody, stripeEventSchema))
}

/** An event as Stripe lists it; undefined where it is not of the form of those that are sent. */
export function readListedEvent(event: unknown): ProviderEvent | undefined {
  const read = stripeEventSchema.safeParse(event)
  return read.success ? toProviderEvent(read.data) : undefined
}

function toProviderEvent(event: z.infer<typeof stripeEventSchema>): ProviderEvent {
  const { object } = event.data
  return {
    eventId: event.id,
    account: event.account ?? '',
    type: event.type,
    reference: subjectReference(object),
    chargeId: object.metadata?.chargeId,
    occurredAt: new Date(event.created * 1000),
    body: object,
    liveMode: event.livemode,
    subject: object.object === 'setup_intent' ? 'setup' : 'payment',
    relevant: isRelevant(event.type),
    echo: echoing.has(event.type) && Boolean(object.payment_intent),
  }
}
