import type { Context } from 'hono'
import { isDisputeClosed } from '../disputes/dispute.state-machine.ts'
import type { OrderView } from '../order-view/read-order.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import type { ErrorCode } from '../platform/errors.ts'
import type { ApiEnv } from './env.ts'
import { toOrderJson } from './order-json.ts'

/** Resources that answer at the root too, so that a client of Digital River's works by changing its base URL. */
const rootResources =
  /^\/(orders|checkouts|customers|sources|charges|fulfillments|refunds|returns|tax-identifiers|files|file-links|events)(\/|$)/

/** Theirs alone: ours of that name are others, or there are none. */
const rootOnly = /^\/(skus|sku-groups|shipping-quotes|checkout\/shipping-quotes)(\/|$)/

/** The path a request is routed by: `/api/v2/…` and Digital River's root paths are other names of `/v2/…`. */
export function routePath(method: string, path: string): string {
  if (path.startsWith('/api/v2/')) return path.slice(4)
  const known = knownPath(path)
  if (rootResources.test(known)) return `/v2${known}`
  const endpoint = endpointOf(method, known)
  if (endpoint !== undefined) return `/v2/webhook-endpoints${endpoint}`
  return rootOnly.test(known) ? known : path
}

/** One of their paths as we know it: their clients double slashes, end in one, and ask the service of payments for a source. */
const knownPath = (path: string): string =>
  path
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(.)\/$/, '$1')
    .replace(/^\/payments\/sources\//, '/sources/')

/** What stands after `/webhooks`, their name of webhook endpoints. Providers post below it, and nobody else does. */
const endpointOf = (method: string, path: string): string | undefined =>
  (method === 'POST' ? /^\/webhooks()$/ : /^\/webhooks(|\/[^/]+)$/).exec(path)?.[1]

/** A path of the routes that is theirs alone. */
export const isDigitalRiverPath = (path: string): boolean => rootOnly.test(path)

/** Where one of our own paths answers at the root in their words; undefined where it does not. */
export function digitalRiverAddress(path: string): string | undefined {
  const endpoint = /^\/v2\/webhook-endpoints(|\/\{id\})$/.exec(path)?.[1]
  if (endpoint !== undefined) return `/webhooks${endpoint}`
  const address = path.slice('/v2'.length)
  return path.startsWith('/v2/') && rootResources.test(address) ? address : undefined
}

/** True for a request that came by one of Digital River's own paths: it is answered in their words alone. */
export function isDigitalRiver(c: Context): boolean {
  const path = knownPath(new URL(c.req.url).pathname)
  return rootResources.test(path) || rootOnly.test(path) || endpointOf(c.req.method, path) !== undefined
}

/** Our states in the words of Digital River's orders, which know neither an unpaid draft nor our own fulfilment. */
const stateNames: Partial<Record<OrderState, string>> = {
  pending: 'pending_payment',
  payment_failed: 'pending_payment',
  confirmed: 'accepted',
}

/** The state of an order as Digital River's clients know it; an open dispute is a state there. */
export function digitalRiverState(order: Pick<OrderView, 'state' | 'disputeState'>): string {
  if (order.disputeState !== null && !isDisputeClosed(order.disputeState)) return 'dispute'
  return stateNames[order.state] ?? order.state
}

/** What an error is called there: their clients go on with a customer who exists, and take the last word of a payment from it. */
const errorNames: Partial<Record<ErrorCode, string>> = {
  id_in_use: 'already_exists',
  'suspected-fraud': 'order-fraud-failure',
}

export const errorName = (c: Context, code: ErrorCode): string =>
  (isDigitalRiver(c) ? errorNames[code] : undefined) ?? code

/** An order as a caller sees it: in our words, or in Digital River's for a request by one of their paths. */
export function answerOrder(
  c: Context<ApiEnv>,
  order: OrderView,
  viewer: { secret: boolean },
): ReturnType<typeof toOrderJson> {
  const body = toOrderJson(order, { ...viewer, publicUrl: c.get('publicUrl') })
  if (!isDigitalRiver(c)) return body
  return withoutNulls({ ...withoutOurs(body), state: digitalRiverState(order) as typeof body.state })
}

/** What an order shows without what their documents do not know and refuse. */
export function withoutOurs<Order extends object>(order: Order): Omit<Order, 'eInvoices'> {
  const { eInvoices: _ours, ...theirs } = order as Order & { eInvoices?: unknown }
  return theirs
}

/** An answer without its empty fields, which their documents do not allow. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === null ? [] : [[key, withoutNulls(entry)]])),
  ) as T
}
