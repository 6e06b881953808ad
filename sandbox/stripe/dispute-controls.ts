import { control } from '../control-routes.ts'
import { type Answer, type Exchange, json, jsonBody, type Route } from '../http.ts'
import {
  closeDispute,
  type DisputeEnd,
  escalateInquiry,
  isInquiry,
  isOpen,
  openDispute,
  reviewDispute,
} from './disputes.ts'
import { itself } from './pipeline.ts'
import type { Dispute, StripeState } from './state.ts'

const unknown = (what: string) => json({ error: { message: `There is no ${what}` } }, 404)
const wrong = (message: string) => json({ error: { message } }, 400)
const tooLate = ({ id, status }: Dispute) =>
  json({ error: { message: `The dispute ${id} is ${status}, so this cannot happen to it` } }, 409)

/** What the buyer's bank does. */
export function disputeControls(state: StripeState): Route[] {
  const onDispute = (action: string, handle: (dispute: Dispute, body: Record<string, unknown>) => Answer) =>
    control('POST', `/sandbox/stripe/disputes/:id/${action}`, (exchange) => {
      const dispute = state.disputes.get(exchange.params.id ?? '')
      return dispute ? handle(dispute, jsonBody(exchange)) : unknown(`dispute ${exchange.params.id}`)
    })
  return [
    control('POST', '/sandbox/stripe/disputes', (exchange) => open(state, exchange)),
    onDispute('review', (dispute) => {
      if (!dispute.status.endsWith('needs_response')) return tooLate(dispute)
      reviewDispute(state, itself, dispute)
      return json(dispute)
    }),
    onDispute('escalate', (dispute) => {
      if (!isInquiry(dispute)) return tooLate(dispute)
      escalateInquiry(state, dispute)
      return json(dispute)
    }),
    onDispute('close', (dispute, { status }) => {
      const ends: DisputeEnd[] = isInquiry(dispute) ? ['warning_closed'] : ['won', 'lost']
      const end = ends.find((known) => known === status)
      if (!isOpen(dispute)) return tooLate(dispute)
      if (!end) return wrong(`status must be ${ends.join(' or ')}`)
      closeDispute(state, itself, dispute, end)
      return json(dispute)
    }),
  ]
}

/** `amount` may exceed what was paid: the bank exchanges at its own rates. `inquiry` only asks and takes nothing. */
function open(state: StripeState, exchange: Exchange): Answer {
  const { payment_intent, charge: chargeId, amount, reason = 'fraudulent', inquiry } = jsonBody(exchange)
  const intent = state.intents.get(String(payment_intent))
  const charge = state.charges.get(String(chargeId ?? intent?.latest_charge))
  if (!charge) return unknown(`charge of ${String(payment_intent ?? chargeId)}`)
  const wanted = typeof amount === 'number' ? amount : charge.amount_captured
  if (wanted < 1) return wrong('There is no captured money to dispute')
  return json(openDispute(state, charge, { amount: wanted, reason: String(reason), inquiry: inquiry === true }), 201)
}
