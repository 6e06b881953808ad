import type { z } from 'zod'
import { ApiError } from './errors.ts'
import { isTooDeep, toStorableJson } from './storable.ts'

/** Below this many characters nesting cannot exhaust a stack. */
const shallowLength = 8_192

/** Escapes of what Postgres cannot keep. */
const suspicious = /\\u(?:0000|d[89a-f])/i

/**
 * Reads a webhook's body after its signature was verified. Its sender will not send it otherwise, so that what cannot be stored is
 * replaced, not refused. @throws ApiError `invalid_json`, `invalid_event` naming what the schema misses
 */
export function readSignedJson<T>(rawBody: string, schema: z.ZodType<T>): T {
  let event: unknown
  try {
    event = JSON.parse(rawBody)
  } catch {
    throw new ApiError('invalid_json')
  }
  if (rawBody.length > shallowLength && isTooDeep(event)) throw new ApiError('invalid_event')
  const result = schema.safeParse(suspicious.test(rawBody) ? toStorableJson(event) : event)
  if (result.success) return result.data
  const parameter = result.error.issues[0]?.path.join('.')
  throw new ApiError('invalid_event', parameter ? { parameter } : {})
}
