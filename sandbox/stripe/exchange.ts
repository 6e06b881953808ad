import { decimalsOf } from './currencies.ts'
import type { StripeState } from './state.ts'

/** Money as it reaches the balance. `exchangeRate` is null where nothing was exchanged. */
export type Settled = { amount: number; currency: string; exchangeRate: number | null }

/** The currency in which money of another one is settled. */
export function settlementCurrency(state: StripeState, currency: string): string {
  const { settlementCurrency: into, exchangeRates } = state.settings.current
  return into !== '' && exchangeRates[currency] !== undefined ? into : currency
}

/** Exchanges an amount at today's rate, rounded half up to the minor unit; the rate is that of whole units. */
export function exchanged(state: StripeState, amount: number, currency: string): Settled {
  const into = settlementCurrency(state, currency)
  const rate = state.settings.current.exchangeRates[currency]
  if (into === currency || rate === undefined) return { amount, currency, exchangeRate: null }
  const scale = 10 ** (decimalsOf(into) - decimalsOf(currency))
  return { amount: Math.round(amount * rate * scale), currency: into, exchangeRate: rate }
}
