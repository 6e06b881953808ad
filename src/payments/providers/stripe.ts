import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type Stripe from 'stripe'
import type { Config } from '../../platform/config.ts'
import { ApiError } from '../../platform/errors.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { ChargeObservation, Observation, PaymentProvider } from '../provider.ts'
import { encodeMetadata } from '../split-metadata.ts'

/** Currencies without decimals that Stripe nevertheless counts in hundredths. https://docs.stripe.com/currencies#special-cases */
const countedInHundredths = new Set(['ISK', 'UGX'])

const toStripe = (amount: number, currency: string) => (countedInHundredths.has(currency) ? amount * 100 : amount)
const fromStripe = (amount: number, currency: string) => (countedInHundredths.has(currency) ? amount / 100 : amount)

/** Event types that can change an order, a charge, a refund or a transfer; all others are stored and acknowledged. */
const relevant = (type: string) =>
  /^(payment_intent\.(created|processing|requires_action|amount_capturable_updated|succeeded|payment_failed|canceled|partially_funded)|charge\.(succeeded|failed|captured|refunded|updated|expired)|charge\.dispute\.|review\.(opened|closed)|transfer\.|refund\.|charge\.refund\.)/.test(
    type,
  )

/** What becomes of a charge is told by its PaymentIntent, too: `succeeded`, `amount_capturable_updated` or `payment_failed`. */
const echoing: ReadonlySet<string> = new Set(['charge.succeeded', 'charge.failed', 'charge.captured'])

export function createStripeProvider(settings: NonNullable<Config['stripe']>, timeoutMs: number): PaymentProvider {
  let sdk: Promise<Stripe> | undefined
  // The SDK takes 200 ms to load, so only a process that calls Stripe loads it, and only when it does.
  const stripe = () => {
    sdk ??= import('stripe').then(({ default: StripeSdk }) => {
      const base = new URL(settings.apiBase)
      const secure = base.protocol === 'https:'
      return new StripeSdk(settings.secretKey, {
        host: base.hostname,
        port: base.port || (secure ? 443 : 80),
        protocol: secure ? 'https' : 'http',
        httpClient: StripeSdk.createNodeHttpClient(new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true })),
        timeout: timeoutMs,
        maxNetworkRetries: 1,
        telemetry: false,
      })
    })
    return sdk
  }

  const call = async <T extends { object: string }>(object: T['object'], ask: (client: Stripe) => Promise<T>) => {
    const client = await stripe()
    let answer: T
    try {
      answer = await ask(client)
    } catch (error) {
      throw toProviderError(error)
    }
    // stripe-node takes a 4xx without an `error` key for a success.
    if (answer.object !== object) throw new ProviderError('stripe', 'unknown', 'unexpected_answer')
    return answer
  }

  const readIntent = (intent: Stripe.PaymentIntent): ChargeObservation =>
    observeIntent(intent as unknown as IntentBody, intent.currency.toUpperCase())

  const truthAfterRefusal = async (reference: string, error: unknown): Promise<ChargeObservation> => {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    return readIntent(await call('payment_intent', (client) => client.paymentIntents.retrieve(reference)))
  }

  return {
    name: 'stripe',
    settlement: 'live',

    async createIntent(request) {
      const intent = await call('payment_intent', (client) =>
        client.paymentIntents.create(
          {
            amount: toStripe(request.amount, request.currency),
            currency: request.currency.toLowerCase(),
            capture_method: 'automatic',
            automatic_payment_methods: { enabled: true },
            metadata: encodeMetadata(request.orderId, request.chargeId, request.splits),
            transfer_group: request.orderId,
          },
          { idempotencyKey: request.chargeId },
        ),
      )
      return { reference: intent.id, clientSecret: intent.client_secret ?? undefined }
    },

    async retrieve(reference) {
      return readIntent(await call('payment_intent', (client) => client.paymentIntents.retrieve(reference)))
    },

    async cancel(reference, { key }) {
      try {
        return readIntent(
          await call('payment_intent', (client) =>
            client.paymentIntents.cancel(reference, {}, { idempotencyKey: key }),
          ),
        )
      } catch (error) {
        return truthAfterRefusal(reference, error)
      }
    },

    async capture(reference, { key, amount, currency }) {
      try {
        return readIntent(
          await call('payment_intent', (client) =>
            client.paymentIntents.capture(
              reference,
              { amount_to_capture: toStripe(amount, currency) },
              { idempotencyKey: key },
            ),
          ),
        )
      } catch (error) {
        return truthAfterRefusal(reference, error)
      }
    },

    async refund(reference, { key, orderId, amount, currency, lookUpFirst }) {
      const done = lookUpFirst
        ? (await call('list', (client) => client.refunds.list({ payment_intent: reference, limit: 100 }))).data.find(
            (entry) => entry.metadata?.operationId === key,
          )
        : undefined
      const refund =
        done ??
        (await call('refund', (client) =>
          client.refunds.create(
            {
              payment_intent: reference,
              amount: toStripe(amount, currency),
              metadata: { orderId, operationId: key },
            },
            { idempotencyKey: key },
          ),
        ))
      return { reference: refund.id, state: refundState(refund.status) }
    },

    async transfer({ key, orderId, amount, currency, destination, providerChargeId, splitId, lookUpFirst }) {
      const done = lookUpFirst
        ? (await call('list', (client) => client.transfers.list({ transfer_group: orderId, limit: 100 }))).data.find(
            (entry) => entry.metadata.operationId === key,
          )
        : undefined
      const transfer =
        done ??
        (await call('transfer', (client) =>
          client.transfers.create(
            {
              amount: toStripe(amount, currency),
              currency: currency.toLowerCase(),
              destination,
              source_transaction: providerChargeId,
              transfer_group: orderId,
              metadata: { orderId, splitId, operationId: key },
            },
            { idempotencyKey: key },
          ),
        ))
      return { reference: transfer.id }
    },

    async reverseTransfer(reference, { key, orderId, amount, currency, lookUpFirst }) {
      const done = lookUpFirst
        ? (await call('list', (client) => client.transfers.listReversals(reference, { limit: 100 }))).data.find(
            (entry) => entry.metadata?.operationId === key,
          )
        : undefined
      const reversal =
        done ??
        (await call('transfer_reversal', (client) =>
          client.transfers.createReversal(
            reference,
            { amount: toStripe(amount, currency), metadata: { orderId, operationId: key } },
            { idempotencyKey: key },
          ),
        ))
      return { reference: reversal.id }
    },

    async readWebhook(rawBody, headers) {
      const header = headers.get('stripe-signature')
      if (!header) throw new ApiError('invalid_signature')
      const { webhooks } = await stripe()
      for (const secret of settings.webhookSecrets) {
        let event: Stripe.Event
        try {
          event = webhooks.constructEvent(rawBody, header, secret, 300)
        } catch {
          continue
        }
        const object = event.data.object as unknown as EventObject
        return {
          eventId: event.id,
          account: event.account ?? '',
          type: event.type,
          reference: paymentReference(object),
          chargeId: object.metadata?.chargeId,
          occurredAt: new Date(event.created * 1000),
          body: object as unknown as Record<string, unknown>,
          liveMode: event.livemode,
          relevant: relevant(event.type),
          echo: echoing.has(event.type) && Boolean(object.payment_intent),
        }
      }
      throw new ApiError('invalid_signature')
    },

    observe: ({ type, body, currency }) => observeEvent(type, body, currency),
  }
}

type EventObject = {
  id: string
  object: string
  metadata?: Record<string, string>
  payment_intent?: string | { id: string } | null
}

/** The PaymentIntent an event is about; transfers name the order by their group instead. */
function paymentReference(object: EventObject): string | undefined {
  if (object.object === 'payment_intent') return object.id
  const intent = object.payment_intent
  return typeof intent === 'string' ? intent : intent?.id
}

type IntentBody = {
  status: string
  amount: number
  amount_capturable: number
  amount_received: number
  latest_charge: string | { id: string } | null
  last_payment_error: { code?: string; decline_code?: string; message?: string } | null
  review: string | { id: string } | null
}

/** https://docs.stripe.com/payments/paymentintents/lifecycle */
function observeIntent(intent: IntentBody, currency: string): ChargeObservation {
  const chargeId = typeof intent.latest_charge === 'string' ? intent.latest_charge : intent.latest_charge?.id
  const observation: ChargeObservation = {
    kind: 'charge',
    state: 'pending',
    awaitingBuyer: intent.status === 'requires_action' || intent.status === 'processing',
    providerChargeId: chargeId,
    inReview: Boolean(intent.review),
  }
  switch (intent.status) {
    case 'succeeded':
      return { ...observation, state: 'complete', capturedAmount: fromStripe(intent.amount_received, currency) }
    case 'requires_capture':
      return { ...observation, state: 'capturable', authorizedAmount: fromStripe(intent.amount_capturable, currency) }
    case 'canceled':
      return { ...observation, state: 'cancelled' }
    case 'requires_payment_method': {
      const error = intent.last_payment_error
      return error
        ? {
            ...observation,
            state: 'failed',
            failureCode: error.decline_code ?? error.code,
            failureMessage: error.message,
          }
        : observation
    }
    default:
      return observation
  }
}

type ChargeBody = {
  id: string
  status: string
  captured: boolean
  amount: number
  amount_captured: number
  failure_code: string | null
  failure_message: string | null
  outcome: { type?: string } | null
  review?: string | null
}

function observeCharge(charge: ChargeBody, currency: string): Observation {
  const observation: ChargeObservation = {
    kind: 'charge',
    state: 'pending',
    awaitingBuyer: false,
    providerChargeId: charge.id,
    inReview: charge.outcome?.type === 'manual_review',
  }
  if (charge.status === 'failed') {
    return {
      ...observation,
      state: 'failed',
      failureCode: charge.failure_code ?? undefined,
      failureMessage: charge.failure_message ?? undefined,
    }
  }
  if (charge.status !== 'succeeded') return { kind: 'nothing' }
  return charge.captured
    ? { ...observation, state: 'complete', capturedAmount: fromStripe(charge.amount_captured, currency) }
    : { ...observation, state: 'capturable', authorizedAmount: fromStripe(charge.amount, currency) }
}

const refundState = (status: string | null) =>
  status === 'succeeded' ? 'complete' : status === 'failed' || status === 'canceled' ? 'failed' : 'pending'

function observeEvent(type: string, body: Record<string, unknown>, currency: string): Observation {
  if (type.startsWith('payment_intent.')) return observeIntent(body as IntentBody, currency)
  if (type.startsWith('charge.dispute.')) {
    const { status } = body as { status: string }
    return { kind: 'dispute', state: status, closed: type === 'charge.dispute.closed' }
  }
  if (type.startsWith('refund.') || type.startsWith('charge.refund.')) {
    const refund = body as { id: string; status: string | null; metadata?: Record<string, string> }
    return {
      kind: 'refund',
      operationId: refund.metadata?.operationId,
      reference: refund.id,
      state: refundState(refund.status),
    }
  }
  if (type.startsWith('charge.')) return observeCharge(body as ChargeBody, currency)
  if (type === 'review.opened') return { kind: 'review', result: 'opened' }
  if (type === 'review.closed') {
    const { closed_reason: reason } = body as { closed_reason: string | null }
    return { kind: 'review', result: reason === 'approved' || reason === 'acknowledged' ? 'approved' : 'rejected' }
  }
  if (type.startsWith('transfer.')) {
    const transfer = body as { id: string; reversed: boolean; metadata?: Record<string, string> }
    return {
      kind: 'transfer',
      operationId: transfer.metadata?.operationId,
      reference: transfer.id,
      reversed: transfer.reversed,
    }
  }
  return { kind: 'nothing' }
}

/** https://docs.stripe.com/error-handling: only 4xx answers are definite. */
function toProviderError(error: unknown): ProviderError {
  const {
    type,
    code,
    decline_code: declineCode,
    statusCode,
    message,
  } = error as {
    type?: string
    code?: string
    decline_code?: string
    statusCode?: number
    message?: string
  }
  switch (type) {
    case 'StripeCardError':
      return new ProviderError('stripe', 'refused', declineCode ?? code ?? 'card_error', {
        publicMessage: message,
        cause: error,
      })
    case 'StripeInvalidRequestError':
      return statusCode === 409
        ? new ProviderError('stripe', 'unknown', code ?? 'conflict', { cause: error })
        : new ProviderError('stripe', 'refused', code ?? 'invalid_request', { cause: error })
    case 'StripeIdempotencyError':
      return new ProviderError('stripe', statusCode === 409 ? 'unknown' : 'refused', code ?? 'idempotency', {
        cause: error,
      })
    case 'StripeRateLimitError':
    case 'StripeAuthenticationError':
    case 'StripePermissionError':
      return new ProviderError('stripe', 'unavailable', code ?? type, { cause: error })
    default:
      return new ProviderError('stripe', 'unknown', code ?? type ?? 'connection', { cause: error })
  }
}
