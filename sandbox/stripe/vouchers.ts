import { randomInt } from 'node:crypto'
import type { Stripe } from 'stripe'
import { unixNow } from '../world.ts'
import { type LateSettlement, receivedMoney } from './charges.ts'
import { failIntent, payIntent } from './intent-outcomes.ts'
import { type Cause, itself } from './pipeline.ts'
import type { Intent, StripeState } from './state.ts'

const daySeconds = 86_400
const tokyoOffsetSeconds = 9 * 3_600
const defaultDays = 3

export const voucherStores = ['familymart', 'lawson', 'ministop', 'seicomart'] as const
export type VoucherStore = (typeof voucherStores)[number]

/** The last second of the day in Tokyo that lies the given number of days ahead, as Stripe counts them. */
export function endOfTokyoDay(now: number, days: number): number {
  const day = Math.floor((now + tokyoOffsetSeconds) / daySeconds)
  return (day + days + 1) * daySeconds - tokyoOffsetSeconds - 1
}

const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('')

/** Hands the buyer the numbers to pay with at a convenience store. No money moves until they do. */
export function issueVoucher(state: StripeState, cause: Cause, intent: Intent): void {
  const options = intent.payment_method_options?.konbini
  const confirmation_number = options?.confirmation_number ?? digits(11)
  const numbers = () => ({ confirmation_number, payment_code: digits(6) })
  intent.status = 'requires_action'
  intent.last_payment_error = null
  intent.next_action = {
    type: 'konbini_display_details',
    konbini_display_details: {
      expires_at: options?.expires_at ?? endOfTokyoDay(unixNow(), options?.expires_after_days ?? defaultDays),
      hosted_voucher_url: `${state.world.baseUrl()}/pay/${intent.id}?client_secret=${intent.client_secret}`,
      stores: {
        familymart: numbers(),
        lawson: numbers(),
        ministop: numbers(),
        seicomart: { confirmation_number, payment_code: digits(6) },
      },
    },
  }
  state.emit(cause, 'payment_intent.requires_action', intent)
}

/** The buyer paid at the counter. */
export function payVoucher(
  state: StripeState,
  settlement: LateSettlement,
  intent: Intent,
  chain: VoucherStore = 'familymart',
): boolean {
  const method = state.methods.get(intent.payment_method ?? '')
  if (intent.next_action?.type !== 'konbini_display_details' || !method) return false
  const details: Stripe.Charge.PaymentMethodDetails = { type: 'konbini', konbini: { store: { chain } } }
  payIntent(state, settlement, itself, { intent, method, trial: receivedMoney(details) })
  return true
}

/** Nobody paid in time: the intent waits for another attempt. */
export function expireVoucher(state: StripeState, intent: Intent): boolean {
  const method = state.methods.get(intent.payment_method ?? '')
  if (intent.next_action?.type !== 'konbini_display_details' || !method) return false
  failIntent(state, itself, intent, method, null, {
    code: 'payment_intent_payment_attempt_expired',
    message: 'The Konbini payment instructions have expired. Provide a payment method to try this payment again.',
  })
  return true
}
