import { control } from '../control-routes.ts'
import { type Answer, type Exchange, json, jsonBody, type Route } from '../http.ts'
import type { Table } from '../table.ts'
import { acceptDispute, answerDispute } from './dispute-routes.ts'
import { refusalAnswer, StripeRefusal } from './errors.ts'
import { cancelIntent, captureIntent } from './intent-endings.ts'
import { payOutByHand } from './payout-routes.ts'
import { cancelPayout } from './payouts.ts'
import type { StripeCall } from './pipeline.ts'
import { cancelRefund } from './refund-endings.ts'
import { createRefund } from './refunds.ts'
import type { StripeState } from './state.ts'
import { reverseTransfer } from './transfers.ts'

/**
 * What the owner of the account can do in Stripe's dashboard: the same effects and events as by the API, without an idempotency key and
 * without anybody's metadata. Bodies are those of the API, as JSON.
 */
export function dashboardControls(state: StripeState): Route[] {
  const act = (path: string, effect: (call: StripeCall) => object) =>
    control('POST', `/sandbox/stripe/dashboard/${path}`, (exchange) => answer(state, exchange, effect))
  const known = <T>(rows: Table<T>, id: string): T => {
    const row = rows.get(id)
    if (!row) throw new Error(`There is no ${id}`)
    return row
  }
  return [
    act('refunds', (call) => createRefund(state, call)),
    act('refunds/:id/cancel', (call) => cancelRefund(state, call, known(state.refunds, call.id))),
    act('transfers/:id/reversals', (call) => reverseTransfer(state, call, known(state.transfers, call.id))),
    act('payment_intents/:id/cancel', (call) => cancelIntent(state, call, known(state.intents, call.id))),
    act('payment_intents/:id/capture', (call) => captureIntent(state, call, known(state.intents, call.id))),
    act('disputes/:id', (call) => answerDispute(state, call, known(state.disputes, call.id))),
    act('disputes/:id/close', (call) => acceptDispute(state, call, known(state.disputes, call.id))),
    act('payouts', (call) => payOutByHand(state, call)),
    act('payouts/:id/cancel', (call) => cancelPayout(state, call, known(state.payouts, call.id))),
  ]
}

/** The values as the API's form encoding has them: texts, in hashes and lists. */
function asParam(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asParam)
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asParam(part)]))
}

function answer(state: StripeState, exchange: Exchange, effect: (call: StripeCall) => object): Answer {
  const params = Object.fromEntries(Object.entries(jsonBody(exchange)).map(([name, value]) => [name, asParam(value)]))
  const requestId = state.world.mintId('req')
  try {
    const done = effect({
      requestId,
      idempotencyKey: null,
      id: exchange.params.id ?? '',
      path: exchange.params,
      params,
      publishable: false,
    })
    return json(done)
  } catch (error) {
    return error instanceof StripeRefusal ? refusalAnswer(error) : json({ error: { message: String(error) } }, 404)
  }
}
