import { z } from 'zod'
import { ApiError } from '../../platform/errors.ts'
import { readSignedJson } from '../../platform/signed-json.ts'
import type { ProviderEvent } from '../observations.ts'
import type { PayPalClient } from './paypal-client.ts'
import { isRelevant, keptOf, type Named, namedBy } from './paypal-events.ts'
import { findCapture } from './paypal-look-up.ts'
import type { PayPalSettings } from './paypal-settings.ts'
import type { VerifySignature } from './paypal-signatures.ts'

const eventShape = z.looseObject({
  id: z.string().min(1).max(200),
  event_type: z.string().min(1).max(200),
  create_time: z.string().max(64).optional(),
  resource: z.record(z.string(), z.unknown()),
})

/**
 * Verifies a webhook on its raw body and reads the event. A refund names its capture only: PayPal is asked which order that was for.
 * @throws ApiError `invalid_signature`; ProviderError
 */
export async function readPayPalWebhook(
  { client, settings, verify }: { client: PayPalClient; settings: PayPalSettings; verify: VerifySignature },
  rawBody: string,
  headers: Headers,
): Promise<ProviderEvent> {
  if (!(await verify(rawBody, headers))) throw new ApiError('invalid_signature')
  const { id, event_type: type, create_time: time, resource } = readSignedJson(rawBody, eventShape)
  const { order, chargeId } = await whole(client, namedBy(type, resource))
  const occurredAt = new Date(time ?? Number.NaN)
  return {
    eventId: id,
    account: '',
    type,
    reference: order,
    chargeId,
    occurredAt: Number.isNaN(occurredAt.getTime()) ? undefined : occurredAt,
    body: keptOf(type, resource),
    liveMode: settings.liveMode,
    relevant: isRelevant(type),
    echo: false,
  }
}

async function whole(client: PayPalClient, named: Named): Promise<Named> {
  if (named.chargeId !== undefined || named.order !== undefined || named.capture === undefined) return named
  const capture = await findCapture(client, named.capture)
  return capture ? namedBy('PAYMENT.CAPTURE.COMPLETED', capture) : named
}
