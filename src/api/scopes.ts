import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { KeyOwner } from '../merchants/api-keys.ts'
import type { KeyScope } from '../merchants/key-scopes.ts'
import { ApiError } from '../platform/errors.ts'
import type { ApiApp } from './env.ts'

/** Which scope the operations of a tag of the document need; the only place that says so. */
export const scopeOfTag: Readonly<Record<string, KeyScope>> = {
  Carts: 'checkouts',
  Checkouts: 'checkouts',
  Shipping: 'checkouts',
  Sources: 'checkouts',
  Orders: 'orders',
  Charges: 'orders',
  Fulfillments: 'orders',
  Returns: 'orders',
  Refunds: 'refunds',
  Disputes: 'refunds',
  SKUs: 'products',
  Coupons: 'products',
  'Digital products': 'products',
  Customers: 'customers',
  'Tax identifiers': 'customers',
  Erasures: 'customers',
  Files: 'files',
  'Webhook endpoints': 'webhooks',
  Events: 'webhooks',
  Balances: 'money',
  Payouts: 'money',
  Settlements: 'money',
  Merchants: 'settings',
  Recipients: 'settings',
  'Selling entities': 'settings',
  'Tax rates': 'settings',
}

/** Of a seller's digital shop the orders are orders, whatever their document calls them. */
const ordersOfLinks = /^\/v2\/digital\/orders(\/|$)/

/** The scope that an operation needs: of the document `POST /v2/orders/{id}`. Undefined for what no scope opens. */
export const scopeOf = (path: string, tags: readonly string[]): KeyScope | undefined =>
  ordersOfLinks.test(path) ? 'orders' : scopeOfTag[tags[0] ?? '']

/** Finds the scope of the operation that a request asks for. */
export type ScopeFinder = (c: Context) => KeyScope | undefined

export function createScopeFinder(app: ApiApp): ScopeFinder {
  let known: Map<string, KeyScope | undefined> | undefined
  return (c) => {
    // Every route is registered by the time of the first request.
    known ??= new Map(
      app.openAPIRegistry.definitions.flatMap((definition) =>
        definition.type === 'route'
          ? [
              [
                keyOf(definition.route.method, definition.route.path),
                scopeOf(definition.route.path, definition.route.tags ?? []),
              ],
            ]
          : [],
      ),
    )
    for (const { path } of matchedRoutes(c)) {
      const key = keyOf(c.req.method, path)
      if (known.has(key)) return known.get(key)
    }
    return undefined
  }
}

const keyOf = (method: string, path: string): string =>
  `${method === 'HEAD' ? 'GET' : method.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`

const isReading = (c: Context): boolean => c.req.method === 'GET' || c.req.method === 'HEAD'

/** A key with scopes does what one of them is for; `read` reads everything. @throws ApiError `scope_missing` that names the scope */
export function requireScope(c: Context, { scopes }: Pick<KeyOwner, 'scopes'>): void {
  if (scopes === null || (isReading(c) && scopes.includes('read'))) return
  const finder: ScopeFinder = c.get('scopeFinder')
  const needed = finder(c)
  if (needed !== undefined && scopes.includes(needed)) return
  throw missing(needed)
}

/** For what an operation shows of another scope beside its own. @throws ApiError `scope_missing` that names the scope */
export function requireScopeToRead({ scopes }: Pick<KeyOwner, 'scopes'>, needed: KeyScope): void {
  if (scopes === null || scopes.includes('read') || scopes.includes(needed)) return
  throw missing(needed)
}

const missing = (needed: KeyScope | undefined) =>
  new ApiError('scope_missing', {
    message: needed ? `This key lacks the scope "${needed}".` : 'No key with scopes may do this.',
  })
