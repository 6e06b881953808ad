import { control } from '../control-routes.ts'
import { type Answer, asRecord, credential, type Exchange, json, jsonBody, type Route } from '../http.ts'
import { decimal, type JsonEndpoint, jsonEndpoints, Refusal, records, textOrNull } from '../json-provider.ts'
import type { World } from '../world.ts'
import { catalogueRoutes } from './catalogue.ts'
import { mockUpRoutes } from './mock-ups.ts'
import { costsOf, type PrintfulOrder, PrintfulOrders, shippingCost, shippingMethods } from './orders.ts'

const result = (value: unknown): Answer => json({ code: 200, result: value })

function refusal(status: number, message: string): Answer {
  const reasons: Record<number, string> = {
    400: 'BadRequest',
    401: 'Unauthorized',
    404: 'NotFound',
    429: 'TooManyRequests',
  }
  return json(
    { code: status, result: message, error: { reason: reasons[status] ?? 'InternalServerError', message } },
    status,
  )
}

/** Printful's first API under `/printful`, and the controls that ship or fail an order. */
export function printfulRoutes(world: World): Route[] {
  const orders = new PrintfulOrders(world)
  const endpoint = jsonEndpoints(world, 'printful', {
    prefix: '/printful',
    unauthorized: ({ headers }) =>
      headers.authorization?.startsWith('Bearer ') && credential(headers)
        ? undefined
        : refusal(401, 'The access token provided is invalid.'),
    trouble: (status) => refusal(status, status === 429 ? 'Too many requests.' : 'Internal server error'),
  })
  return [
    ...orderRoutes(orders, endpoint),
    endpoint('POST', 'orders/estimate-costs', 'orders.estimate_costs', ({ body }) => estimateCosts(body)),
    endpoint('POST', 'shipping/rates', 'shipping.rates', ({ body }) => shippingRates(body)),
    ...catalogueRoutes(endpoint),
    ...mockUpRoutes(world, endpoint),
    ...orderControls(orders),
  ]
}

function orderRoutes(orders: PrintfulOrders, endpoint: JsonEndpoint): Route[] {
  const orderById = (id: string): PrintfulOrder => {
    const order = orders.find(id)
    if (!order) throw new Refusal(refusal(404, 'Not Found'))
    return order
  }
  return [
    endpoint('POST', 'orders', 'orders.create', ({ body, query }) => create(orders, body, query)),
    endpoint('GET', 'orders', 'orders.list', ({ query }) => list(orders, query)),
    endpoint('GET', 'orders/:id', 'orders.retrieve', ({ id }) => result(orderById(id))),
    endpoint('POST', 'orders/:id/confirm', 'orders.confirm', ({ id }) => {
      const order = orderById(id)
      if (order.status !== 'draft' && order.status !== 'failed') {
        throw new Refusal(refusal(400, `Order can not be confirmed in status ${order.status}`))
      }
      orders.confirm(order)
      return result(order)
    }),
    endpoint('DELETE', 'orders/:id', 'orders.cancel', ({ id }) => {
      const order = orderById(id)
      if (!['draft', 'pending', 'failed', 'onhold'].includes(order.status)) {
        throw new Refusal(refusal(400, `Order can not be canceled in status ${order.status}`))
      }
      orders.cancel(order)
      return result(order)
    }),
  ]
}

function create(orders: PrintfulOrders, body: Record<string, unknown>, query: URLSearchParams): Answer {
  checkOrder(body)
  const externalId = textOrNull(body, 'external_id')
  if (externalId && orders.find(`@${externalId}`))
    throw new Refusal(refusal(400, 'Order with this External ID already exists'))
  const order = orders.create(body)
  if (['1', 'true'].includes(query.get('confirm') ?? '')) orders.confirm(order)
  return result(order)
}

function list(orders: PrintfulOrders, query: URLSearchParams): Answer {
  const limit = Math.min(100, Number(query.get('limit') ?? 20))
  const offset = Number(query.get('offset') ?? 0)
  const status = query.get('status')
  const result: Readonly<PrintfulOrder>[] = []
  let total = 0
  for (const order of orders.newestFirst()) {
    if (status !== null && order.status !== status) continue
    if (total >= offset && result.length < limit) result.push(order)
    total += 1
  }
  return json({
    code: 200,
    result,
    paging: { total, offset, limit },
  })
}

function checkOrder(body: Record<string, unknown>): void {
  if (records(body.items).length === 0) throw new Refusal(refusal(400, 'No items provided'))
  for (const name of ['name', 'address1', 'city', 'country_code']) {
    if (!textOrNull(asRecord(body.recipient), name))
      throw new Refusal(refusal(400, `Recipient: missing required field ${name}`))
  }
}

function estimateCosts(body: Record<string, unknown>): Answer {
  checkOrder(body)
  const costs = costsOf(body)
  const { currency } = costs
  return result({
    costs,
    retail_costs: { currency, subtotal: null, discount: null, shipping: null, tax: null, vat: null, total: null },
  })
}

function shippingRates(body: Record<string, unknown>): Answer {
  const items = records(body.items)
  if (items.length === 0) throw new Refusal(refusal(400, 'No items provided'))
  const rates = shippingMethods.map(({ id, name, days: [minDeliveryDays, maxDeliveryDays] }) => {
    const rate = decimal(shippingCost(id, items))
    return { id, name, rate, currency: textOrNull(body, 'currency') ?? 'USD', minDeliveryDays, maxDeliveryDays }
  })
  return result(rates)
}

/** Switches for what the print shop would do by itself: start, ship or fail an order. */
function orderControls(orders: PrintfulOrders): Route[] {
  const withOrder = (handle: (order: PrintfulOrder, exchange: Exchange) => Answer) => (exchange: Exchange) => {
    const order = orders.find(exchange.params.id ?? '')
    return order
      ? handle(order, exchange)
      : json({ error: { message: `There is no order ${exchange.params.id}` } }, 404)
  }
  const start = withOrder((order) => {
    orders.start(order)
    return json({ order })
  })
  const ship = withOrder((order) =>
    ['pending', 'inprocess', 'partial'].includes(order.status)
      ? json({ shipment: orders.ship(order), order })
      : json({ error: { message: `An order in status ${order.status} is not shipped; confirm it first` } }, 409),
  )
  const fail = withOrder((order, exchange) => {
    orders.fail(order, textOrNull(jsonBody(exchange), 'reason') ?? 'The address could not be verified')
    return json({ order })
  })
  return [
    control('POST', '/sandbox/printful/orders/:id/start', start),
    control('POST', '/sandbox/printful/orders/:id/ship', ship),
    control('POST', '/sandbox/printful/orders/:id/fail', fail),
  ]
}
