import { sql } from 'kysely'
import type { CarrierEvent } from '../carriers/carrier.ts'
import type { Carriers } from '../carriers/carriers.ts'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import type { ProviderEvent } from '../providers/observations.ts'
import type { PaymentProvider, PaymentProviders } from '../providers/providers.ts'
import { isProviderName, type ProviderName, providerNames } from '../providers/registry.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import { type IncomingEvent, storeEvent } from './store-event.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders; carriers: Carriers }

const otherSenders = ['easypost', 'printful'] as const
export type WebhookSender = ProviderName | (typeof otherSenders)[number]

/** Everybody whose webhooks have an address. */
export const webhookSenders: readonly WebhookSender[] = [...providerNames, ...otherSenders]

/**
 * Verifies a webhook on its raw body and stores it once; nothing else happens in the request.
 * Returns whether it was there already. `orderId` says that it was sent for that order: one about any other is refused.
 * @throws ApiError `provider_not_configured`, `invalid_signature`, `invalid_json`, `invalid_event`, `event_of_another_order`
 */
export async function receiveWebhook(
  parts: Parts,
  sender: WebhookSender,
  rawBody: string,
  headers: Headers,
  orderId?: string,
): Promise<{ duplicate: boolean }> {
  const event = await readEvent(parts, sender, rawBody, headers)
  if (orderId !== undefined && !(await isAbout(parts.database.sql, event, orderId)))
    throw new ApiError('event_of_another_order')
  const { stored } = await storeEvent(parts, event)
  return { duplicate: !stored }
}

/** Stores an event that the provider was asked for, as if it had been received. Returns whether it is new. */
export async function storeProviderEvent(
  parts: UnitOfWork,
  provider: PaymentProvider,
  event: ProviderEvent,
): Promise<boolean> {
  return (await storeEvent(parts, fromPayment(provider, event))).stored
}

type About = {
  orderId: string
  provider: string
  chargeId: string | null
  reference: string | null
}

const findCharge = statement<About>()((db, $) =>
  db
    .selectFrom('charges')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where((charge) => sql<boolean>`${charge.ref('provider')} = ${$.provider}`)
    .where((charge) =>
      charge.or([
        charge('provider_reference', '=', $.reference),
        charge.and([
          charge('id', '=', $.chargeId),
          charge.or([charge('provider_reference', 'is', null), sql<boolean>`${$.reference.typed('text')} is null`]),
        ]),
      ]),
    ),
)

/** Whether an event is about a charge of this order, by the payment's id or, before that is known, by our own id in its metadata. */
async function isAbout(on: Sql, { provider, chargeId, reference }: IncomingEvent, orderId: string): Promise<boolean> {
  const found = await findCharge(on, {
    orderId,
    provider,
    chargeId: chargeId ?? null,
    reference: reference ?? null,
  })
  return found.length > 0
}

async function readEvent(
  parts: Parts,
  sender: WebhookSender,
  rawBody: string,
  headers: Headers,
): Promise<IncomingEvent> {
  const { config, carriers } = parts
  if (isProviderName(sender)) {
    const provider = parts.providers.get(sender)
    if (!provider?.verifiesWebhooks) throw new ApiError('provider_not_configured')
    return fromPayment(provider, await provider.readWebhook(rawBody, headers))
  }
  switch (sender) {
    case 'easypost':
      if (!carriers.parcels || !config.easypost?.webhookSecrets.length) throw new ApiError('provider_not_configured')
      return fromCarrier('easypost', carriers.parcels.readWebhook(rawBody, headers), 'apply-shipping-event')
    case 'printful':
      if (!carriers.printer || !config.printful?.webhookSecrets.length) throw new ApiError('provider_not_configured')
      return fromCarrier('printful', carriers.printer.readWebhook(rawBody, headers), 'apply-pod-event')
  }
}

function fromPayment(provider: PaymentProvider, event: ProviderEvent): IncomingEvent {
  const foreignMode = provider.liveMode !== undefined && event.liveMode !== provider.liveMode
  const seen = provider.observe(event)
  // A part that was captured of a hold may be news although the hold stands.
  const inPart = seen.kind === 'charge' && seen.state === 'capturable' && seen.capturedAmount !== undefined
  const plain = seen.kind === 'charge' && !seen.awaitingBuyer && !seen.inReview && !seen.spent && !inPart
  return {
    ...event,
    provider: provider.name,
    echo: event.echo && !foreignMode,
    restates: plain ? seen.state : undefined,
    acknowledges: seen.kind === 'transfer' && seen.reversedAmount === 0 ? seen.operationId : undefined,
    job: event.relevant && !foreignMode ? 'apply-payment-event' : undefined,
    ignoredBecause: foreignMode ? 'livemode_mismatch' : undefined,
  }
}

const fromCarrier = (
  provider: string,
  event: CarrierEvent,
  job: 'apply-shipping-event' | 'apply-pod-event',
): IncomingEvent => ({ ...event, provider, account: '', chargeId: undefined, job: event.relevant ? job : undefined })
