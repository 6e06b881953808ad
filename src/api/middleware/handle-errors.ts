import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isDatabaseDown } from '../../platform/database-unavailable.ts'
import { ApiError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import { isUnstorableText } from '../../platform/storable.ts'
import { TaskBusy } from '../../tasks/task-error.ts'
import { errorName } from '../digital-river.ts'
import type { ApiEnv } from '../env.ts'
import { failure, hasEnvelope } from '../envelope.ts'

/**
 * Turns every thrown error into `{type, errors:[{code, message, parameter?}]}`, or into the link API's envelope on its paths;
 * only unexpected ones are logged.
 */
export const handleErrors =
  (log: Log) =>
  (error: Error, c: Context<ApiEnv>): Response => {
    const known = toApiError(error)
    if (known.status >= 500) {
      log.error({ requestId: c.get('requestId'), code: known.code, err: known.cause ?? error }, 'request failed')
    }
    return toResponse(c, known)
  }

export function toResponse(c: Context, error: ApiError): Response {
  if (error.status === 503) c.header('retry-after', '5')
  if (error.status === 401) c.header('www-authenticate', 'Bearer')
  if (hasEnvelope(c.req.path)) return failure(c, error)
  const errors = [error, ...error.further].map(({ message, parameter }) => ({
    code: errorName(c, error.code),
    message,
    ...(parameter ? { parameter } : {}),
  }))
  return c.json({ type: error.kind, errors }, error.status)
}

/** What a caller is told of an error. */
export function toApiError(error: Error): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof HTTPException) {
    if (error.status === 400) return new ApiError('invalid_json')
    if (error.status === 413) return new ApiError('payload_too_large')
    if (error.status === 415)
      return new ApiError('invalid_content_type', { message: 'Send a JSON body with content-type application/json.' })
  }
  if (error instanceof ProviderError) {
    return error.outcome === 'refused'
      ? new ApiError('payment_refused', {
          ...(error.publicMessage ? { message: error.publicMessage } : {}),
          cause: error,
        })
      : new ApiError('provider_unavailable', { cause: error })
  }
  if (error instanceof TaskBusy) return new ApiError('operation_in_progress', { cause: error })
  if (isUnstorableText(error)) return new ApiError('not_found', { cause: error })
  if (isDatabaseDown(error)) return new ApiError('database_unavailable', { cause: error })
  return new ApiError('internal_server_error', { cause: error })
}
