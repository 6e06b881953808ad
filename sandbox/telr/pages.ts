import { control } from '../control-routes.ts'
import { money, notFound, render } from '../hosted-page.ts'
import { type Answer, type Exchange, json, jsonBody, type Route, seeOther } from '../http.ts'
import type { Order, Telr, Transaction } from './telr.ts'

/** The page on which a buyer pays at Telr, and the switches for what its buyers, its staff and its merchants do. */
export function telrPages(telr: Telr): Route[] {
  return [
    { method: 'GET', path: '/telr/gateway/process/:id', handle: (exchange) => showOrder(telr, exchange) },
    { method: 'POST', path: '/telr/gateway/process/:id', handle: (exchange) => actOnOrder(telr, exchange) },
    control('POST', '/sandbox/telr/orders/:id/:action', (exchange) => {
      const order = telr.orders.get(exchange.params.id ?? '')
      if (!order) return wrong(`There is no order ${exchange.params.id}`, 404)
      const problem = carryOut(telr, order, exchange)
      return problem === undefined ? json({ ...order, transactions: telr.ofCart(order.cartid) }) : wrong(problem, 400)
    }),
    control('GET', '/sandbox/telr/statement', () => statementOf(telr)),
  ]
}

const wrong = (message: string, status: number) => json({ error: { message } }, status)

const buyersActions = ['pay', 'hold', 'authorise', 'decline', 'cancel', 'expire'] as const
type BuyersAction = (typeof buyersActions)[number]

const isBuyersAction = (action: string): action is BuyersAction => buyersActions.some((known) => known === action)

/** Does what a switch is for; returns a sentence where that is nothing. */
function carryOut(telr: Telr, order: Order, exchange: Exchange): string | undefined {
  const action = exchange.params.action ?? ''
  if (isBuyersAction(action)) telr.act(order, action)
  else if (action === 'accept' || action === 'reject') telr.decide(order, action === 'accept')
  else if (action === 'update') telr.update(order)
  else if (action === 'refund') return refund(telr, order, jsonBody(exchange).amount)
  else if (action === 'reverse-refund') return reverse(telr, order)
  else return `action must be ${buyersActions.join(', ')}, accept, reject, update, refund or reverse-refund`
  return undefined
}

/** Somebody gives money back in Telr's pages. */
function refund(telr: Telr, order: Order, wished: unknown): string | undefined {
  const previous = telr.transactions.get(order.transaction ?? '')
  const amount = typeof wished === 'number' ? wished : order.amount
  const made = previous && telr.follow({ type: 'refund', order, amount, description: 'Refund', previous })
  return made ? undefined : 'this order has not so much to give back'
}

/** The buyer's bank does not take the last refund. */
function reverse(telr: Telr, order: Order): string | undefined {
  const last = telr.ofCart(order.cartid).findLast(({ type }) => type === 'refund')
  const previous = last && telr.transactions.get(last.id)
  if (!previous) return 'nothing was given back'
  const { amount } = previous
  telr.follow({ type: 'refund reversal', order, amount, description: 'Refund reversal', previous })
  return undefined
}

const statuses: Record<Order['code'], string> = {
  1: 'Waiting for payment.',
  2: 'Authorised.',
  3: 'Paid.',
  [-1]: 'This page has expired.',
  [-2]: 'Cancelled.',
  [-3]: 'Your card was declined.',
}

const buttons: [BuyersAction, string][] = [
  ['pay', 'Pay'],
  ['hold', 'Pay with a card that is held for review'],
  ['decline', 'Pay with a card that is declined'],
  ['cancel', 'Cancel'],
  ['expire', 'Let it expire'],
]

async function showOrder(telr: Telr, { params }: Exchange): Promise<Answer> {
  const order = telr.orders.get(params.id ?? '')
  if (!order) return notFound()
  return render({
    title: 'Telr',
    amount: money(order.amount, order.currency, 2),
    status: statuses[order.code],
    note: order.description,
    buttons: order.code === 1 ? buttons : [],
    hidden: [],
  })
}

async function actOnOrder(telr: Telr, { params, body }: Exchange): Promise<Answer> {
  const order = telr.orders.get(params.id ?? '')
  if (!order) return notFound()
  const action = new URLSearchParams(body).get('action') ?? 'pay'
  if (isBuyersAction(action)) telr.act(order, action)
  const { authorised, declined, cancelled } = order.returns
  const back = order.code > 1 ? authorised : order.code === -3 ? declined : cancelled
  return seeOther(back || `/telr/gateway/process/${order.id}`)
}

const header = 'tran_ref,tran_cartid,tran_type,tran_amount,fee,tran_currency,date'
const onStatement: readonly Transaction['type'][] = ['sale', 'capture', 'refund', 'refund reversal']

/** Everything that moved money, as a merchant exports it, times as in Dubai. */
function statementOf(telr: Telr): Answer {
  const lines = [...telr.transactions.oldestFirst()].flatMap((transaction) => {
    const { id, cartid, type, status, amount, fee, currency, at } = transaction
    if (status !== 'A' || !onStatement.includes(type)) return []
    const dubai = new Date(Date.parse(at) + 4 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
    // What a bank did not take is on the statement again, as a refund of less than nothing.
    const [word, signed] = type === 'refund reversal' ? ['REFUND', -amount] : [type.toUpperCase(), amount]
    return [[id, cartid, word, (signed / 100).toFixed(2), (fee / 100).toFixed(2), currency, dubai].join(',')]
  })
  return { status: 200, body: [header, ...lines].join('\r\n'), headers: { 'content-type': 'text/csv; charset=utf-8' } }
}
