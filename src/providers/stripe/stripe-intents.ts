import type Stripe from 'stripe'
import { ProviderError } from '../../platform/provider-error.ts'
import type { ChargeObservation } from '../observations.ts'
import type { Intent, IntentRequest, MoneyCall } from '../provider.ts'
import { encodeMetadata } from '../split-metadata.ts'
import { toStripe } from './stripe-amounts.ts'
import { returnFunds } from './stripe-bank-returns.ts'
import type { StripeClient } from './stripe-client.ts'
import { underKey } from './stripe-keys.ts'
import { findIntent } from './stripe-look-up.ts'
import { type IntentBody, observeIntent } from './stripe-observations.ts'

type Connection = Pick<StripeClient, 'call'>

/** The key of a PaymentIntent's metadata that names the capture which changed it last. */
const lastCapture = 'lastCapture'

/** Asks for a payment under its charge; asking again returns the same one. @throws ProviderError */
export async function createIntent(connection: Connection, request: IntentRequest): Promise<Intent> {
  const known = request.lookUpFirst ? await findIntent(connection, request.chargeId) : undefined
  if (known) return { reference: known.id, clientSecret: known.client_secret ?? undefined }
  const intent = await connection.call('payment_intent', (client) =>
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
}

/** Stripe's present truth about a payment, with its charge. @throws ProviderError */
export async function observePayment({ call }: Connection, reference: string): Promise<ChargeObservation> {
  return observeRead(
    await call('payment_intent', (client) => client.paymentIntents.retrieve(reference, { expand: ['latest_charge'] })),
  )
}

/** Gives up a payment that is not captured. Returns what is true afterwards, which may be that it succeeded. @throws ProviderError */
export async function cancelIntent(
  connection: Connection,
  reference: string,
  request: MoneyCall,
): Promise<ChargeObservation> {
  const { call } = connection
  const ended = async () => {
    const intent = await retrieveIntent(connection, reference)
    return ['canceled', 'succeeded'].includes(intent.status) ? intent : undefined
  }
  const intent = await underKey(
    request.key,
    (idempotencyKey) =>
      call('payment_intent', (client) => client.paymentIntents.cancel(reference, {}, { idempotencyKey })),
    ended,
  ).catch((error: unknown) => intentAfterRefusal(connection, reference, error))
  await returnFunds(connection, intent, request)
  return observeRead(intent)
}

/** Takes held money, wholly or in part. Returns what is true afterwards. @throws ProviderError */
export async function captureIntent(
  connection: Connection,
  reference: string,
  { key, amount, currency, final, lookUpFirst }: MoneyCall,
): Promise<ChargeObservation> {
  const { call } = connection
  // One capture of several leaves no object of its own: the payment remembers the last one that succeeded.
  const parts = final === undefined ? {} : { final_capture: final }
  const captured = async () => {
    const intent = await retrieveIntent(connection, reference)
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
    ).catch((error: unknown) => intentAfterRefusal(connection, reference, error)))
  return observeRead(intent)
}

const retrieveIntent = ({ call }: Connection, reference: string): Promise<Stripe.PaymentIntent> =>
  call('payment_intent', (client) => client.paymentIntents.retrieve(reference))

async function intentAfterRefusal(
  connection: Connection,
  reference: string,
  error: unknown,
): Promise<Stripe.PaymentIntent> {
  if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
  return retrieveIntent(connection, reference)
}

const observeRead = (intent: Stripe.PaymentIntent): ChargeObservation => observeIntent(intent as IntentBody)
