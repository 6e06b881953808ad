import type { Stripe } from 'stripe'
import { methodOptions } from './method-options.ts'
import { choice, flag, hash, type Params, text, texts } from './params.ts'

const shared = [
  'allowed_payment_method_types',
  'amount_details',
  'capture_method',
  'excluded_payment_method_types',
  'expand',
  'hooks',
  'payment_details',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'payment_method_types',
  'receipt_email',
  'setup_future_usage',
  'shipping',
]
const atRest = [
  'amount',
  'application_fee_amount',
  'currency',
  'customer',
  'customer_account',
  'description',
  'metadata',
  'payment_method_configuration',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_data',
  'transfer_group',
]
const atConfirmation = [
  'error_on_requires_action',
  'mandate',
  'mandate_data',
  'off_session',
  'radar_options',
  'return_url',
  'use_stripe_sdk',
]

/** What each endpoint takes; anything else is refused as unknown. */
export const updateParams: ReadonlySet<string> = new Set([...shared, ...atRest])
export const confirmParams: ReadonlySet<string> = new Set([
  ...shared,
  ...atConfirmation,
  'amount_to_confirm',
  'client_secret',
  'confirmation_token',
])
export const intentParams: ReadonlySet<string> = new Set([
  ...updateParams,
  ...atConfirmation,
  'automatic_payment_methods',
  'confirm',
  'confirmation_method',
  'confirmation_token',
  'on_behalf_of',
])

/** The settings of an intent that are read the same way at creation, update and confirmation. */
export function settings(params: Params) {
  const types = texts(params, 'allowed_payment_method_types') ?? texts(params, 'payment_method_types')
  return {
    payment_method_types: types,
    automatic_payment_methods: types ? null : automatic(hash(params, 'automatic_payment_methods')),
    capture_method: choice(params, 'capture_method', ['automatic', 'automatic_async', 'manual']) ?? 'automatic_async',
    confirmation_method: choice(params, 'confirmation_method', ['automatic', 'manual']) ?? 'automatic',
    description: text(params, 'description') ?? null,
    payment_method_options: methodOptions(hash(params, 'payment_method_options'), types ?? ['card']),
    receipt_email: text(params, 'receipt_email') ?? null,
    setup_future_usage: choice(params, 'setup_future_usage', ['off_session', 'on_session']) ?? null,
    shipping: params.shipping === undefined ? null : shippingOf(hash(params, 'shipping')),
    statement_descriptor_suffix: text(params, 'statement_descriptor_suffix') ?? null,
    transfer_group: text(params, 'transfer_group') ?? null,
  } satisfies Record<string, unknown>
}

function automatic(params: Params): Stripe.PaymentIntent.AutomaticPaymentMethods {
  const allow_redirects = choice(params, 'allow_redirects', ['always', 'never']) ?? 'always'
  return { allow_redirects, enabled: flag(params, 'enabled') ?? true }
}

function shippingOf(params: Params): Stripe.PaymentIntent.Shipping {
  const address = hash(params, 'address')
  const field = (name: string) => text(address, name) ?? null
  return {
    address: {
      city: field('city'),
      country: field('country'),
      line1: field('line1'),
      line2: field('line2'),
      postal_code: field('postal_code'),
      state: field('state'),
    },
    carrier: text(params, 'carrier') ?? null,
    name: text(params, 'name') ?? '',
    phone: text(params, 'phone') ?? null,
    tracking_number: text(params, 'tracking_number') ?? null,
  }
}
