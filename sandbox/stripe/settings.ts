import { asRecord } from '../http.ts'
import type { Store } from '../store.ts'

/** By currency, in minor units; `any` stands for those that are not named. */
export type ByCurrency = Record<string, number>

/** What an account at Stripe has agreed on, and what a test may want to be different. */
export type StripeSettings = {
  /** Seconds until the money of a charge may be spent. Stripe takes days, except with its card `pm_card_bypassPending`. */
  availableAfterSeconds: number
  /** Stripe's part of an amount in basis points: by where the card comes from, or by the kind of payment. */
  feeBps: Record<'eea' | 'gb' | 'other' | 'bancontact' | 'konbini' | 'customer_balance', number>
  /** What is added to it for every charge and every capture, except of vouchers and bank transfers. */
  flatFees: ByCurrency
  disputeFees: ByCurrency
  /** Whether a dispute that is won gives its fee back, too. */
  disputeFeeReturned: boolean
  /** The currency that everything is exchanged into, e.g. `eur`; empty when each currency is settled as it is. */
  settlementCurrency: string
  /** How many units of the settlement currency one unit of another is worth, e.g. `{ usd: 0.92 }`. */
  exchangeRates: Record<string, number>
  /** Whether a reversal may take more from a connected account than it has. */
  accountsMayOwe: boolean
  /**
   * Whether the capture of a part of an authorization shows as a charge of all of it and a second transaction that
   * takes back what was not captured, as in accounts with that manner of reporting, instead of as one charge of the part.
   */
  partialCaptureReversals: boolean
}

const defaults: StripeSettings = {
  availableAfterSeconds: 0,
  feeBps: { eea: 150, gb: 250, other: 325, bancontact: 140, konbini: 360, customer_balance: 50 },
  flatFees: { any: 25, gbp: 20, usd: 30 },
  disputeFees: { any: 1_500 },
  disputeFeeReturned: false,
  settlementCurrency: '',
  exchangeRates: {},
  accountsMayOwe: false,
  partialCaptureReversals: false,
}

/** The settings of the account, kept in the store; a reset brings the defaults back. */
export class Settings {
  readonly #table

  constructor(store: Store) {
    this.#table = store.table<StripeSettings>('stripe.settings')
  }

  get current(): Readonly<StripeSettings> {
    return { ...defaults, ...this.#table.look('account') }
  }

  /** Changes what is named and keeps the rest. Returns a complaint when a name or a type is wrong. */
  change(wishes: Record<string, unknown>): string | undefined {
    const next: Record<string, unknown> = { ...this.current }
    for (const [name, wish] of Object.entries(wishes)) {
      const before = next[name]
      if (before === undefined) return `There is no setting ${name}`
      if (typeof before !== 'object') {
        if (!fits(before, wish)) return `${name} must be a ${typeof before}`
        next[name] = wish
        continue
      }
      const parts = asRecord(wish)
      for (const [key, part] of Object.entries(parts)) {
        if (!fits(0, part)) return `${name}.${key} must be a number, 0 or more`
      }
      next[name] = { ...before, ...parts }
    }
    this.#table.set('account', next as StripeSettings)
    return undefined
  }
}

const fits = (like: unknown, value: unknown) =>
  typeof value === typeof like && (typeof value !== 'number' || value >= 0)

/** The amount for a currency. */
export function forCurrency(amounts: ByCurrency, currency: string): number {
  return amounts[currency] ?? amounts.any ?? 0
}
