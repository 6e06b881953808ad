import { html, raw } from 'hono/html'
import type { Bonum, Invoice } from './bonum/bonum.ts'
import { control } from './control-routes.ts'
import { type Answer, type Exchange, json, page, type Route, seeOther } from './http.ts'
import { actAsBuyer, type BuyerAction, buyerActions, returnUrlOf } from './stripe/buyer.ts'
import { decimalsOf } from './stripe/currencies.ts'
import { finishSetup } from './stripe/setup-intents.ts'
import type { Intent, SetupIntent } from './stripe/state.ts'
import type { StripeEmulator } from './stripe/stripe.ts'

const style = raw(`
  :root { color-scheme: light dark; --ink: #1a1f2b; --paper: #f6f7f9; --card: #fff; --line: #d7dbe2; --soft: #5b6472; --accent: #3a4cd6; }
  @media (prefers-color-scheme: dark) { :root { --ink: #eceff4; --paper: #12151c; --card: #1b202a; --line: #323a48; --soft: #a3adbd; --accent: #8c9bff; } }
  * { box-sizing: border-box; }
  body { margin: 0; padding: 1.5rem 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 0 auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
  h1 { margin: 0; font-size: 2rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
  p { margin: .5rem 0 0; } .soft { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
  [role=alert] { padding: .6rem .8rem; border: 1px solid currentColor; border-radius: .5rem; color: #b3261e; }
  @media (prefers-color-scheme: dark) { [role=alert] { color: #ffb4ab; } }
  form { display: grid; gap: .75rem; margin-top: 1.5rem; }
  button { min-height: 3rem; border: 1px solid var(--line); border-radius: .5rem; background: none; color: inherit; font: inherit; cursor: pointer; }
  button.main { border-color: var(--accent); background: var(--accent); color: var(--card); font-weight: 600; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`)

type View = {
  title: string
  amount: string
  status: string
  note: string
  alert?: string | undefined
  buttons: [string, string][]
  hidden: [string, string][]
}

async function render(view: View): Promise<Answer> {
  const fields = view.hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
  const buttons = view.buttons.map(
    ([action, label], at) =>
      html`<button name="action" value="${action}" class="${at === 0 ? 'main' : ''}">${label}</button>`,
  )
  const document = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${view.title}</title><style>${style}</style></head>
<body><main>
<p class="soft">${view.title} — sandbox, no real money moves</p>
<h1>${view.amount}</h1>
<p>${view.status}</p>
${view.alert ? html`<p role="alert">${view.alert}</p>` : ''}
${view.buttons.length > 0 ? html`<form method="post">${fields}${buttons}</form>` : ''}
<p class="soft">${view.note}</p>
</main></body></html>`
  return page(String(document))
}

/** An amount as a person writes it. */
function money(amount: number, currency: string, decimals: number): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount / 10 ** decimals)
}

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

/** The page on which a buyer pays at Bonum, `/bonum/pay/{invoice}`, and the switch that does it for them. */
export function bonumPages(bonum: Bonum): Route[] {
  return [
    { method: 'GET', path: '/bonum/pay/:id', handle: (exchange) => showInvoice(bonum, exchange) },
    { method: 'POST', path: '/bonum/pay/:id', handle: (exchange) => actOnInvoice(bonum, exchange) },
    control('POST', '/sandbox/bonum/invoices/:id/:action', ({ params }) => {
      const invoice = bonum.invoices.get(params.id ?? '')
      if (!invoice) return json({ error: { message: `There is no invoice ${params.id}` } }, 404)
      if (params.action !== 'pay' && params.action !== 'expire')
        return json({ error: { message: 'action must be pay or expire' } }, 400)
      end(bonum, invoice, params.action)
      return json(invoice)
    }),
  ]
}

function notFound(): Promise<Answer> {
  const note = 'The address is incomplete or the payment does not exist.'
  return render({
    title: 'Payment',
    amount: '–',
    status: 'There is nothing to pay here.',
    note,
    buttons: [],
    hidden: [],
  }).then((answer) => ({ ...answer, status: 404 }))
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

async function showInvoice(bonum: Bonum, exchange: Exchange): Promise<Answer> {
  const invoice = bonum.invoices.get(exchange.params.id ?? '')
  if (!invoice) return notFound()
  const status = { CREATED: 'Waiting for payment.', PAID: 'Paid.', EXPIRED: 'This invoice has expired.' }[
    invoice.status
  ]
  const buttons: [string, string][] =
    invoice.status === 'CREATED'
      ? [
          ['pay', 'Pay'],
          ['expire', 'Let it expire'],
        ]
      : []
  const amount = money(invoice.amount, invoice.currency, 0)
  return render({ title: 'Bonum invoice', amount, status, note: invoice.transactionId, buttons, hidden: [] })
}

async function actOnInvoice(bonum: Bonum, exchange: Exchange): Promise<Answer> {
  const invoice = bonum.invoices.get(exchange.params.id ?? '')
  if (!invoice) return notFound()
  end(bonum, invoice, new URLSearchParams(exchange.body).get('action') === 'expire' ? 'expire' : 'pay')
  return seeOther(invoice.callback ?? `/bonum/pay/${invoice.id}`)
}

function end(bonum: Bonum, invoice: Invoice, action: 'pay' | 'expire'): void {
  if (action === 'pay') bonum.pay(invoice)
  else bonum.expire(invoice)
}
