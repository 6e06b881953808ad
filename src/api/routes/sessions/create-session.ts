import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, errorSchema, json, jsonBody } from '../../schemas.ts'
import { signInCaller } from './sign-in-caller.ts'

const sessionSchema = z
  .object({
    user: z.object({ email: z.string(), role: z.enum(['operator', 'merchant']) }),
    expiresTime: z.string(),
  })
  .openapi('Session')

/** `POST /v2/sessions`: signs a person in; the session is in the cookie, never in the body. */
export function registerCreateSession(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/sessions',
    tags: ['Sessions'],
    summary: 'Sign in',
    security: [],
    middleware: openToAnyone,
    request: jsonBody(
      z.object({
        email: z.email().max(254),
        password: z.string().min(1).max(1024),
        code: z.string().min(1).max(40).optional(),
      }),
    ),
    responses: {
      201: json(sessionSchema, 'Signed in; the cookie `ordermill_session` is set for twelve hours.'),
      ...errorResponses,
      429: json(errorSchema, 'Too many attempts; try again after `Retry-After` seconds.'),
    },
  })
  app.openapi(route, async (c) => {
    const result = await signInCaller(c, parts, c.req.valid('json'))
    if (result.outcome === 'code_needed') throw new ApiError('second_factor_required')
    if (result.outcome === 'code_wrong')
      throw new ApiError('unauthorized', { message: 'This code is wrong, or was used.' })
    if (result.outcome === 'refused')
      throw new ApiError('unauthorized', { message: 'Wrong email address or password.' })
    c.header('cache-control', 'no-store')
    return c.json({ user: { email: result.email, role: result.role }, expiresTime: iso(result.expiresAt) }, 201)
  })
}
