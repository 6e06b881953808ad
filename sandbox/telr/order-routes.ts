import { underFault } from '../faults.ts'
import { type Answer, asRecord, type Exchange, json, jsonBody, type Route } from '../http.ts'
import { textOrNull } from '../json-provider.ts'
import type { World } from '../world.ts'
import type { Order, Telr } from './telr.ts'

const refused = (message: string, note: string) => json({ error: { message, note } })

/** The request in the words of the JSON form, also where it came as the form with `ivp_` in front. */
function wishOf({ headers, body }: Exchange, parsed: Record<string, unknown>): Record<string, unknown> {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return parsed
  const form = Object.fromEntries(new URLSearchParams(body))
  return {
    method: form.ivp_method,
    store: form.ivp_store,
    authkey: form.ivp_authkey,
    order: {
      ref: form.order_ref,
      cartid: form.ivp_cart,
      test: form.ivp_test,
      amount: form.ivp_amount,
      currency: form.ivp_currency,
      description: form.ivp_desc,
      trantype: form.ivp_trantype ?? 'sale',
    },
    return: { authorised: form.return_auth, declined: form.return_decl, cancelled: form.return_can },
    updateUrl: form.ivp_update_url,
  }
}

/** Telr's API of orders: refusals are answers with 200, too. Its operations are `orders.create` and `orders.check`. */
export function orderRoutes(world: World, telr: Telr): Route[] {
  return [
    {
      method: 'POST',
      path: '/telr/gateway/order.json',
      handle: (exchange) => {
        const wish = wishOf(exchange, jsonBody(exchange))
        const operation = wish.method === 'check' ? 'orders.check' : 'orders.create'
        const answer = () => (wish.method === 'check' ? check(telr, wish) : create(world, telr, wish))
        return underFault(world.faults.take('telr', operation), answer, (status) =>
          json({ error: { message: 'E99:Internal error', note: '' } }, status),
        )
      },
    },
  ]
}

const unknownStore = ({ store, authkey }: Record<string, unknown>): Answer | undefined =>
  textOrNull({ store }, 'store') && textOrNull({ authkey }, 'authkey')
    ? undefined
    : refused('E01:Invalid request', 'Store ID and authentication key are required')

function create(world: World, telr: Telr, wish: Record<string, unknown>): Answer {
  const wrong = unknownStore(wish)
  if (wrong) return wrong
  const [order, returns] = [asRecord(wish.order), asRecord(wish.return)]
  const cartid = textOrNull(order, 'cartid') ?? ''
  const amount = Math.round(Number(order.amount) * 100)
  if (cartid === '' || cartid.length > 63) return refused('E05:Invalid cart', 'Cart ID must have 1 to 63 characters')
  if (!(amount > 0)) return refused('E06:Invalid amount', 'Amount must be greater than 0')
  if (!/^[A-Z]{3}$/.test(String(order.currency))) return refused('E07:Invalid currency', 'Currency must be ISO 4217')
  if (telr.knowsCart(cartid)) return refused('E56:Duplicate transaction', 'Cart ID must be unique')
  const made = telr.create({
    cartid,
    amount,
    currency: String(order.currency),
    description: textOrNull(order, 'description') ?? '',
    test: String(order.test) === '1' ? '1' : '0',
    trantype: order.trantype === 'auth' ? 'auth' : 'sale',
    returns: {
      authorised: textOrNull(returns, 'authorised') ?? '',
      declined: textOrNull(returns, 'declined') ?? '',
      cancelled: textOrNull(returns, 'cancelled') ?? '',
    },
    updateUrl: textOrNull(wish, 'updateUrl'),
  })
  const url = `${world.baseUrl()}/telr/gateway/process/${made.id}`
  return json({ method: 'create', trace: world.mintId('trace'), order: { ref: made.id, url } })
}

const texts = { 1: 'Pending', 2: 'Authorised', 3: 'Paid', [-1]: 'Expired', [-2]: 'Cancelled', [-3]: 'Declined' }

function check(telr: Telr, wish: Record<string, unknown>): Answer {
  const wrong = unknownStore(wish)
  if (wrong) return wrong
  const order = telr.orders.get(textOrNull(asRecord(wish.order), 'ref') ?? '')
  if (!order) return refused('E08:Unknown order', 'Order reference not found')
  return json({ method: 'check', trace: '', order: shown(telr, order) })
}

function shown(telr: Telr, { id: ref, cartid, test, amount, currency, description, code, transaction }: Order) {
  const made = telr.transactions.look(transaction ?? '')
  return {
    ref,
    cartid,
    test: Number(test),
    amount: (amount / 100).toFixed(2),
    currency,
    description,
    status: { code, text: texts[code] },
    ...(made
      ? {
          transaction: {
            ref: made.id,
            date: made.at,
            type: made.type,
            class: 'ecom',
            status: made.status,
            code: made.responseCode,
            message: made.message,
          },
          paymethod: 'Card',
          card: {
            type: 'Visa Credit',
            last4: '1111',
            first6: '411111',
            country: 'AE',
            expiry: { month: 12, year: 2030 },
          },
        }
      : {}),
  }
}
