import { invalidParameter, invalidState } from './errors.ts'
import type { Intent, Method } from './state.ts'

/** The kinds of payment method that this Stripe account has switched on. */
export const methodKinds = ['card', 'link', 'konbini', 'customer_balance', 'bancontact'] as const
export type MethodKind = (typeof methodKinds)[number]

type Rules = {
  manualCapture: boolean
  /** May be kept for later with a SetupIntent. */
  setup: boolean
  currencies?: readonly string[]
  least?: number
  most?: number
  /** What the billing details must say. */
  needs?: readonly ('email' | 'name')[]
}

const rules: Record<MethodKind, Rules> = {
  card: { manualCapture: true, setup: true },
  link: { manualCapture: true, setup: true },
  konbini: { manualCapture: false, setup: false, currencies: ['jpy'], least: 120, most: 300_000, needs: ['email'] },
  customer_balance: { manualCapture: false, setup: false, currencies: ['eur', 'gbp', 'jpy', 'mxn', 'usd'] },
  bancontact: { manualCapture: false, setup: false, currencies: ['eur'], needs: ['name'] },
}

/** The kind of that name, or Stripe's refusal. */
export function kindOf(name: string, param: string): MethodKind {
  const kind = methodKinds.find((known) => known === name)
  if (kind) return kind
  const message = `The payment method type provided: ${name} is invalid. Please ensure the provided type is activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features that you are trying to use.`
  throw invalidParameter(message, param, 'payment_intent_invalid_parameter')
}

type Terms = Pick<Intent, 'amount' | 'currency' | 'capture_method' | 'payment_method_options'>

/** Refuses terms under which a kind cannot be paid with. */
export function requireTerms(terms: Terms, kind: MethodKind, param: string): void {
  const { manualCapture, currencies, least, most } = rules[kind]
  if (!manualCapture && terms.capture_method === 'manual') {
    const message = `The payment method type ${kind} does not support manual capture. Set \`capture_method\` to automatic or automatic_async.`
    throw invalidParameter(message, 'capture_method', 'payment_intent_invalid_parameter')
  }
  if (currencies && !currencies.includes(terms.currency)) {
    const message = `The currency provided (${terms.currency}) is invalid for one or more of the payment method types on this PaymentIntent. ${kind} takes: ${currencies.join(', ')}.`
    throw invalidParameter(message, param, 'payment_method_currency_mismatch')
  }
  if (least !== undefined && terms.amount < least)
    throw invalidParameter(
      `Amount must be at least ${least} ${terms.currency} for ${kind}.`,
      'amount',
      'amount_too_small',
    )
  if (most !== undefined && terms.amount > most)
    throw invalidParameter(
      `Amount must be no more than ${most} ${terms.currency} for ${kind}.`,
      'amount',
      'amount_too_large',
    )
}

/** Refuses a payment method that the intent does not take, or that does not say enough about its owner. */
export function requireFit(intent: Intent, method: Method): void {
  if (!intent.payment_method_types.includes(method.type)) {
    const message = `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of the following types: ${intent.payment_method_types.join(', ')}.`
    throw invalidParameter(message, 'payment_method', 'payment_intent_incompatible_payment_method')
  }
  const kind = kindOf(method.type, 'payment_method')
  requireTerms(intent, kind, 'payment_method')
  for (const field of rules[kind].needs ?? []) {
    if (method.billing_details[field]) continue
    const param = `billing_details[${field}]`
    throw invalidParameter(`Missing required param: ${param}.`, param, 'parameter_missing')
  }
  if (kind === 'customer_balance' && intent.customer === null) {
    const message = 'You must provide a customer to pay with a payment method of the type customer_balance.'
    throw invalidParameter(message, 'customer', 'parameter_missing')
  }
}

/** Refuses to keep a kind for later that is used up with one payment. */
export function requireKeepable(name: string): void {
  if (rules[kindOf(name, 'payment_method_types')].setup) return
  throw invalidState(`The payment method type ${name} cannot be saved for future use.`, {
    code: 'payment_method_unsupported_type',
  })
}
