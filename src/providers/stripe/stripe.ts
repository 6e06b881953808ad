import type Stripe from 'stripe'
import type { z } from 'zod'
import { alwaysClosed, type Breaker } from '../../platform/breakers.ts'
import type { Config } from '../../platform/config.ts'
import { ApiError } from '../../platform/errors.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import { readSignedJson } from '../../platform/signed-json.ts'
import type { ChargeObservation, MoneyCall, PaymentProvider, ProviderEvent, RefundReport } from '../provider.ts'
import { encodeMetadata } from '../split-metadata.ts'
import { fromStripe, toStripe } from './stripe-amounts.ts'
import { createStripeClient } from './stripe-client.ts'
import { stripeEventSchema } from './stripe-event-schema.ts'
import { underKey } from './stripe-keys.ts'
import { findInList, findIntent, readList } from './stripe-look-up.ts'
import {
  type IntentBody,
  isRelevant,
  observeEvent,
  observeIntent,
  refundReport,
  restsAtStripe,
  seenRefund,
  seenReversal,
  subjectReference,
} from './stripe-observations.ts'
import { createStripeRecovery } from './stripe-recovery.ts'
import { createStripeSources } from './stripe-sources.ts'

/** The key of a PaymentIntent's metadata that names the capture which changed it last. */
const lastCapture = 'lastCapture'

const readIntent = (intent: Stripe.PaymentIntent): ChargeObservation => observeIntent(intent as IntentBody)

function customerOf({ customer }: Stripe.PaymentIntent): string {
  const id = typeof customer === 'string' ? customer : customer?.id
  if (!id) throw new ProviderError('stripe', 'refused', 'customer_missing')
  return id
}

/** What was done under our key. @throws ProviderError `refused` when it was another amount: the books do not know of it, a person has to */
function ofAmount<T extends { amount: number }>(amount: number, done: T | undefined): T | undefined {
  if (done && done.amount !== amount) throw new ProviderError('stripe', 'refused', 'done_with_another_amount')
  return done
}

/** What becomes of a charge is told by its PaymentIntent, too: `succeeded`, `amount_capturable_updated` or `payment_failed`. */
const echoing: ReadonlySet<string> = new Set(['charge.succeeded', 'charge.failed', 'charge.captured'])

export function createStripeProvider(
  settings: NonNullable<Config['stripe']>,
  timeoutMs: number,
  breaker: Breaker = alwaysClosed,
): PaymentProvider {
  const connection = createStripeClient(settings, timeoutMs, breaker)
  const { call } = connection

  const retrieveIntent = (reference: string) =>
    call('payment_intent', (client) => client.paymentIntents.retrieve(reference))
  const retrieveWithCharge = (reference: string) =>
    call('payment_intent', (client) => client.paymentIntents.retrieve(reference, { expand: ['latest_charge'] }))

  const intentAfterRefusal = async (reference: string, error: unknown): Promise<Stripe.PaymentIntent> => {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    return retrieveIntent(reference)
  }

  /** Sends money that a bank transfer left in the buyer's balance at Stripe on to their bank. */
  const returnToBank = async (intent: Stripe.PaymentIntent, request: MoneyCall): Promise<RefundReport> => {
    const { key, orderId, amount, currency } = request
    const params: Stripe.RefundCreateParams = {
      origin: 'customer_balance',
      customer: customerOf(intent),
      amount: toStripe(amount, currency),
      currency: currency.toLowerCase(),
      metadata: { orderId, operationId: key },
    }
    // Of no payment: it is found among all that were given since the payment was made.
    const returned = () =>
      findInList(
        connection,
        (client, page) => client.refunds.list({ created: { gte: intent.created }, ...page }),
        (entry) => entry.metadata?.operationId === key && !entry.payment_intent,
      )
    const refund =
      (request.lookUpFirst ? await returned() : undefined) ??
      (await underKey(
        `${key}-to-bank`,
        (idempotencyKey) => call('refund', (client) => client.refunds.create(params, { idempotencyKey })),
        returned,
      ))
    return refundReport(refund)
  }

  /** Giving up a bank transfer that was paid in part leaves that part in the buyer's balance: it is theirs. */
  const returnFunds = async (intent: Stripe.PaymentIntent, cancellation: MoneyCall): Promise<void> => {
    if (intent.status !== 'canceled' || !intent.payment_method_types.includes('customer_balance')) return
    const moves = await call('list', (client) =>
      client.customers.listCashBalanceTransactions(customerOf(intent), { limit: 100 }),
    )
    const back = moves.data.find(({ unapplied_from_payment: unapplied }) => unapplied?.payment_intent === intent.id)
    const currency = intent.currency.toUpperCase()
    if (back) await returnToBank(intent, { ...cancellation, currency, amount: fromStripe(back.net_amount, currency) })
  }

  const findTransfer = async ({ key, orderId, amount, currency }: Omit<MoneyCall, 'lookUpFirst'>) =>
    ofAmount(
      toStripe(amount, currency),
      await findInList(
        connection,
        (client, page) => client.transfers.list({ transfer_group: orderId, ...page }),
        (entry) => entry.metadata.operationId === key,
      ),
    )

  return {
    name: 'stripe',
    settlement: 'live',
    sources: createStripeSources(connection),
    recovery: createStripeRecovery(connection, (event) => {
      const read = stripeEventSchema.safeParse(event)
      return read.success ? toProviderEvent(read.data) : undefined
    }),

    async createIntent(request) {
      const known = request.lookUpFirst ? await findIntent(connection, request.chargeId) : undefined
      if (known) return { reference: known.id, clientSecret: known.client_secret ?? undefined }
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
      return readIntent(await retrieveWithCharge(reference))
    },

    async cancel(reference, request) {
      const ended = async () => {
        const intent = await retrieveIntent(reference)
        return ['canceled', 'succeeded'].includes(intent.status) ? intent : undefined
      }
      const intent = await underKey(
        request.key,
        (idempotencyKey) =>
          call('payment_intent', (client) => client.paymentIntents.cancel(reference, {}, { idempotencyKey })),
        ended,
      ).catch((error: unknown) => intentAfterRefusal(reference, error))
      await returnFunds(intent, request)
      return readIntent(intent)
    },

    async capture(reference, { key, amount, currency, final, lookUpFirst }) {
      // One capture of several leaves no object of its own: the payment remembers the last one that succeeded.
      const parts = final === undefined ? {} : { final_capture: final }
      const captured = async () => {
        const intent = await retrieveIntent(reference)
        const done = intent.metadata[lastCapture] === key || intent.status !== 'requires_capture'
        return done ? intent : undefined
      }
      const params = { amount_to_capture: toStripe(amount, currency), metadata: { [lastCapture]: key }, ...parts }
      const intent =
        (lookUpFirst ? await captured() : undefined) ??
        (await underKey(
          key,
          (idempotencyKey) =>
            call('payment_intent', (client) => client.paymentIntents.capture(reference, params, { idempotencyKey })),
          captured,
        ).catch((error: unknown) => intentAfterRefusal(reference, error)))
      return readIntent(intent)
    },

    async refund(reference, request) {
      const { key, orderId, amount, currency, lookUpFirst } = request
      const given = async () =>
        ofAmount(
          toStripe(amount, currency),
          await findInList(
            connection,
            (client, page) => client.refunds.list({ payment_intent: reference, ...page }),
            (entry) => entry.metadata?.operationId === key,
          ),
        )
      const params = {
        payment_intent: reference,
        amount: toStripe(amount, currency),
        metadata: { orderId, operationId: key },
      }
      const refund =
        (lookUpFirst ? await given() : undefined) ??
        (await underKey(
          key,
          (idempotencyKey) => call('refund', (client) => client.refunds.create(params, { idempotencyKey })),
          given,
        ))
      return restsAtStripe(refund) ? returnToBank(await retrieveIntent(reference), request) : refundReport(refund)
    },

    async listRefunds(reference) {
      const refunds = await readList(connection, (client, page) =>
        client.refunds.list({ payment_intent: reference, ...page }),
      )
      return refunds.filter((refund) => !(restsAtStripe(refund) && refund.metadata?.operationId)).map(seenRefund)
    },

    async listReversals(reference) {
      const reversals = await readList(connection, (client, page) => client.transfers.listReversals(reference, page))
      return reversals.map(seenReversal)
    },

    async retrieveRefund(reference) {
      return refundReport(await call('refund', (client) => client.refunds.retrieve(reference)))
    },

    async transfer({
      key,
      orderId,
      amount,
      currency,
      destination,
      providerChargeId,
      splitId,
      lookUpFirst,
      fromBalance,
    }) {
      const made = () => findTransfer({ key, orderId, amount, currency })
      const params = {
        amount: toStripe(amount, currency),
        currency: currency.toLowerCase(),
        destination,
        // Stripe refuses to draw transfers on a charge that is captured in parts.
        ...(fromBalance ? {} : { source_transaction: providerChargeId }),
        transfer_group: orderId,
        metadata: { orderId, splitId, operationId: key },
      }
      const transfer =
        (lookUpFirst ? await made() : undefined) ??
        (await underKey(
          key,
          (idempotencyKey) => call('transfer', (client) => client.transfers.create(params, { idempotencyKey })),
          made,
        ))
      return { reference: transfer.id }
    },

    async findTransfer(request) {
      const transfer = await findTransfer(request)
      return transfer && { reference: transfer.id }
    },

    async reverseTransfer(reference, { key, orderId, amount, currency, lookUpFirst }) {
      const made = async () =>
        ofAmount(
          toStripe(amount, currency),
          await findInList(
            connection,
            (client, page) => client.transfers.listReversals(reference, page),
            (entry) => entry.metadata?.operationId === key,
          ),
        )
      const params = { amount: toStripe(amount, currency), metadata: { orderId, operationId: key } }
      const reversal =
        (lookUpFirst ? await made() : undefined) ??
        (await underKey(
          key,
          (idempotencyKey) =>
            call('transfer_reversal', (client) =>
              client.transfers.createReversal(reference, params, { idempotencyKey }),
            ),
          made,
        ))
      return { reference: reversal.id }
    },

    async readWebhook(rawBody, headers) {
      const header = headers.get('stripe-signature')
      if (!header) throw new ApiError('invalid_signature')
      const { webhooks } = await connection.sdk()
      const isSigned = settings.webhookSecrets.some((secret) => {
        try {
          return webhooks.signature?.verifyHeader(rawBody, header, secret, 300)
        } catch {
          return false
        }
      })
      if (!isSigned) throw new ApiError('invalid_signature')
      const event = readSignedJson(rawBody, stripeEventSchema)
      return toProviderEvent(event)
    },

    observe: ({ type, body }) => observeEvent(type, body),
  }
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
