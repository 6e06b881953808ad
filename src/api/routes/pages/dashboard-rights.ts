import type { Context, Hono } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Right } from '../../../operators/roles.ts'

/** What every route of the dashboard needs. A route without a line keeps the API from starting. */
export const dashboardRights: Readonly<Record<string, Right>> = {
  'GET /dashboard': 'look',
  'GET /dashboard/search': 'look',
  'GET /dashboard/revenue': 'look',

  'GET /dashboard/orders': 'look',
  'GET /dashboard/orders.csv': 'look',
  'POST /dashboard/orders/bulk': 'orders',
  'GET /dashboard/orders/:id': 'look',
  'GET /dashboard/orders/:id/papers/:fileId/:format': 'look',
  'GET /dashboard/orders/:id/block': 'orders',
  'POST /dashboard/orders/:id/block': 'orders',
  'POST /dashboard/orders/:id/approve': 'orders',
  'POST /dashboard/orders/:id/ship': 'orders',
  'POST /dashboard/orders/:id/note': 'orders',
  'POST /dashboard/orders/:id/tags': 'orders',
  'POST /dashboard/orders/:id/ship-to': 'orders',
  'GET /dashboard/orders/:id/parcels/:shipment/call-off': 'orders',
  'POST /dashboard/orders/:id/parcels/:shipment/call-off': 'orders',
  'GET /dashboard/orders/:id/parcels/:shipment/send-again': 'orders',
  'POST /dashboard/orders/:id/parcels/:shipment/send-again': 'orders',
  'POST /dashboard/orders/:id/delivery': 'orders',
  'POST /dashboard/orders/:id/delivered': 'orders',
  'POST /dashboard/orders/:id/retry-delivery': 'orders',
  'POST /dashboard/orders/:id/tasks/:task/retry': 'orders',
  'GET /dashboard/orders/:id/refund': 'refunds',
  'POST /dashboard/orders/:id/refund': 'refunds',
  'POST /dashboard/orders/:id/refund/preview': 'refunds',

  'POST /dashboard/disputes/:id/evidence': 'refunds',

  'GET /dashboard/products': 'look',
  'GET /dashboard/products/new': 'products',
  'POST /dashboard/products/new': 'products',
  'GET /dashboard/new-goods': 'products',
  'POST /dashboard/new-goods': 'products',
  'GET /dashboard/products/:id': 'look',
  'POST /dashboard/products/:id': 'products',
  'POST /dashboard/products/:id/licence-keys': 'products',
  'GET /dashboard/products/:id/archive': 'products',
  'POST /dashboard/products/:id/archive': 'products',
  'POST /dashboard/products/:id/restore': 'products',
  'POST /dashboard/products/:id/mock-up': 'products',

  'GET /dashboard/new-print': 'products',
  'POST /dashboard/new-print': 'products',
  'GET /dashboard/new-variants': 'products',
  'POST /dashboard/new-variants': 'products',
  'GET /dashboard/variants/:id': 'look',
  'POST /dashboard/variants/:id': 'products',
  'POST /dashboard/variants/:id/offers': 'products',
  'POST /dashboard/variants/:id/add': 'products',
  'GET /dashboard/variants/:id/archive': 'products',
  'POST /dashboard/variants/:id/archive': 'products',
  'POST /dashboard/variants/:id/restore': 'products',

  'GET /dashboard/links': 'look',
  'GET /dashboard/links/new': 'links',
  'POST /dashboard/links/new': 'links',
  'GET /dashboard/links/:id': 'look',
  'POST /dashboard/links/:id': 'links',
  'POST /dashboard/links/:id/active': 'links',

  'GET /dashboard/files': 'look',
  'POST /dashboard/files': 'files',

  'GET /dashboard/brand': 'brand',
  'POST /dashboard/brand': 'brand',

  'GET /dashboard/balance': 'balance',
  'GET /dashboard/balance/statement': 'balance',
  'GET /dashboard/balance/entries.csv': 'balance',

  'GET /dashboard/webhooks': 'look',
  'POST /dashboard/webhooks': 'webhooks',
  'GET /dashboard/webhooks/:id': 'look',
  'POST /dashboard/webhooks/:id/enabled': 'webhooks',
  'POST /dashboard/webhooks/:id/test': 'deliveries',
  'GET /dashboard/webhooks/:id/deliveries/:delivery': 'look',
  'POST /dashboard/webhooks/:id/deliveries/:delivery/redeliver': 'deliveries',
  'GET /dashboard/webhooks/:id/remove': 'webhooks',
  'POST /dashboard/webhooks/:id/remove': 'webhooks',

  'GET /dashboard/keys': 'keys',
  'POST /dashboard/keys': 'keys',
  'POST /dashboard/keys/:id/origins': 'keys',
  'GET /dashboard/keys/:id/revoke': 'keys',
  'POST /dashboard/keys/:id/revoke': 'keys',

  'GET /dashboard/people': 'people',
  'POST /dashboard/people': 'people',
  'POST /dashboard/people/:id/role': 'people',
  'GET /dashboard/people/:id/remove': 'people',
  'POST /dashboard/people/:id/remove': 'people',

  'GET /dashboard/account': 'own account',
  'POST /dashboard/account/password': 'own account',
  'GET /dashboard/account/second-factor': 'own account',
  'POST /dashboard/account/second-factor/begin': 'own account',
  'POST /dashboard/account/second-factor/confirm': 'own account',
  'POST /dashboard/account/second-factor/off': 'own account',
}

/** Need no session: whoever comes to them is about to have one, or to lose it. */
const signIn = /^\/dashboard\/(login(\/|$)|logout$)/

/** What somebody needs for the page or button that a request asks for; undefined for what is no page of ours. */
export function rightFor(c: Context): Right | undefined {
  for (const { path } of matchedRoutes(c)) {
    const right = dashboardRights[`${c.req.method === 'HEAD' ? 'GET' : c.req.method} ${path}`]
    if (right !== undefined) return right
  }
  return undefined
}

/** The routes of the dashboard that somebody needs a right for. */
export const dashboardRoutes = ({ routes }: Pick<Hono, 'routes'>): string[] => [
  ...new Set(
    routes.flatMap(({ method, path }) =>
      /^\/dashboard(\/|\.|$)/.test(path) && method !== 'ALL' && !signIn.test(path) ? [`${method} ${path}`] : [],
    ),
  ),
]

/** Ends the start of an API whose dashboard has a page or button that nobody has thought about. */
export function requireRights(app: Pick<Hono, 'routes'>): void {
  const unknown = dashboardRoutes(app).filter((route) => !(route in dashboardRights))
  if (unknown.length > 0) throw new Error(`routes of the dashboard without a right: ${unknown.join(', ')}`)
}
