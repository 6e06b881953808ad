import { control } from '../control-routes.ts'
import { money, notFound, render } from '../hosted-page.ts'
import { type Answer, type Exchange, json, jsonBody, type Route, seeOther } from '../http.ts'
import type { Bonum, Invoice } from './bonum.ts'

/** The page on which a buyer pays at Bonum, `/bonum/pay/{invoice}`, and the switch that does it for them. */
export function bonumPages(bonum: Bonum): Route[] {
  return [
    { method: 'GET', path: '/bonum/pay/:id', handle: (exchange) => showInvoice(bonum, exchange) },
    { method: 'POST', path: '/bonum/pay/:id', handle: (exchange) => actOnInvoice(bonum, exchange) },
    control('POST', '/sandbox/bonum/invoices/:id/:action', (exchange) => {
      const { id = '', action = '' } = exchange.params
      const invoice = bonum.invoices.get(id)
      if (!invoice) return json({ error: { message: `There is no invoice ${id}` } }, 404)
      const { amount } = jsonBody(exchange)
      if (!isAction(action)) return json({ error: { message: `action must be ${actions.join(', ')}` } }, 400)
      carryOut(bonum, invoice, action, typeof amount === 'number' ? amount : undefined)
      return json(invoice)
    }),
    control('POST', '/sandbox/bonum/tokens/expire', (exchange) => {
      bonum.endTokens(jsonBody(exchange).refresh === true)
      return json({ expired: true })
    }),
    control('GET', '/sandbox/bonum/statement', () => statementOf(bonum)),
  ]
}

async function showInvoice(bonum: Bonum, exchange: Exchange): Promise<Answer> {
  const invoice = bonum.invoices.get(exchange.params.id ?? '')
  if (!invoice) return notFound()
  const status = { CREATED: 'Waiting for payment.', PAID: 'Paid.', EXPIRED: 'This invoice has expired.' }[
    invoice.status
  ]
  const buttons: Record<Invoice['status'], [Action, string][]> = {
    CREATED: [
      ['pay', 'Pay'],
      ['pay-less', 'Pay too little'],
      ['pay-more', 'Pay too much'],
      ['expire', 'Let it expire'],
    ],
    EXPIRED: [['pay-late', 'Pay although it is too late']],
    PAID: [['refund', 'Have the bank give it back']],
  }
  const amount = money(invoice.amount, invoice.currency, 0)
  return render({
    title: 'Bonum invoice',
    amount,
    status,
    note: invoice.transactionId,
    buttons: buttons[invoice.status],
    hidden: [],
  })
}

async function actOnInvoice(bonum: Bonum, exchange: Exchange): Promise<Answer> {
  const invoice = bonum.invoices.get(exchange.params.id ?? '')
  if (!invoice) return notFound()
  const action = new URLSearchParams(exchange.body).get('action') ?? ''
  carryOut(bonum, invoice, isAction(action) ? action : 'pay')
  return seeOther(invoice.callback ?? `/bonum/pay/${invoice.id}`)
}

const actions = ['pay', 'pay-less', 'pay-more', 'pay-late', 'expire', 'refund'] as const
type Action = (typeof actions)[number]

const isAction = (text: string): text is Action => actions.some((action) => action === text)

/** Does what a button or a switch is for. `wished` is what arrives or goes back, in tögrög. */
function carryOut(bonum: Bonum, invoice: Invoice, action: Action, wished?: number): void {
  if (action === 'expire') bonum.expire(invoice)
  else if (action === 'refund') bonum.refund(invoice, wished)
  else bonum.pay(invoice, { late: action === 'pay-late', amount: wished ?? invoice.amount + (beyond[action] ?? 0) })
}

/** What a buyer pays beyond the invoice, in tögrög. */
const beyond: Partial<Record<Action, number>> = { 'pay-less': -100, 'pay-more': 100 }

const header = 'reference,invoiceId,transactionId,type,amount,fee,currency,completedAt'

/** What came and went, as a merchant exports it from the portal, times as in Ulaanbaatar. */
function statementOf(bonum: Bonum): Answer {
  const lines = [...bonum.lines.oldestFirst()].map(({ id, invoiceId, transactionId, type, amount, fee, at }) => {
    const there = new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
    return [id, invoiceId, transactionId, type, amount.toFixed(2), fee.toFixed(2), 'MNT', there].join(',')
  })
  return { status: 200, body: [header, ...lines].join('\r\n'), headers: { 'content-type': 'text/csv; charset=utf-8' } }
}
