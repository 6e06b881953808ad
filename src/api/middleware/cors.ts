import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { KeyOwner } from '../../merchants/api-keys.ts'
import { ApiError } from '../../platform/errors.ts'
import type { ApiApp, ApiEnv } from '../env.ts'
import { gatesOf } from '../gates.ts'

const allowedHeaders = 'authorization, content-type, idempotency-key'
const readableHeaders = 'x-request-id, retry-after, idempotent-replayed, shipping-problems'
/** Browsers ask again after this; Chromium after two hours at the latest. */
const preflightSeconds = 86_400

type BrowserRoute = { method: string; path: RegExp }

/**
 * Lets pages of other sites call what is meant for browsers: routes that a publishable key opens, and the checkout links' API. No
 * cookie ever comes along. A preflight carries no key, so any site is told that it may ask; who gets an answer is decided with the
 * key, by {@link admitOrigin}. Everything else answers as if there were no other sites.
 */
export function allowBrowsers(app: ApiApp) {
  let routes: readonly BrowserRoute[] | undefined
  return createMiddleware<ApiEnv>(async (c, next) => {
    const asked = c.req.method === 'OPTIONS' ? c.req.header('access-control-request-method') : c.req.method
    if (c.req.header('origin') === undefined || asked === undefined) return next()
    // Every route is registered by the time of the first request.
    routes ??= browserRoutes(app)
    const methods = routes.filter(({ path }) => path.test(c.req.path)).map(({ method }) => method)
    if (!methods.includes(asked)) return next()
    c.header('access-control-allow-origin', '*')
    if (c.req.method !== 'OPTIONS') {
      c.header('access-control-expose-headers', readableHeaders)
      return next()
    }
    return c.body(null, 204, {
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': allowedHeaders,
      'access-control-max-age': String(preflightSeconds),
    })
  })
}

/**
 * Decides whether a page may use a key: a publishable one from the origins it was given, or from any when it was given none; a
 * secret one from no page at all. @throws ApiError `origin_not_allowed`
 */
export function admitOrigin(c: Context<ApiEnv>, { kind, origins }: KeyOwner): void {
  const origin = c.req.header('origin')
  if (kind === 'secret') return void c.header('access-control-allow-origin', undefined)
  if (origins === null) return
  c.header('vary', 'origin', { append: true })
  if (origin === undefined || origin === new URL(c.get('publicUrl')).origin) return
  c.header('access-control-allow-origin', origins.includes(origin) ? origin : undefined)
  if (!origins.includes(origin)) throw new ApiError('origin_not_allowed')
}

const browserRoutes = (app: ApiApp): BrowserRoute[] =>
  gatesOf(app).flatMap(({ route, opensTo }) => {
    const [method = '', path = ''] = route.split(' ')
    const forBrowsers = opensTo.includes('publishable') || path.startsWith('/v2/public/')
    return forBrowsers ? [{ method, path: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`) }] : []
  })
