import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { listOrphans } from '../../../inbox/replay-events.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, listOf, pageQuery } from '../../schemas.ts'
import { session } from './session-security.ts'

const orphanSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    type: z.string(),
    reference: z.string().nullable(),
    outcome: z.enum(['orphaned', 'unhandled']),
    receivedTime: z.string(),
  })
  .openapi('Orphan')

/** `GET /v2/ops/orphans`: webhooks that nobody could apply, without their bodies. */
export function registerListOrphans(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/ops/orphans',
    tags: ['Operations'],
    summary: 'List webhooks that could not be applied',
    security: session,
    middleware: [requireOperator(parts)] as const,
    request: { query: pageQuery.pick({ limit: true, startingAfter: true }) },
    responses: { 200: json(listOf(orphanSchema), 'The webhooks.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { hasMore, orphans } = await listOrphans(parts.database.sql, c.req.valid('query'))
    return c.json(
      { hasMore, data: orphans.map(({ receivedAt, ...orphan }) => ({ ...orphan, receivedTime: iso(receivedAt) })) },
      200,
    )
  })
}
