import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ApiError } from '../platform/errors.ts'

/** Whether a path belongs to the link API, whose answers are wrapped. */
export const hasEnvelope = (path: string): boolean => /^\/v2\/(public|digital|downloads)\//.test(path)

/** `{success: true, data}`, the form of every good answer of the link API. */
export const success = <Data extends object, Status extends ContentfulStatusCode>(
  c: Context,
  data: Data,
  status: Status,
) => c.json({ success: true as const, data }, status)

/** `{success: false, error: {code, message}}` with the status of the error's code. */
export const failure = (c: Context, { code, message, status }: ApiError) =>
  c.json({ success: false as const, error: { code, message } }, status)

/** The OpenAPI schema of what {@link success} sends. */
export const envelopeOf = <T extends z.ZodType>(data: T) => z.object({ success: z.literal(true), data })

const failureSchema = z
  .object({ success: z.literal(false), error: z.object({ code: z.string(), message: z.string() }) })
  .openapi('Failure')

/** The OpenAPI description of one refusal of the link API. */
export const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: failureSchema } },
})
