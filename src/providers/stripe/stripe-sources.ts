import type Stripe from 'stripe'
import { ProviderError } from '../../platform/provider-error.ts'
import type { Authorization, AuthorizeRequest, Payer, SourcePayments } from '../provider.ts'
import { type SourceType, sourceTypes } from '../source-types.ts'
import { encodeMetadata } from '../split-metadata.ts'
import { toStripe } from './stripe-amounts.ts'
import type { StripeClient } from './stripe-client.ts'
import { findIntent } from './stripe-look-up.ts'
import { nextActionOf } from './stripe-next-action.ts'
import { type IntentBody, observeIntent, setupReport } from './stripe-observations.ts'

const stripeTypes = {
  creditCard: 'card',
  konbini: 'konbini',
  wireTransfer: 'customer_balance',
  bancontact: 'bancontact',
} as const satisfies Record<SourceType, Stripe.PaymentIntentCreateParams.AllowedPaymentMethodType>

const daySeconds = 86_400
const mostVoucherDays = 60

/** The countries in which Stripe opens euro accounts for buyers; others are sent to the first. */
const euroAccountCountries = ['IE', 'DE', 'FR', 'NL']

const bankTransferTypes: Record<string, string> = {
  EUR: 'eu_bank_transfer',
  GBP: 'gb_bank_transfer',
  JPY: 'jp_bank_transfer',
  MXN: 'mx_bank_transfer',
  USD: 'us_bank_transfer',
}

/** Payment with stored cards, vouchers, bank transfers and the buyer's bank, through PaymentIntents confirmed by us. */
export function createStripeSources({ call }: StripeClient): SourcePayments {
  const createCustomer: SourcePayments['createCustomer'] = async ({ key, customerId, email, name }) => {
    const params: Stripe.CustomerCreateParams = {
      ...(email ? { email } : {}),
      ...(name ? { name } : {}),
      metadata: { customerId },
    }
    const customer = await call('customer', (client) => client.customers.create(params, { idempotencyKey: key }))
    return { reference: customer.id }
  }

  return {
    createCustomer,

    async authorize(request) {
      // Bank transfers go to an account that belongs to a customer, so a guest becomes one for this charge.
      const customer =
        request.customer ??
        (request.type === 'wireTransfer'
          ? (
              await createCustomer({
                key: `${request.chargeId}-customer`,
                customerId: request.orderId,
                email: request.owner.email,
                name: request.owner.name,
              })
            ).reference
          : undefined)
      try {
        const intent = await call('payment_intent', (client) =>
          client.paymentIntents.create(intentParams(request, customer), { idempotencyKey: request.chargeId }),
        )
        return authorizationOf(intent, request.currency)
      } catch (error) {
        const declined = declinedIntent(error)
        if (declined) return authorizationOf(declined, request.currency)
        throw error
      }
    },

    async find(chargeId) {
      return (await findIntent({ call }, chargeId))?.id
    },

    async refresh(reference, currency) {
      const intent = await call('payment_intent', (client) =>
        client.paymentIntents.retrieve(reference, { expand: ['latest_charge'] }),
      )
      return authorizationOf(intent, currency)
    },

    async readMethod(paymentMethod) {
      const method = await call('payment_method', (client) => client.paymentMethods.retrieve(paymentMethod))
      const type = Object.entries(stripeTypes).find(([, known]) => known === method.type)?.[0] as SourceType | undefined
      if (!type) throw new ProviderError('stripe', 'refused', 'unsupported_source_type')
      return {
        reference: method.id,
        type,
        details: method.card ? cardDetails(method.card) : {},
        fingerprint: method.card?.fingerprint ?? undefined,
        owner: ownerOf(method.billing_details),
        customer: typeof method.customer === 'string' ? method.customer : method.customer?.id,
      }
    },

    async attach(paymentMethod, customer, key) {
      await call('payment_method', (client) =>
        client.paymentMethods.attach(paymentMethod, { customer }, { idempotencyKey: key }),
      )
    },

    async detach(paymentMethod, key) {
      try {
        await call('payment_method', (client) =>
          client.paymentMethods.detach(paymentMethod, {}, { idempotencyKey: key }),
        )
      } catch (error) {
        if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
        const method = await call('payment_method', (client) => client.paymentMethods.retrieve(paymentMethod))
        if (method.customer !== null) throw error
      }
    },

    async createSetup({ key, customer, type }) {
      if (!sourceTypes[type].reusable) throw new ProviderError('stripe', 'refused', 'source_not_reusable')
      const params: Stripe.SetupIntentCreateParams = {
        ...(customer ? { customer } : {}),
        allowed_payment_method_types: [stripeTypes[type]],
        usage: 'off_session',
      }
      const setup = await call('setup_intent', (client) => client.setupIntents.create(params, { idempotencyKey: key }))
      return { reference: setup.id, clientSecret: setup.client_secret ?? '' }
    },

    async readSetup(reference) {
      return setupReport(await call('setup_intent', (client) => client.setupIntents.retrieve(reference)))
    },

    observeSetup: ({ body }) => setupReport(body as Parameters<typeof setupReport>[0]),
  }
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

/** The same request always makes the same parameters: Stripe refuses a key that comes back with others. */
function intentParams(request: AuthorizeRequest, customer: string | undefined): Stripe.PaymentIntentCreateParams {
  const { type, capture, offSession, currency } = request
  const manual = capture === 'manual' && sourceTypes[type].manualCapture
  return {
    amount: toStripe(request.amount, currency),
    currency: currency.toLowerCase(),
    allowed_payment_method_types: [stripeTypes[type]],
    capture_method: manual ? 'manual' : 'automatic',
    confirm: true,
    ...(customer ? { customer } : {}),
    ...meansOf(request),
    payment_method_options: optionsOf(request, manual && request.multicapture === true),
    ...(offSession ? { off_session: true } : { return_url: request.returnUrl }),
    metadata: encodeMetadata(request.orderId, request.chargeId, request.splits),
    transfer_group: request.orderId,
    expand: ['latest_charge'],
  }
}

function meansOf({ type, paymentMethod, owner }: AuthorizeRequest): Partial<Stripe.PaymentIntentCreateParams> {
  if (paymentMethod) return { payment_method: paymentMethod }
  if (type === 'creditCard') throw new ProviderError('stripe', 'refused', 'payment_method_missing')
  return { payment_method_data: { type: stripeTypes[type], billing_details: billingDetails(owner) } }
}

function billingDetails({ name, email, phone, address }: Payer) {
  const { line1, line2, city, state, postalCode, country } = address ?? {}
  return {
    email,
    ...(name ? { name } : {}),
    ...(phone ? { phone } : {}),
    ...(address
      ? {
          address: {
            ...(line1 ? { line1 } : {}),
            ...(line2 ? { line2 } : {}),
            ...(city ? { city } : {}),
            ...(state ? { state } : {}),
            ...(postalCode ? { postal_code: postalCode } : {}),
            ...(country ? { country } : {}),
          },
        }
      : {}),
  }
}

function optionsOf(
  { type, currency, owner, expiresInSeconds }: AuthorizeRequest,
  multicapture: boolean,
): Stripe.PaymentIntentCreateParams.PaymentMethodOptions {
  switch (type) {
    case 'creditCard':
      return { card: multicapture ? { request_multicapture: 'if_available' } : {} }
    case 'konbini': {
      // Whole days and not a moment: a moment would differ between two sendings of the same request.
      const days = Math.min(mostVoucherDays, Math.max(1, Math.ceil(expiresInSeconds / daySeconds)))
      return { konbini: { expires_after_days: days } }
    }
    case 'wireTransfer': {
      const home = owner.address?.country ?? ''
      const country = euroAccountCountries.includes(home) ? home : 'IE'
      const transferType = bankTransferTypes[currency]
      if (!transferType) throw new ProviderError('stripe', 'refused', 'currency_not_supported')
      return {
        customer_balance: {
          funding_type: 'bank_transfer',
          bank_transfer: {
            type: transferType,
            ...(currency === 'EUR' ? { eu_bank_transfer: { country } } : {}),
          },
        },
      }
    }
    case 'bancontact':
      return { bancontact: { preferred_language: 'en' } }
  }
}

const brands: Record<string, string> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'MasterCard',
  unionpay: 'UnionPay',
  visa: 'Visa',
}

/** In Digital River's field names. */
const cardDetails = (card: Stripe.PaymentMethod.Card): Record<string, unknown> => ({
  brand: brands[card.brand] ?? card.brand,
  lastFourDigits: card.last4,
  expirationMonth: card.exp_month,
  expirationYear: card.exp_year,
  fundingSource: card.funding,
})

function ownerOf(details: Stripe.PaymentMethod.BillingDetails): Partial<Payer> {
  const { name, email, phone, address } = details
  return {
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(phone ? { phone } : {}),
    ...(address?.country || address?.line1
      ? {
          address: {
            line1: address.line1 ?? undefined,
            line2: address.line2 ?? undefined,
            city: address.city ?? undefined,
            state: address.state ?? undefined,
            postalCode: address.postal_code ?? undefined,
            country: address.country ?? undefined,
          },
        }
      : {}),
  }
}
