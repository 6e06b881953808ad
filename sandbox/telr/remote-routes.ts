import { XMLBuilder, XMLParser } from 'fast-xml-parser'
import { underFault } from '../faults.ts'
import { type Answer, asRecord, credential, type Exchange, type Route } from '../http.ts'
import { textOrNull } from '../json-provider.ts'
import type { World } from '../world.ts'
import type { Telr, Transaction, TransactionType } from './telr.ts'

const parser = new XMLParser({ parseTagValue: false })
const builder = new XMLBuilder({})

const xml = (document: unknown, status = 200): Answer => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?>${builder.build(document)}`,
  headers: { 'content-type': 'application/xml' },
})

const followers: readonly TransactionType[] = ['capture', 'void', 'refund']

/**
 * Telr's remote API, of what follows a payment, with the operations `remote.capture`, `remote.void` and `remote.refund`; and its service API,
 * which shows the transactions with a cart, `transactions.list`. A refund that is sent twice is made twice.
 */
export function remoteRoutes(world: World, telr: Telr): Route[] {
  return [
    {
      method: 'POST',
      path: '/telr/gateway/remote.xml',
      handle: (exchange) => {
        const wish = readWish(exchange)
        const answer = () => follow(telr, wish)
        return underFault(world.faults.take('telr', `remote.${wish.tran.type}`), answer, trouble)
      },
    },
    {
      method: 'GET',
      path: '/telr/tools/api/xml/transaction/:cart/cart',
      handle: (exchange) =>
        underFault(world.faults.take('telr', 'transactions.list'), () => list(telr, exchange), trouble),
    },
  ]
}

const trouble = (status: number): Answer => ({ status, body: 'Internal error' })

type Wish = { key: string | null; tran: Record<string, unknown> }

function readWish({ body }: Exchange): Wish {
  try {
    const remote = asRecord(parser.parse(body).remote)
    return { key: textOrNull(remote, 'key'), tran: asRecord(remote.tran) }
  } catch {
    return { key: null, tran: {} }
  }
}

const refused = (code: string, message: string): Answer =>
  xml({ remote: { auth: { status: 'E', code, message, tranref: '' } } })

function follow(telr: Telr, { key, tran }: Wish): Answer {
  if (!key) return refused('01', 'Invalid authentication')
  const type = followers.find((name) => name === tran.type)
  const previous = telr.transactions.get(textOrNull(tran, 'ref') ?? '')
  const order = previous && telr.orders.get(previous.order)
  if (!type || !order) return refused('22', 'Invalid transaction reference')
  if (tran.cartid !== order.cartid || tran.currency !== order.currency) return refused('23', 'Invalid cart or currency')
  const made = telr.follow({
    type,
    order,
    amount: Math.round(Number(tran.amount) * 100),
    description: textOrNull(tran, 'description') ?? '',
    previous,
  })
  if (!made) return xml({ remote: { auth: { status: 'D', code: '32', message: 'Not possible', tranref: '' } } })
  const { status, responseCode: code, message, id: tranref } = made
  return xml({ remote: { auth: { status, code, message, tranref } } })
}

function list(telr: Telr, { headers, params }: Exchange): Answer {
  if (!credential(headers)) return { status: 403, body: '' }
  const transactions = telr.ofCart(params.cart ?? '').map(shown)
  return xml({ transactions: { trancount: transactions.length, transaction: transactions } })
}

const names: Record<TransactionType, string> = {
  sale: 'Sale',
  auth: 'Auth',
  capture: 'Capture',
  void: 'Void',
  refund: 'Refund',
  'refund reversal': 'Refund Reversal',
}

const shown = ({
  id,
  previous,
  first,
  type,
  status,
  responseCode,
  message,
  amount,
  ...more
}: Readonly<Transaction>) => ({
  id,
  prev_id: previous ?? '',
  init_id: first === id ? '' : first,
  type: { name: names[type], code: type.slice(0, 1) },
  class: { name: 'E-commerce', code: 'ecom' },
  auth: { status, code: responseCode, message },
  amount: (amount / 100).toFixed(2),
  currency: more.currency,
  description: more.description,
  cartid: more.cartid,
  test: more.test,
  date: more.at,
})
