import type { Stripe } from 'stripe'
import { unixNow } from '../world.ts'
import type { StripeState } from './state.ts'
import { platform } from './unpaid-transactions.ts'

/** Minor units of one currency; `pending` may be spent later. */
export type Amounts = { available: number; pending: number }

const keyOf = (owner: string, currency: string) => (owner === platform ? currency : `${owner} ${currency}`)
const totalsOf = (state: StripeState, owner: string) => (owner === platform ? state.balances : state.accountBalances)

/** What an owner has in a currency. */
export function balanceOf(state: StripeState, owner: string, currency: string): Amounts {
  const total = totalsOf(state, owner).look(keyOf(owner, currency)) ?? 0
  const pending = state.unpaid.pending(owner, currency, unixNow())
  return { available: total - pending, pending }
}

/** Moves what an owner has, available or not. */
export function addToBalance(state: StripeState, owner: string, currency: string, amount: number): void {
  const totals = totalsOf(state, owner)
  const key = keyOf(owner, currency)
  totals.set(key, (totals.look(key) ?? 0) + amount)
}

/** The currencies in which an owner ever had something. */
export function currenciesOf(state: StripeState, owner: string): string[] {
  const prefix = owner === platform ? '' : `${owner} `
  return totalsOf(state, owner)
    .entries(prefix)
    .map(([key]) => key.slice(prefix.length))
}

/** The balance as Stripe shows it. */
export function balanceObject(state: StripeState, owner: string): Stripe.Balance {
  const amounts = currenciesOf(state, owner).map((currency) => ({ currency, ...balanceOf(state, owner, currency) }))
  const entry = (amount: number, currency: string) => ({ amount, currency, source_types: { card: amount } })
  return {
    object: 'balance',
    available: amounts.map(({ available, currency }) => entry(available, currency)),
    livemode: false,
    pending: amounts.map(({ pending, currency }) => entry(pending, currency)),
  }
}
