import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { KeyOwner } from '../merchants/api-keys.ts'
import { ApiError } from '../platform/errors.ts'
import { routePath } from './digital-river.ts'

export type ApiEnv = { Variables: { requestId: string; publicUrl: string; caller: KeyOwner } }
export type ApiApp = OpenAPIHono<ApiEnv>

/** An app whose validation errors become the error format. `/api/v2/…` is the same as `/v2/…`, and so is `/orders` at the root. */
export const createApp = (): ApiApp =>
  new OpenAPIHono<ApiEnv>({
    getPath: (request) => {
      const path =
        request.url.slice(request.url.indexOf('/', request.url.indexOf('://') + 3)).split(/[?#]/, 1)[0] ?? '/'
      return routePath(path)
    },
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error)
    },
  })

/** Names the first thing that is wrong with a request, or missing. */
export function invalidInput({ issues: [issue] }: Pick<z.ZodError, 'issues'>): ApiError {
  const parameter = issue?.path.join('.')
  const missing = issue?.code === 'invalid_type' && /received undefined/.test(issue.message)
  return new ApiError(missing ? 'missing_parameter' : 'invalid_parameter', {
    ...(issue && !missing ? { message: `${parameter || 'body'}: ${issue.message}` } : {}),
    ...(parameter ? { parameter } : {}),
  })
}
