import { money, notFound, render } from '../hosted-page.ts'
import { type Answer, type Exchange, type Route, seeOther } from '../http.ts'
import { decimalsOf } from './amounts.ts'
import type { PayPal } from './paypal.ts'
import type { Funding, Order } from './state.ts'

const fundings: Readonly<Record<string, Funding>> = { pay: 'balance', declined: 'declined', reviewed: 'reviewed' }

/** The page on which a buyer approves an order at PayPal, `/paypal/checkoutnow?token={order}`. */
export function paypalPages(paypal: PayPal): Route[] {
  return [
    { method: 'GET', path: '/paypal/checkoutnow', handle: (exchange) => show(paypal, exchange) },
    { method: 'POST', path: '/paypal/checkoutnow', handle: (exchange) => act(paypal, exchange) },
  ]
}

const orderOf = ({ state }: PayPal, { query }: Exchange): Order | undefined =>
  state.orders.get(new URLSearchParams(query).get('token') ?? '')

const isOpen = ({ status }: Order): boolean => status !== 'COMPLETED' && status !== 'VOIDED'

async function show(paypal: PayPal, exchange: Exchange): Promise<Answer> {
  const order = orderOf(paypal, exchange)
  if (!order) return notFound()
  const buttons: [string, string][] = isOpen(order)
    ? [
        ['pay', 'Pay now'],
        ['declined', 'Pay with a card that is declined'],
        ['reviewed', 'Pay, and PayPal looks at it first'],
        ['cancel', 'Cancel and return'],
      ]
    : []
  return render({
    title: 'PayPal',
    amount: money(order.amount, order.currency, decimalsOf(order.currency)),
    status: isOpen(order) ? 'Waiting for your approval.' : 'This order is paid.',
    alert: order.status === 'APPROVED' && order.funding === 'declined' ? 'Choose another way to pay.' : undefined,
    note: order.invoiceId ?? order.id,
    buttons,
    hidden: [],
  })
}

async function act(paypal: PayPal, exchange: Exchange): Promise<Answer> {
  const order = orderOf(paypal, exchange)
  if (!order) return notFound()
  const funding = fundings[new URLSearchParams(exchange.body).get('action') ?? '']
  if (!funding) return seeOther(withToken(order.cancelUrl ?? paypal.pageOf(order), order))
  paypal.approve(order, funding)
  return seeOther(withToken(order.returnUrl ?? paypal.pageOf(order), order, { PayerID: 'QYR5Z8XDVJNXQ' }))
}

function withToken(target: string, { id }: Order, more: Record<string, string> = {}): string {
  const url = new URL(target)
  for (const [name, value] of Object.entries({ token: id, ...more })) url.searchParams.set(name, value)
  return url.href
}
