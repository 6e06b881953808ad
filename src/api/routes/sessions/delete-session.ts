import { createRoute } from '@hono/zod-openapi'
import { closeSession } from '../../../operators/sessions.ts'
import type { ApiApp } from '../../env.ts'
import { decidesItself } from '../../gates.ts'
import { checkSameOrigin, clearSessionCookie, sessionToken } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses } from '../../schemas.ts'
import { session } from '../ops/session-security.ts'

/** `DELETE /v2/sessions`: signs out. Whoever is not signed in is signed out already. */
export function registerDeleteSession(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'delete',
    path: '/v2/sessions',
    tags: ['Sessions'],
    summary: 'Sign out',
    security: session,
    middleware: decidesItself('anyone'),
    responses: { 204: { description: 'Signed out.' }, ...errorResponses },
  })
  app.openapi(route, async (c) => {
    checkSameOrigin(c, parts)
    const token = sessionToken(c)
    if (token) await closeSession(parts.database.sql, token)
    clearSessionCookie(c, parts)
    return c.body(null, 204)
  })
}
