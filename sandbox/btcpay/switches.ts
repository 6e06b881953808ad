import { control } from '../control-routes.ts'
import { type Answer, type Exchange, json, jsonBody, type Route } from '../http.ts'
import { type Invoices, toSatoshis } from './invoices.ts'
import { happenings } from './pages.ts'
import type { PullPayments } from './pull-payments.ts'
import { statement } from './statement.ts'

const unknown = (what: string, id: string | undefined) => json({ error: { message: `There is no ${what} ${id}` } }, 404)
const wrong = (message: string) => json({ error: { message } }, 400)

/** A decimal amount that a switch may be called with. */
function amountIn(exchange: Exchange): number | undefined {
  const { amount } = jsonBody(exchange)
  return amount === undefined ? undefined : Number(amount)
}

/** The switches for what buyers, miners and the dashboard do, and the store's statement. */
export function btcpaySwitches(invoices: Invoices, pullPayments: PullPayments): Route[] {
  return [
    control('POST', '/sandbox/btcpay/invoices/:id/:action', (exchange) => {
      const { id, action = '' } = exchange.params
      const invoice = invoices.get(id ?? '')
      if (!invoice) return unknown('invoice', id)
      const happen = Object.hasOwn(happenings, action) ? happenings[action] : undefined
      if (!happen) return wrong(`action must be one of ${Object.keys(happenings).join(', ')}`)
      const amount = amountIn(exchange)
      happen(invoices, invoice, amount === undefined ? undefined : toSatoshis(amount))
      return json(invoice)
    }),
    control('GET', '/sandbox/btcpay/invoices/:id/pull-payments', ({ params }) => {
      const found = [...pullPayments.table.oldestFirst()].filter(({ invoiceId }) => invoiceId === params.id)
      return json(found.map((each) => ({ ...each, left: pullPayments.left(each) })))
    }),
    control('POST', '/sandbox/btcpay/dashboard/invoices/:id/refund', (exchange) =>
      refundThere(invoices, pullPayments, exchange),
    ),
    control('POST', '/sandbox/btcpay/pull-payments/:id/:action', (exchange) => onPullPayment(pullPayments, exchange)),
    control('POST', '/sandbox/btcpay/payouts/:id/:action', ({ params: { id, action } }) => {
      const to = { approve: 'AwaitingPayment', pay: 'Completed', cancel: 'Cancelled' } as const
      const state = to[action as keyof typeof to]
      if (!state) return wrong('action must be approve, pay or cancel')
      const payout = pullPayments.decide(id ?? '', state)
      return payout ? json(payout) : unknown('payout', id)
    }),
    control('GET', '/sandbox/btcpay/statement', () => ({
      status: 200,
      body: statement(invoices, pullPayments),
      headers: { 'content-type': 'text/csv; charset=utf-8' },
    })),
  ]
}

/** A person gives money back in the dashboard, past our key. */
function refundThere(invoices: Invoices, pullPayments: PullPayments, exchange: Exchange): Answer {
  const invoice = invoices.get(exchange.params.id ?? '')
  if (!invoice) return unknown('invoice', exchange.params.id)
  const { storeId, currency, price, id: invoiceId } = invoice
  const limit = String(amountIn(exchange) ?? price)
  const name = `Refund ${invoiceId}`
  return json(pullPayments.create({ storeId, invoiceId, name, description: '', currency, limit }))
}

function onPullPayment(pullPayments: PullPayments, exchange: Exchange): Answer {
  const { id, action } = exchange.params
  const pullPayment = pullPayments.table.get(id ?? '')
  if (!pullPayment) return unknown('pull payment', id)
  if (action === 'archive') {
    pullPayments.archive(pullPayment)
    return json(pullPayment)
  }
  if (action !== 'claim') return wrong('action must be claim or archive')
  const payout = pullPayments.claim(pullPayment, amountIn(exchange) ?? pullPayments.left(pullPayment))
  return payout ? json(payout) : wrong('There is not so much left to claim')
}
