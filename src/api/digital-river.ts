import type { Context } from 'hono'
import { isDisputeClosed } from '../disputes/dispute.state-machine.ts'
import type { OrderView } from '../order-view/read-order.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import type { ApiEnv } from './env.ts'
import { toOrderJson } from './order-json.ts'

/** Resources that answer at the root too, so that a client of Digital River's works by changing its base URL. */
const rootResources =
  /^\/(orders|checkouts|customers|sources|charges|fulfillments|refunds|returns|tax-identifiers|files|file-links|events)(\/|$)/

/** Theirs alone: ours of that name are others, or there are none. What providers call stands below `/webhooks` too, but not by PATCH. */
const rootOnly = /^\/(skus|sku-groups|shipping-quotes|checkout\/shipping-quotes)(\/|$)/

/** The path a request is routed by: `/api/v2/…` and Digital River's root paths are other names of `/v2/…`. */
export function routePath(path: string): string {
  if (path.startsWith('/api/v2/')) return path.slice(4)
  return rootResources.test(path) ? `/v2${path}` : path
}

/** True for a request that came by one of Digital River's own paths: it is answered in their words alone. */
export function isDigitalRiver(c: Context): boolean {
  const { pathname } = new URL(c.req.url)
  if (rootResources.test(pathname) || rootOnly.test(pathname)) return true
  return pathname === '/webhooks' || (c.req.method === 'PATCH' && pathname.startsWith('/webhooks/'))
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

/** An order as a caller sees it: in our words, or in Digital River's for a request by one of their paths. */
export function answerOrder(
  c: Context<ApiEnv>,
  order: OrderView,
  viewer: { secret: boolean },
): ReturnType<typeof toOrderJson> {
  const body = toOrderJson(order, { ...viewer, publicUrl: c.get('publicUrl') })
  if (!isDigitalRiver(c)) return body
  return withoutNulls({ ...body, state: digitalRiverState(order) as typeof body.state })
}

/** An answer without its empty fields, which their documents do not allow. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === null ? [] : [[key, withoutNulls(entry)]])),
  ) as T
}
