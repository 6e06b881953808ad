import { createRoute, z } from '@hono/zod-openapi'
import { explainFinding } from '../../../audit/findings.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json } from '../../schemas.ts'
import { session } from './session-security.ts'

/** Why the books disagree, in a person's words. */
export const explanation = z.strictObject({ reason: z.string().trim().min(1).max(500) })

/** `POST /v2/ops/audit-findings/{id}/explain`: a person says why the books disagree. What is not open any more is not found. */
export function registerExplainFinding(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/ops/audit-findings/{id}/explain',
    tags: ['Operations'],
    security: session,
    middleware: [requireOperator(parts)] as const,
    summary: 'Say why the books disagree',
    request: {
      params: z.object({ id: idParam }),
      body: { content: { 'application/json': { schema: explanation } }, required: true },
    },
    responses: {
      200: json(z.object({ id: z.string(), state: z.literal('explained') }), 'It is explained.'),
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { reason } = c.req.valid('json')
    const author = c.get('operator').email
    if (!(await explainFinding(parts.database.sql, { id, reason, author }))) throw new ApiError('not_found')
    return c.json({ id, state: 'explained' as const }, 200)
  })
}
