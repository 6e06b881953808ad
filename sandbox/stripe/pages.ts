import { money, notFound, render } from '../hosted-page.ts'
import { type Answer, type Exchange, type Route, seeOther } from '../http.ts'
import { actAsBuyer, type BuyerAction, buyerActions, returnUrlOf } from './buyer.ts'
import { decimalsOf } from './currencies.ts'
import { finishSetup } from './setup-intents.ts'
import type { Intent, SetupIntent } from './state.ts'
import type { StripeEmulator } from './stripe.ts'

const sentences: Partial<Record<Intent['status'], string>> = {
  requires_payment_method: 'Waiting for payment.',
  requires_confirmation: 'Waiting for payment.',
  requires_action: 'Your bank asks you to confirm this payment.',
  requires_capture: 'Paid: the amount is reserved.',
  succeeded: 'Paid.',
  canceled: 'This payment was canceled.',
}

function sentenceFor(intent: Intent): string {
  const {
    type,
    konbini_display_details: voucher,
    display_bank_transfer_instructions: transfer,
  } = intent.next_action ?? {}
  if (type === 'konbini_display_details') {
    const stores = Object.entries(voucher?.stores ?? {}).map(([store, code]) => `${store} ${code?.payment_code}`)
    return `Pay at a convenience store: ${stores.join(', ')}.`
  }
  if (type === 'display_bank_transfer_instructions') {
    const left = money(transfer?.amount_remaining ?? 0, intent.currency, decimalsOf(intent.currency))
    return `Send ${left} with the reference ${transfer?.reference}.`
  }
  return sentences[intent.status] ?? intent.status
}

const authenticationButtons: [BuyerAction, string][] = [
  ['complete', 'Complete authentication'],
  ['fail', 'Fail authentication'],
]

const voucherButtons: [BuyerAction, string][] = [
  ['complete', 'Pay at the store'],
  ['fail', 'Let it expire'],
]

function buttonsFor(intent: Intent): [BuyerAction, string][] {
  if (intent.next_action?.type === 'konbini_display_details') return voucherButtons
  if (intent.next_action?.type === 'display_bank_transfer_instructions') return [['complete', 'Send the transfer']]
  if (intent.status === 'requires_action') return authenticationButtons
  const payable = intent.status === 'requires_payment_method' || intent.status === 'requires_confirmation'
  return payable
    ? [
        ['pay', 'Pay'],
        ['decline', 'Decline'],
        ['challenge', 'Require 3-D Secure'],
      ]
    : []
}

/** The pages on which a buyer pays at Stripe, `/pay/{intent}`, and lets a card be kept, `/setup/{intent}`. */
export function stripePages(stripe: StripeEmulator): Route[] {
  return [
    { method: 'GET', path: '/pay/:id', handle: (exchange) => showIntent(stripe, exchange) },
    { method: 'POST', path: '/pay/:id', handle: (exchange) => actOnIntent(stripe, exchange) },
    { method: 'GET', path: '/setup/:id', handle: (exchange) => showSetup(stripe, exchange) },
    { method: 'POST', path: '/setup/:id', handle: (exchange) => actOnSetup(stripe, exchange) },
  ]
}

/** The intent of the page, when the visitor knows its client secret. */
function visited({ state }: StripeEmulator, exchange: Exchange, fields: URLSearchParams): Intent | undefined {
  const intent = state.intents.get(exchange.params.id ?? '')
  return intent && fields.get('client_secret') === intent.client_secret ? intent : undefined
}

async function showIntent(stripe: StripeEmulator, exchange: Exchange): Promise<Answer> {
  const query = new URLSearchParams(exchange.query)
  const intent = visited(stripe, exchange, query)
  if (!intent) return notFound()
  return render({
    title: 'Payment',
    amount: money(intent.amount, intent.currency, decimalsOf(intent.currency)),
    status: sentenceFor(intent),
    alert: intent.last_payment_error?.message,
    note: intent.description ?? intent.id,
    buttons: buttonsFor(intent),
    hidden: [
      ['client_secret', intent.client_secret ?? ''],
      ['return_url', query.get('return_url') ?? ''],
    ],
  })
}

async function actOnIntent(stripe: StripeEmulator, exchange: Exchange): Promise<Answer> {
  const form = new URLSearchParams(exchange.body)
  const intent = visited(stripe, exchange, form)
  if (!intent) return notFound()
  const secret = intent.client_secret ?? ''
  const wished = form.get('return_url') ?? ''
  const wish = /^https?:\/\//.test(wished) ? wished : undefined
  const here = new URL(`/pay/${intent.id}`, stripe.state.world.baseUrl())
  here.searchParams.set('client_secret', secret)
  if (wish) here.searchParams.set('return_url', wish)
  const back = wish ?? returnUrlOf(stripe.state, intent)
  const action = buyerActions.find((known) => known === form.get('action')) ?? 'pay'
  const wasAsked = intent.status === 'requires_action'
  actAsBuyer(stripe.state, stripe.settlement, intent, action, back ?? here.href)
  const paid = intent.status === 'succeeded' || intent.status === 'requires_capture'
  if (!back || !(paid || wasAsked)) return seeOther(here.href)
  const away = new URL(back)
  away.searchParams.set('payment_intent', intent.id)
  away.searchParams.set('payment_intent_client_secret', secret)
  away.searchParams.set('redirect_status', paid ? 'succeeded' : 'failed')
  return seeOther(away.href)
}

function visitedSetup({ state }: StripeEmulator, exchange: Exchange, fields: URLSearchParams): SetupIntent | undefined {
  const intent = state.setupIntents.get(exchange.params.id ?? '')
  return intent && fields.get('client_secret') === intent.client_secret ? intent : undefined
}

async function showSetup(stripe: StripeEmulator, exchange: Exchange): Promise<Answer> {
  const intent = visitedSetup(stripe, exchange, new URLSearchParams(exchange.query))
  if (!intent) return notFound()
  const buttons: [string, string][] = intent.status === 'requires_action' ? authenticationButtons : []
  const status = buttons.length > 0 ? 'Your bank asks you to confirm this card.' : 'There is nothing left to do.'
  const hidden: [string, string][] = [['client_secret', intent.client_secret ?? '']]
  return render({ title: 'Save a card', amount: 'Card', status, note: intent.id, buttons, hidden })
}

async function actOnSetup(stripe: StripeEmulator, exchange: Exchange): Promise<Answer> {
  const form = new URLSearchParams(exchange.body)
  const intent = visitedSetup(stripe, exchange, form)
  if (!intent) return notFound()
  const back = intent.next_action?.redirect_to_url?.return_url
  finishSetup(stripe.state, intent, form.get('action') === 'complete')
  return seeOther(back ?? `/setup/${intent.id}?client_secret=${intent.client_secret}`)
}
