import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { listTasks, type TaskView } from '../../../tasks/tasks.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, listOf, pageQuery } from '../../schemas.ts'
import { session } from './session-security.ts'

const taskStates = ['pending', 'enqueued', 'done', 'failed'] as const

const taskSchema = z
  .object({
    id: z.string(),
    job: z.string(),
    queue: z.string(),
    orderId: z.string().nullable(),
    state: z.enum(taskStates),
    attempts: z.number().int(),
    lastError: z.string().nullable().openapi({ description: 'A code, never personal data.' }),
    runTime: z.string(),
    createdTime: z.string(),
    doneTime: z.string().nullable(),
  })
  .openapi('Task')

const toJson = ({ runAt, createdAt, doneAt, ...task }: TaskView): z.infer<typeof taskSchema> => ({
  ...task,
  runTime: iso(runAt),
  createdTime: iso(createdAt),
  doneTime: doneAt && iso(doneAt),
})

/** `GET /v2/ops/tasks`: background work, newest first. */
export function registerListTasks(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/ops/tasks',
    tags: ['Operations'],
    summary: 'List background tasks',
    security: session,
    middleware: [requireOperator(parts)] as const,
    request: {
      query: pageQuery
        .pick({ limit: true, startingAfter: true })
        .extend({ state: z.enum(taskStates).optional(), orderId: idParam.optional() }),
    },
    responses: { 200: json(listOf(taskSchema), 'The tasks.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { hasMore, tasks } = await listTasks(parts.database.sql, c.req.valid('query'))
    return c.json({ hasMore, data: tasks.map(toJson) }, 200)
  })
}
