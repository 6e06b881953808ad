import { control } from '../control-routes.ts'
import { type Answer, type Exchange, json, jsonBody, type Route } from '../http.ts'
import { fundTransfer } from './bank-transfers.ts'
import { actAsBuyer, buyerActions, returnUrlOf } from './buyer.ts'
import { dashboardControls } from './dashboard.ts'
import { disputeControls } from './dispute-controls.ts'
import { expireIntent } from './intent-endings.ts'
import { moneyControls } from './money-controls.ts'
import { itself } from './pipeline.ts'
import { failRefund, finishRefund } from './refund-endings.ts'
import { searchLagTable } from './search.ts'
import type { Intent, StripeState } from './state.ts'
import type { StripeEmulator } from './stripe.ts'
import { expireVoucher, payVoucher, voucherStores } from './vouchers.ts'

const unknown = (what: string) => json({ error: { message: `There is no ${what}` } }, 404)

const wrong = (message: string) => json({ error: { message } }, 400)

const notWaiting = (intent: Intent, what: string) =>
  json({ error: { message: `The intent does not wait for ${what}; its status is ${intent.status}` } }, 409)

/** Switches for what Stripe, a bank or a buyer would do by themselves. */
export function stripeControls(emulator: StripeEmulator): Route[] {
  const { state } = emulator
  return [
    ...dashboardControls(state),
    ...disputeControls(state),
    ...moneyControls(state),
    ...intentControls(emulator),
    control('POST', '/sandbox/stripe/forget-idempotency-keys', () => json({ forgotten: state.idempotency.forget() })),
    control('POST', '/sandbox/stripe/refunds/:id/:action', (exchange) => endRefund(state, exchange)),
    control('POST', '/sandbox/stripe/search-lag', (exchange) => {
      const ms = Number(jsonBody(exchange).ms ?? 0)
      state.world.store.table<number>(searchLagTable).set('ms', ms)
      return json({ ms })
    }),
  ]
}

function endRefund(state: StripeState, exchange: Exchange): Answer {
  const { params } = exchange
  const refund = state.refunds.get(params.id ?? '')
  if (!refund) return unknown(`refund ${params.id}`)
  if (params.action === 'finish' && finishRefund(state, refund)) return json(refund)
  if (params.action === 'fail') {
    failRefund(state, refund, String(jsonBody(exchange).reason ?? 'unknown'))
    return json(refund)
  }
  return wrong(`A refund that is ${refund.status} can only fail; action must be finish or fail`)
}

/** What happens to a payment: its hold runs out, its refund fails, its buyer acts, its money comes. */
function intentControls({ state, settlement }: StripeEmulator): Route[] {
  const onIntent = (action: string, handle: (intent: Intent, body: Record<string, unknown>) => Answer) =>
    control('POST', `/sandbox/stripe/payment_intents/:id/${action}`, (exchange) => {
      const id = exchange.params.id ?? ''
      const intent = state.intents.get(id)
      return intent ? handle(intent, jsonBody(exchange)) : unknown(`payment intent ${id}`)
    })
  return [
    onIntent('refund-fail', (intent) => {
      const ids = state.chargesByIntent.of(intent.id).flatMap((id) => state.refundsByCharge.of(id))
      const refund = state.refunds.get(ids.at(-1) ?? '')
      if (!refund) return unknown(`refund of ${intent.id}`)
      failRefund(state, refund)
      return json(refund)
    }),
    onIntent('expire', (intent) => {
      if (intent.status !== 'requires_capture') {
        return json({ error: { message: `Only held money expires; the status is ${intent.status}` } }, 409)
      }
      expireIntent(state, itself, intent)
      return json(intent)
    }),
    onIntent('buyer', (intent, { action: wish }) => {
      const action = buyerActions.find((known) => known === wish)
      if (!action) return wrong(`action must be one of ${buyerActions.join(', ')}`)
      const page = `${state.world.baseUrl()}/pay/${intent.id}?client_secret=${intent.client_secret}`
      const refused = actAsBuyer(state, settlement, intent, action, returnUrlOf(state, intent) ?? page)
      return json({ refused: refused ?? null, intent })
    }),
    onIntent('pay-voucher', (intent, { store: wish = 'familymart' }) => {
      const store = voucherStores.find((known) => known === wish)
      if (!store) return wrong(`store must be one of ${voucherStores.join(', ')}`)
      return payVoucher(state, settlement, intent, store) ? json(intent) : notWaiting(intent, 'a voucher')
    }),
    onIntent('expire-voucher', (intent) =>
      expireVoucher(state, intent) ? json(intent) : notWaiting(intent, 'a voucher'),
    ),
    onIntent('fund', (intent, { amount }) => {
      if (typeof amount !== 'number' || amount < 1) return wrong('amount must be a number of minor units')
      return fundTransfer(state, settlement, intent, amount) ? json(intent) : notWaiting(intent, 'a bank transfer')
    }),
  ]
}
