import { OpenAPIHono } from '@hono/zod-openapi'
import type { KeyOwner } from '../merchants/api-keys.ts'
import { ApiError } from '../platform/errors.ts'

export type ApiEnv = { Variables: { requestId: string; caller: KeyOwner } }
export type ApiApp = OpenAPIHono<ApiEnv>

/** An app whose validation errors become the error format. `/api/v2/…` is the same as `/v2/…`. */
export const createApp = (): ApiApp =>
  new OpenAPIHono<ApiEnv>({
    getPath: (request) => {
      const path =
        request.url.slice(request.url.indexOf('/', request.url.indexOf('://') + 3)).split(/[?#]/, 1)[0] ?? '/'
      return path.startsWith('/api/v2/') ? path.slice(4) : path
    },
    defaultHook: (result) => {
      if (result.success) return
      const [issue] = result.error.issues
      const parameter = issue?.path.join('.')
      const missing = issue?.code === 'invalid_type' && /received undefined/.test(issue.message)
      throw new ApiError(missing ? 'missing_parameter' : 'invalid_parameter', {
        ...(issue && !missing ? { message: `${parameter || 'body'}: ${issue.message}` } : {}),
        ...(parameter ? { parameter } : {}),
      })
    },
  })
