import { control } from '../control-routes.ts'
import { asRecord, json, jsonBody, type Route } from '../http.ts'
import { balanceObject, balanceOf } from './balances.ts'
import { arrivePayout, failPayout, payOutAutomatically, sendPayout } from './payouts.ts'
import { itself } from './pipeline.ts'
import type { Payout, StripeState } from './state.ts'
import { recordTransaction, settleNow } from './transactions.ts'
import { platform } from './unpaid-transactions.ts'

const wrong = (message: string) => json({ error: { message } }, 400)

/** What time, the banks and Stripe's own terms do to balances. */
export function moneyControls(state: StripeState): Route[] {
  const settings = () => json(state.settings.current)
  return [
    control('GET', '/sandbox/stripe/settings', settings),
    control('POST', '/sandbox/stripe/settings', (exchange) => {
      const complaint = state.settings.change(jsonBody(exchange))
      return complaint === undefined ? settings() : wrong(complaint)
    }),
    // What the platform may spend: the difference is topped up or taken out, so that no money appears from nowhere.
    control('POST', '/sandbox/stripe/balance', (exchange) => {
      const { currency: wish = 'usd', amount } = jsonBody(exchange)
      if (typeof amount !== 'number') return wrong('amount must be a number of minor units')
      const currency = String(wish).toLowerCase()
      const missing = amount - balanceOf(state, platform, currency).available
      const type = missing < 0 ? 'topup_reversal' : 'topup'
      if (missing !== 0) recordTransaction(state, { type, amount: missing, currency, source: null })
      return json({ balances: Object.fromEntries(state.balances.entries()) })
    }),
    control('POST', '/sandbox/stripe/settle', () => {
      settleNow(state)
      const balance = balanceObject(state, platform)
      state.emit(itself, 'balance.available', balance)
      return json(balance)
    }),
    control('POST', '/sandbox/stripe/fees', (exchange) => {
      const { currency = 'usd', amount, description = 'Stripe fee' } = jsonBody(exchange)
      if (typeof amount !== 'number' || amount < 1) return wrong('amount must be a number of minor units')
      const fee = { amount: -amount, currency: String(currency).toLowerCase(), description: String(description) }
      return json(recordTransaction(state, { ...fee, type: 'stripe_fee', source: null }), 201)
    }),
    ...payoutControls(state),
  ]
}

function payoutControls(state: StripeState): Route[] {
  const endings: Record<string, (payout: Payout, body: Record<string, unknown>) => boolean> = {
    send: (payout) => sendPayout(state, payout),
    pay: (payout) => arrivePayout(state, payout),
    fail: (payout, { code = 'could_not_process' }) => failPayout(state, payout, String(code)),
  }
  return [
    control('POST', '/sandbox/stripe/payouts', (exchange) => {
      const { currency, account } = asRecord(jsonBody(exchange))
      const optional = (value: unknown) => (value === undefined ? undefined : String(value))
      return json({ payouts: payOutAutomatically(state, optional(account), optional(currency)) }, 201)
    }),
    control('POST', '/sandbox/stripe/payouts/:id/:action', (exchange) => {
      const { id = '', action = '' } = exchange.params
      const payout = state.payouts.get(id)
      const end = endings[action]
      if (!payout) return json({ error: { message: `There is no payout ${id}` } }, 404)
      if (!end) return wrong(`action must be one of ${Object.keys(endings).join(', ')}`)
      if (end(payout, jsonBody(exchange))) return json(payout)
      return json({ error: { message: `The payout is ${payout.status}, so it cannot ${action}` } }, 409)
    }),
  ]
}
