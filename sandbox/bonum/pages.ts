import { control } from '../control-routes.ts'
import { money, notFound, render } from '../hosted-page.ts'
import { type Answer, type Exchange, json, type Route, seeOther } from '../http.ts'
import type { Bonum, Invoice } from './bonum.ts'

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
