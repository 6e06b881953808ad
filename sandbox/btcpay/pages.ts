import { money, notFound, render } from '../hosted-page.ts'
import { type Answer, type Exchange, type Route, seeOther } from '../http.ts'
import { coins, due, type Invoice, type Invoices, paid } from './invoices.ts'
import type { PullPayment, PullPayments } from './pull-payments.ts'

/** What may happen to an invoice, as its page calls it; an amount is in satoshis, else what is still due. */
export const happenings: Readonly<Record<string, (invoices: Invoices, invoice: Invoice, amount?: number) => unknown>> =
  {
    pay: (invoices, invoice, amount) => invoices.pay(invoice, amount ?? (missing(invoice) || due(invoice))),
    pay_less: (invoices, invoice) => invoices.pay(invoice, Math.floor(due(invoice) * 0.9)),
    pay_more: (invoices, invoice) => invoices.pay(invoice, Math.ceil(due(invoice) * 1.1)),
    confirm: (invoices, invoice) => invoices.confirm(invoice),
    reorganise: (invoices, invoice) => invoices.reorganise(invoice),
    expire: (invoices, invoice) => invoices.expire(invoice),
    mark_settled: (invoices, invoice) => invoices.mark(invoice, 'Settled'),
    mark_invalid: (invoices, invoice) => invoices.mark(invoice, 'Invalid'),
  }

const missing = (invoice: Invoice): number => Math.max(0, due(invoice) - paid(invoice))

/** The pages of buyers: `/btcpay/i/{invoice}`, on which they pay, and `/btcpay/pull-payments/{id}`, on which they claim. */
export function btcpayPages(invoices: Invoices, pullPayments: PullPayments): Route[] {
  return [
    { method: 'GET', path: '/btcpay/i/:id', handle: (exchange) => showInvoice(invoices, exchange) },
    { method: 'POST', path: '/btcpay/i/:id', handle: (exchange) => actOnInvoice(invoices, exchange) },
    { method: 'GET', path: '/btcpay/pull-payments/:id', handle: (exchange) => showClaim(pullPayments, exchange) },
    { method: 'POST', path: '/btcpay/pull-payments/:id', handle: (exchange) => actOnClaim(pullPayments, exchange) },
  ]
}

const words: Record<Invoice['status'], string> = {
  New: 'Waiting for payment.',
  Processing: 'Paid; waiting for the next block.',
  Expired: 'This invoice has expired. What is sent now comes late.',
  Invalid: 'This invoice is not valid.',
  Settled: 'Paid.',
}

function buttonsOf(invoice: Invoice): [string, string][] {
  const { status, additionalStatus, payments } = invoice
  const buttons: [string, string][] = []
  if (payments.some((payment) => payment.status === 'Processing')) buttons.push(['confirm', 'Next block: confirm'])
  if (status === 'New' || status === 'Expired') {
    buttons.push(['pay', additionalStatus === 'PaidPartial' ? 'Pay the rest' : 'Pay'])
    buttons.push(['pay_less', 'Pay too little'], ['pay_more', 'Pay too much'])
  } else buttons.push(['pay', 'Pay once more'])
  if (status === 'New') buttons.push(['expire', 'Let it expire'])
  if (payments.length > 0) buttons.push(['reorganise', 'Reorganise the chain'])
  buttons.push(['leave', 'Back to the shop'])
  return buttons
}

async function showInvoice(invoices: Invoices, exchange: Exchange): Promise<Answer> {
  const invoice = invoices.get(exchange.params.id ?? '')
  if (!invoice) return notFound()
  const { additionalStatus, price, currency, metadata } = invoice
  return render({
    title: 'Bitcoin invoice',
    amount: money(Number(price), currency, 0),
    status: `${words[invoice.status]}${additionalStatus === 'None' ? '' : ` (${additionalStatus})`}`,
    note: `${coins(due(invoice))} BTC · ${String(metadata.itemDesc ?? invoice.id)}`,
    buttons: buttonsOf(invoice),
    hidden: [],
  })
}

async function actOnInvoice(invoices: Invoices, exchange: Exchange): Promise<Answer> {
  const invoice = invoices.get(exchange.params.id ?? '')
  if (!invoice) return notFound()
  const action = new URLSearchParams(exchange.body).get('action') ?? ''
  if (Object.hasOwn(happenings, action)) happenings[action]?.(invoices, invoice)
  const back = String(invoice.checkout.redirectURL ?? '')
  return seeOther(action === 'leave' && back ? back : `/btcpay/i/${invoice.id}`)
}

async function showClaim(pullPayments: PullPayments, exchange: Exchange): Promise<Answer> {
  const pullPayment = pullPayments.table.get(exchange.params.id ?? '')
  if (!pullPayment) return notFound()
  const left = pullPayments.left(pullPayment)
  const waiting = pullPayments
    .payoutsOf(pullPayment.id)
    .some(({ state }) => state !== 'Completed' && state !== 'Cancelled')
  const buttons: [string, string][] = []
  if (left > 0 && !pullPayment.archived) buttons.push(['claim', 'Claim it'])
  if (waiting) buttons.push(['pay', 'As the merchant: approve and pay'])
  return render({
    title: 'Claim your money',
    amount: money(Number(pullPayment.limit), pullPayment.currency, 0),
    status: claimStatus(pullPayment, left, waiting),
    note: pullPayment.description || pullPayment.name,
    buttons,
    hidden: [],
  })
}

function claimStatus({ archived }: PullPayment, left: number, waiting: boolean): string {
  if (archived) return 'It was withdrawn.'
  if (waiting) return 'Claimed; it is being paid out.'
  return left > 0 ? 'It waits for you.' : 'Paid out.'
}

async function actOnClaim(pullPayments: PullPayments, exchange: Exchange): Promise<Answer> {
  const pullPayment = pullPayments.table.get(exchange.params.id ?? '')
  if (!pullPayment) return notFound()
  const action = new URLSearchParams(exchange.body).get('action')
  if (action === 'claim') pullPayments.claim(pullPayment, pullPayments.left(pullPayment))
  if (action === 'pay')
    for (const { id } of pullPayments.payoutsOf(pullPayment.id)) pullPayments.decide(id, 'Completed')
  return seeOther(`/btcpay/pull-payments/${pullPayment.id}`)
}
