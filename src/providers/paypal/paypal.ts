import { alwaysClosed, type Breaker } from '../../platform/breakers.ts'
import type { PaymentAdapter } from '../provider.ts'
import { paypalCurrencies } from './paypal-amounts.ts'
import { readPayPalBook } from './paypal-book.ts'
import { createPayPalClient } from './paypal-client.ts'
import { submitEvidence } from './paypal-disputes.ts'
import { observeEvent } from './paypal-events.ts'
import { captureHold } from './paypal-holds.ts'
import { cancelOrder, createOrder, findOrder, retrieveOrder, takeOrder } from './paypal-orders.ts'
import { createRefund, listRefunds, retrieveRefund } from './paypal-refunds.ts'
import type { PayPalSettings } from './paypal-settings.ts'
import { createSignatureCheck } from './paypal-signatures.ts'
import { booksUntil } from './paypal-transactions.ts'
import { readPayPalWebhook } from './paypal-webhooks.ts'

/**
 * PayPal: the buyer approves an order on PayPal's page, and we take its money then. All of it comes to the platform's own account; shares are
 * settled outside.
 */
export function createPayPalProvider(
  settings: PayPalSettings,
  timeoutMs: number,
  breaker: Breaker = alwaysClosed,
): PaymentAdapter {
  const client = createPayPalClient(settings, timeoutMs, breaker)
  const verify = createSignatureCheck(settings, client, timeoutMs)
  return {
    settlement: 'off_platform',
    liveMode: settings.liveMode,
    currencies: paypalCurrencies,
    verifiesWebhooks: settings.webhookIds.length > 0,
    createIntent: (request) => createOrder(client, request),
    retrieve: (reference, currency) => retrieveOrder(client, reference, currency),
    take: (reference, call) => takeOrder(client, reference, call),
    cancel: (reference, call) => cancelOrder(client, reference, call),
    capture: (reference, call) => captureHold(client, () => findOrder(client, reference), call),
    refund: (reference, call) => createRefund(client, reference, call),
    listRefunds: (reference) => listRefunds(client, reference),
    retrieveRefund: (reference) => retrieveRefund(client, reference),
    submitEvidence: (dispute, evidence) => submitEvidence(client, dispute, evidence),
    readBook: (from, to) => readPayPalBook(client, from, to),
    booksUntil: () => booksUntil(client),
    readWebhook: (rawBody, headers) => readPayPalWebhook({ client, settings, verify }, rawBody, headers),
    observe: ({ type, body }) => observeEvent(type, body),
  }
}
