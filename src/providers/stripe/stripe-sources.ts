import type Stripe from 'stripe'
import { ProviderError } from '../../platform/provider-error.ts'
import type { Authorization, AuthorizeRequest, SourcePayments } from '../source-payments.ts'
import { sourceTypes } from '../source-types.ts'
import type { StripeClient } from './stripe-client.ts'
import { findIntent } from './stripe-look-up.ts'
import { attachMethod, detachMethod, readMethod } from './stripe-methods.ts'
import { nextActionOf } from './stripe-next-action.ts'
import { type IntentBody, observeIntent, setupReport } from './stripe-observations.ts'
import { intentParams, stripeTypes } from './stripe-source-params.ts'

type Connection = Pick<StripeClient, 'call'>

/** Payment with stored cards, vouchers, bank transfers and the buyer's bank, through PaymentIntents confirmed by us. */
export function createStripeSources(connection: StripeClient): SourcePayments {
  return {
    createCustomer: (request) => createCustomer(connection, request),
    authorize: (request) => authorize(connection, request),
    async find(chargeId) {
      return (await findIntent(connection, chargeId))?.id
    },
    refresh: (reference, currency) => refresh(connection, reference, currency),
    readMethod: (paymentMethod) => readMethod(connection, paymentMethod),
    attach: (paymentMethod, customer, key) => attachMethod(connection, paymentMethod, customer, key),
    detach: (paymentMethod, key) => detachMethod(connection, paymentMethod, key),
    createSetup: (request) => createSetup(connection, request),
    async readSetup(reference) {
      return setupReport(await connection.call('setup_intent', (client) => client.setupIntents.retrieve(reference)))
    },
    observeSetup: ({ body }) => setupReport(body as Parameters<typeof setupReport>[0]),
  }
}

async function createCustomer(
  { call }: Connection,
  { key, customerId, email, name }: Parameters<SourcePayments['createCustomer']>[0],
): Promise<{ reference: string }> {
  const params: Stripe.CustomerCreateParams = {
    ...(email ? { email } : {}),
    ...(name ? { name } : {}),
    metadata: { customerId },
  }
  const customer = await call('customer', (client) => client.customers.create(params, { idempotencyKey: key }))
  return { reference: customer.id }
}

async function authorize(connection: Connection, request: AuthorizeRequest): Promise<Authorization> {
  const customer = await payingCustomer(connection, request)
  try {
    const intent = await connection.call('payment_intent', (client) =>
      client.paymentIntents.create(intentParams(request, customer), { idempotencyKey: request.chargeId }),
    )
    return authorizationOf(intent, request.currency)
  } catch (error) {
    const declined = declinedIntent(error)
    if (declined) return authorizationOf(declined, request.currency)
    throw error
  }
}

/** Bank transfers go to an account that belongs to a customer, so a guest becomes one for this charge. */
async function payingCustomer(
  connection: Connection,
  { customer, type, chargeId, orderId, owner }: AuthorizeRequest,
): Promise<string | undefined> {
  if (customer !== undefined || type !== 'wireTransfer') return customer
  const guest = { key: `${chargeId}-customer`, customerId: orderId, email: owner.email, name: owner.name }
  return (await createCustomer(connection, guest)).reference
}

async function refresh({ call }: Connection, reference: string, currency: string): Promise<Authorization> {
  const intent = await call('payment_intent', (client) =>
    client.paymentIntents.retrieve(reference, { expand: ['latest_charge'] }),
  )
  return authorizationOf(intent, currency)
}

async function createSetup(
  { call }: Connection,
  { key, customer, type }: Parameters<SourcePayments['createSetup']>[0],
): Promise<{ reference: string; clientSecret: string }> {
  if (!sourceTypes[type].reusable) throw new ProviderError('stripe', 'refused', 'source_not_reusable')
  const params: Stripe.SetupIntentCreateParams = {
    ...(customer ? { customer } : {}),
    allowed_payment_method_types: [stripeTypes[type]],
    usage: 'off_session',
  }
  const setup = await call('setup_intent', (client) => client.setupIntents.create(params, { idempotencyKey: key }))
  return { reference: setup.id, clientSecret: setup.client_secret ?? '' }
}

const authorizationOf = (intent: Stripe.PaymentIntent, currency: string): Authorization => ({
  reference: intent.id,
  clientSecret: intent.client_secret ?? undefined,
  observation: observeIntent(intent as IntentBody),
  nextAction: nextActionOf(intent.next_action, currency),
})

/** A refusal that left a payment behind is an answer: the card was asked and said no. */
function declinedIntent(error: unknown): Stripe.PaymentIntent | undefined {
  if (!(error instanceof ProviderError) || error.outcome !== 'refused') return undefined
  const { payment_intent: intent } = error.cause as { payment_intent?: Stripe.PaymentIntent }
  return intent?.status === 'requires_payment_method' && intent.last_payment_error ? intent : undefined
}
