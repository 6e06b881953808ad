import { control } from '../control-routes.ts'
import { type Answer, type Exchange, json, jsonBody, type Route } from '../http.ts'
import { Refusal } from '../json-provider.ts'
import { closeDispute, escalateDispute, openDispute } from './disputes.ts'
import type { PayPal } from './paypal.ts'
import { found } from './refusals.ts'
import { type Capture, type Dispute, rowsOf } from './state.ts'

/** What PayPal, its buyers and its dashboard do, under `/sandbox/paypal`. Amounts in the smallest units that PayPal knows. */
export function paypalControls(paypal: PayPal): Route[] {
  const { state, shapes } = paypal
  const told = (exchange: Exchange, act: (id: string, body: Record<string, unknown>) => unknown): Answer => {
    try {
      return json(act(exchange.params.id ?? '', jsonBody(exchange)))
    } catch (error) {
      if (error instanceof Refusal) return error.answer
      throw error
    }
  }
  const post = (path: string, act: (id: string, body: Record<string, unknown>) => unknown): Route =>
    control('POST', `/sandbox/paypal/${path}`, (exchange) => told(exchange, act))
  const order = (id: string) => found(state.orders.get(id))
  const shown = (id: string) => shapes.order(order(id), paypal.pageOf({ id }))
  /** The money of an order: its newest capture. */
  const captureOf = (id: string): Capture => {
    const [newest] = rowsOf(state.captures, state.capturesOf, id).toReversed()
    return found(state.captures.get(newest?.id ?? id))
  }
  const dispute = (id: string) => found(state.disputes.get(id))
  return [
    post('settings', (_, body) => {
      state.settings.set('settings', { ...paypal.settings, ...body })
      return paypal.settings
    }),
    post('orders/:id/approve', (id, { funding }) => {
      paypal.approve(order(id), funding === 'declined' || funding === 'reviewed' ? funding : 'balance')
      return shown(id)
    }),
    post('orders/:id/expire', (id) => {
      paypal.forget(order(id))
      return { id }
    }),
    post('orders/:id/decide', (id, { accepted }) => {
      paypal.decide(captureOf(id), accepted !== false)
      return shown(id)
    }),
    post('orders/:id/refund', (id, { amount }) => {
      const capture = captureOf(id)
      const wish = { amount: Number(amount ?? capture.amount), note: null, requestId: null }
      // What is given back at PayPal's own pages carries the words of the payment.
      const refund = paypal.refund(capture, { ...wish, customId: capture.customId, invoiceId: capture.invoiceId })
      return shapes.refund(refund)
    }),
    post('orders/:id/dispute', (id, body) => shapes.dispute(openDispute(paypal, captureOf(id), readWish(body)))),
    post('refunds/:id/end', (id, { arrived }) => {
      paypal.endRefund(found(state.refunds.get(id)), arrived !== false)
      return shapes.refund(found(state.refunds.get(id)))
    }),
    post('disputes/:id/escalate', (id) => {
      escalateDispute(paypal, dispute(id))
      return shapes.dispute(dispute(id))
    }),
    post('disputes/:id/close', (id, { outcome }) => {
      closeDispute(paypal, dispute(id), String(outcome ?? 'RESOLVED_SELLER_FAVOUR'))
      return shapes.dispute(dispute(id))
    }),
    post('authorizations/:id/age', (id, { days }) => {
      const hold = found(state.authorizations.get(id))
      hold.createdAt = new Date(Date.parse(hold.createdAt) - Number(days) * 86_400_000).toISOString()
      hold.expiresAt = new Date(Date.parse(hold.expiresAt) - Number(days) * 86_400_000).toISOString()
      return hold
    }),
    post('transactions', (_, { code, amount, currency }) =>
      paypal.enter({
        ...{ code: String(code), amount: Number(amount), currency: String(currency), reference: null, custom: null },
      }),
    ),
    post('tokens/expire', () => {
      state.tokens.clear()
      return {}
    }),
  ]
}

function readWish({ amount, stage, reason }: Record<string, unknown>): Partial<Dispute> {
  return {
    ...(amount === undefined ? {} : { amount: Number(amount) }),
    ...(stage === 'INQUIRY' ? { stage } : {}),
    ...(reason === undefined ? {} : { reason: String(reason) }),
  }
}
