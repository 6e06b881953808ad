import type Stripe from 'stripe'
import { ProviderError } from '../../platform/provider-error.ts'
import type { AuthorizeRequest, Payer } from '../source-payments.ts'
import { type SourceType, sourceTypes } from '../source-types.ts'
import { encodeMetadata } from '../split-metadata.ts'
import { toStripe } from './stripe-amounts.ts'

/** What Stripe calls our types. */
export const stripeTypes = {
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

/** The same request always makes the same parameters: Stripe refuses a key that comes back with others. */
export function intentParams(
  request: AuthorizeRequest,
  customer: string | undefined,
): Stripe.PaymentIntentCreateParams {
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
