import { createRoute, z } from '@hono/zod-openapi'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import { errorResponses, idParam, json } from '../../schemas.ts'
import type { OperationsParts } from './operations-parts.ts'
import { retryFailedTask } from './retry-failed-task.ts'
import { session } from './session-security.ts'

/** `POST /v2/ops/tasks/{id}/retry`: the same task starts over; what it finished before is not repeated (I12). */
export function registerRetryTask(app: ApiApp, parts: OperationsParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/ops/tasks/{id}/retry',
    tags: ['Operations'],
    summary: 'Retry a failed task',
    security: session,
    middleware: [requireOperator(parts)] as const,
    request: { params: z.object({ id: idParam }) },
    responses: {
      200: json(z.object({ id: z.string(), state: z.literal('enqueued') }), 'It runs again.'),
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    await retryFailedTask(parts, id, c.get('operator').userId)
    return c.json({ id, state: 'enqueued' as const }, 200)
  })
}
