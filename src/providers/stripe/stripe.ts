import { alwaysClosed, type Breaker } from '../../platform/breakers.ts'
import type { CardForm, PaymentAdapter } from '../provider.ts'
import { toStripe } from './stripe-amounts.ts'
import { readStripeBook } from './stripe-book.ts'
import { createStripeClient } from './stripe-client.ts'
import { submitEvidence } from './stripe-evidence.ts'
import { cancelIntent, captureIntent, createIntent, observePayment } from './stripe-intents.ts'
import { observeEvent } from './stripe-observations.ts'
import { createStripeRecovery } from './stripe-recovery.ts'
import { createRefund, listRefunds, retrieveRefund } from './stripe-refunds.ts'
import type { StripeSettings } from './stripe-settings.ts'
import { createStripeSources } from './stripe-sources.ts'
import { createTransfer, findTransfer, listReversals, reverseTransfer } from './stripe-transfers.ts'
import { readListedEvent, readStripeWebhook } from './stripe-webhooks.ts'

/** Stripe, with shares that are transferred to connected accounts. One connection serves everything. */
export function createStripeProvider(
  settings: StripeSettings,
  timeoutMs: number,
  breaker: Breaker = alwaysClosed,
): PaymentAdapter {
  const connection = createStripeClient(settings, timeoutMs, breaker)
  return {
    settlement: 'live',
    liveMode: settings.liveMode,
    cardForm: cardFormOf(settings),
    verifiesWebhooks: settings.webhookSecrets.length > 0,
    sources: createStripeSources(connection),
    recovery: createStripeRecovery(connection, readListedEvent),
    createIntent: (request) => createIntent(connection, request),
    retrieve: (reference) => observePayment(connection, reference),
    cancel: (reference, request) => cancelIntent(connection, reference, request),
    capture: (reference, request) => captureIntent(connection, reference, request),
    refund: (reference, request) => createRefund(connection, reference, request),
    listRefunds: (reference) => listRefunds(connection, reference),
    retrieveRefund: (reference) => retrieveRefund(connection, reference),
    transfer: (request) => createTransfer(connection, request),
    async findTransfer(request) {
      const transfer = await findTransfer(connection, request)
      return transfer && { reference: transfer.id }
    },
    reverseTransfer: (reference, request) => reverseTransfer(connection, reference, request),
    listReversals: (reference) => listReversals(connection, reference),
    submitEvidence: (dispute, evidence) => submitEvidence(connection, dispute, evidence),
    readBook: (from, to) => readStripeBook(connection, from, to),
    readWebhook: (rawBody, headers) => readStripeWebhook(connection, settings.webhookSecrets, rawBody, headers),
    observe: ({ type, body }) => observeEvent(type, body),
  }
}

/** Stripe's script has an address of its own; whoever plays Stripe plays that, too. https://docs.stripe.com/js/including */
function cardFormOf({ publishableKey, apiBase }: StripeSettings): CardForm | undefined {
  if (!publishableKey?.startsWith('pk_')) return undefined
  const script = apiBase === 'https://api.stripe.com' ? 'https://js.stripe.com/v3/' : new URL('/v3/', apiBase).href
  return { script, key: publishableKey, units: toStripe }
}
