import type { Hono, MiddlewareHandler } from 'hono'
import type { KeyKind } from '../merchants/api-keys.ts'

/** Who may knock at a route. `provider` is whoever signs a webhook, `seller` a person at a merchant's dashboard. */
export type Knocker = 'anyone' | 'provider' | 'seller' | 'operator' | KeyKind

/** Marks the middleware that decides who passes a route. */
export const gate = <Middleware extends object>(opensTo: readonly Knocker[], middleware: Middleware): Middleware =>
  Object.assign(middleware, { opensTo })

/** For what everybody may call. Said aloud, so that a route without a gate is a mistake and not a choice. */
export const openToAnyone: MiddlewareHandler = gate<MiddlewareHandler>(['anyone'], (_c, next) => next())

/** For handlers that tell by themselves whether a provider has signed, or that show a session what is its own. */
export const decidesItself = (...opensTo: Knocker[]): MiddlewareHandler =>
  gate<MiddlewareHandler>(opensTo, (_c, next) => next())

type Route = { method: string; path: string; handler: object }

/** What stands before every route and decides nothing about who calls. */
const wholeApi = new Set(['/*', '/v2/*'])

const gateOf = ({ handler }: Route): readonly Knocker[] | undefined => {
  // Routes of an app with an error handler of its own are wrapped.
  const inner = '__COMPOSED_HANDLER' in handler ? (handler.__COMPOSED_HANDLER as object) : handler
  return 'opensTo' in inner ? (inner.opensTo as readonly Knocker[]) : undefined
}

const covers = (pattern: string, path: string): boolean =>
  pattern === path || (pattern.endsWith('/*') && `${path}/`.startsWith(pattern.slice(0, -1)))

/** Every route with whom its gates let in; none for a route that somebody forgot to close. */
export function gatesOf(app: Pick<Hono, 'routes'>): { route: string; opensTo: Knocker[] }[] {
  const routes: Route[] = app.routes
  const seen = new Map<string, Knocker[]>()
  for (const { method, path } of routes) {
    if (wholeApi.has(path)) continue
    const gates = routes.flatMap((other) =>
      (other.method === method || other.method === 'ALL') && covers(other.path, path) ? [gateOf(other)] : [],
    )
    seen.set(`${method} ${path}`, [...new Set(gates.flatMap((opensTo) => opensTo ?? []))])
  }
  return [...seen].map(([route, opensTo]) => ({ route, opensTo }))
}

/** Ends the start of an API that has a route without a gate. */
export function requireGates(app: Pick<Hono, 'routes'>): void {
  const open = gatesOf(app).filter(({ opensTo }) => opensTo.length === 0)
  if (open.length > 0) throw new Error(`routes without a gate: ${open.map(({ route }) => route).join(', ')}`)
}
