import { createRoute, z } from '@hono/zod-openapi'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json } from '../../schemas.ts'
import { retryFailedTask } from './retry-failed-task.ts'
import { session } from './session-security.ts'

/**
 * `POST /v2/ops/tasks/{id}/retry`: the same task starts over; what it finished before is not repeated. With `acceptCost=true` a label
 * or a print job may cost what it was found to cost, although that is more than was quoted.
 */
export function registerRetryTask(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/ops/tasks/{id}/retry',
    tags: ['Operations'],
    summary: 'Retry a failed task',
    security: session,
    middleware: [requireOperator(parts)] as const,
    request: {
      params: z.object({ id: idParam }),
      query: z.object({ acceptCost: z.enum(['true', 'false']).optional() }),
    },
    responses: {
      200: json(z.object({ id: z.string(), state: z.literal('enqueued') }), 'It runs again.'),
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const acceptCost = c.req.valid('query').acceptCost === 'true'
    await retryFailedTask(parts, id, { operatorId: c.get('operator').userId, acceptCost })
    return c.json({ id, state: 'enqueued' as const }, 200)
  })
}
