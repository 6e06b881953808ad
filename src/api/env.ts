import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { KeyOwner } from '../merchants/api-keys.ts'
import { ApiError, errorCodes } from '../platform/errors.ts'
import { routePath } from './digital-river.ts'
import { isStrict, refuseUnknown } from './middleware/refuse-unknown.ts'
import type { ScopeFinder } from './scopes.ts'

export type ApiEnv = { Variables: { requestId: string; publicUrl: string; caller: KeyOwner; scopeFinder: ScopeFinder } }
export type ApiApp = OpenAPIHono<ApiEnv>

/**
 * An app whose validation errors become the error format, and whose own routes refuse what their contract does not know.
 * `/api/v2/…` is the same as `/v2/…`, and so is `/orders` at the root.
 */
export function createApp(): ApiApp {
  const app = new OpenAPIHono<ApiEnv>({
    getPath: (request) => {
      const path =
        request.url.slice(request.url.indexOf('/', request.url.indexOf('://') + 3)).split(/[?#]/, 1)[0] ?? '/'
      return routePath(request.method, path)
    },
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error)
    },
  })
  const register = app.openapi
  app.openapi = (route, handler, hook) => {
    if (!isStrict(route)) return register(route, handler, hook)
    const middleware = [...[route.middleware ?? []].flat(), refuseUnknown(route)]
    // What the handler finds in its context is still what the route's own middleware puts there.
    return register({ ...route, middleware } as typeof route, handler, hook)
  }
  return app
}

/** Names all that is missing from a request, or all that is wrong with it where nothing is missing before that. */
export function invalidInput({ issues }: Pick<z.ZodError, 'issues'>): ApiError {
  const [first] = issues
  const missing = first !== undefined && isMissing(first)
  const [named, ...further] = issues.filter((issue) => isMissing(issue) === missing).map(describe)
  return new ApiError(missing ? 'missing_parameter' : 'invalid_parameter', { ...named, further })
}

type Issue = z.ZodError['issues'][number]

const isMissing = (issue: Issue): boolean => issue.code === 'invalid_type' && /received undefined/.test(issue.message)

function describe(issue: Issue): { message: string; parameter?: string } {
  const parameter = issue.path.join('.')
  const message = isMissing(issue) ? errorCodes.missing_parameter[1] : `${parameter || 'body'}: ${issue.message}`
  return { message, ...(parameter ? { parameter } : {}) }
}
