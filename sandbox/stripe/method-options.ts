import type { Stripe } from 'stripe'
import { unixNow } from '../world.ts'
import { invalidParameter } from './errors.ts'
import { choice, hash, integer, type Params, requiredText, text, texts } from './params.ts'

type Options = Stripe.PaymentIntent.PaymentMethodOptions

const daySeconds = 86_400
const leastVoucherSeconds = 30 * 60

/** The `payment_method_options` of an intent: what was asked for, completed for each of its payment method types. */
export function methodOptions(params: Params, types: readonly string[]): Options {
  return {
    ...(types.includes('card') ? { card: cardOptions(hash(params, 'card')) } : {}),
    ...(types.includes('konbini') ? { konbini: konbiniOptions(hash(params, 'konbini')) } : {}),
    ...(types.includes('customer_balance')
      ? { customer_balance: balanceOptions(hash(params, 'customer_balance')) }
      : {}),
    ...(types.includes('bancontact') ? { bancontact: { preferred_language: 'en' as const } } : {}),
  }
}

/** The options after an update or a confirmation: those sent replace what was there for their type. */
export function mergedOptions(before: Options | null, params: Params): Options {
  const sent = hash(params, 'payment_method_options')
  return { ...before, ...methodOptions(sent, Object.keys(sent)) }
}

function cardOptions(card: Params): NonNullable<Options['card']> {
  const multicapture = choice(card, 'request_multicapture', ['if_available', 'never'])
  const capture = choice(card, 'capture_method', ['manual'])
  return {
    ...(capture ? { capture_method: capture } : {}),
    installments: null,
    mandate_options: null,
    network: null,
    ...(multicapture ? { request_multicapture: multicapture } : {}),
    request_three_d_secure: choice(card, 'request_three_d_secure', ['any', 'automatic', 'challenge']) ?? 'automatic',
  }
}

function konbiniOptions(konbini: Params): NonNullable<Options['konbini']> {
  const named = (field: string) => `payment_method_options[konbini][${field}]`
  const days = integer(konbini, 'expires_after_days') ?? null
  const at = integer(konbini, 'expires_at') ?? null
  const number = text(konbini, 'confirmation_number') ?? null
  const description = text(konbini, 'product_description') ?? null
  if (days !== null && at !== null)
    throw invalidParameter('Only one of expires_after_days or expires_at may be set.', named('expires_at'))
  if (days !== null && (days < 1 || days > 60))
    throw invalidParameter('expires_after_days must be between 1 and 60.', named('expires_after_days'))
  const ahead = at === null ? daySeconds : at - unixNow()
  if (ahead < leastVoucherSeconds || ahead > 61 * daySeconds)
    throw invalidParameter('expires_at must lie between 30 minutes and 60 days ahead.', named('expires_at'))
  if (number !== null && !/^\d{10,11}$/.test(number))
    throw invalidParameter('confirmation_number must have 10 or 11 digits.', named('confirmation_number'))
  if ((description?.length ?? 0) > 22)
    throw invalidParameter('product_description may have up to 22 characters.', named('product_description'))
  return {
    confirmation_number: number,
    expires_after_days: days,
    expires_at: at,
    product_description: description,
  }
}

function balanceOptions(balance: Params): NonNullable<Options['customer_balance']> {
  const funding_type = choice(balance, 'funding_type', ['bank_transfer']) ?? null
  if (funding_type === null) return { funding_type }
  const transfer = hash(balance, 'bank_transfer')
  const type = requiredText(transfer, 'type')
  const addresses = texts(transfer, 'requested_address_types')
  const asked = addresses ? { requested_address_types: addresses } : {}
  if (type !== 'eu_bank_transfer') return { funding_type, bank_transfer: { ...asked, type } }
  const country = choice(hash(transfer, 'eu_bank_transfer'), 'country', ['DE', 'FR', 'IE', 'NL'])
  if (!country) {
    const param = 'payment_method_options[customer_balance][bank_transfer][eu_bank_transfer][country]'
    throw invalidParameter(`Missing required param: ${param}.`, param, 'parameter_missing')
  }
  return { funding_type, bank_transfer: { ...asked, eu_bank_transfer: { country }, type } }
}
