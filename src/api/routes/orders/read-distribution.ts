import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { readDistribution } from '../../../distribution/read-distribution.ts'
import { readTimeline } from '../../../orders/read-timeline.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, secretKey } from '../../schemas.ts'
import { splitSchema, toSplitJson } from '../settlements/split-json.ts'

const timelineSchema = z
  .object({
    data: z.array(
      z.object({
        time: z.string(),
        kind: z.string(),
        subject: z.string(),
        subjectId: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        cause: z.string(),
        detail: z.record(z.string(), z.unknown()).nullable(),
      }),
    ),
    tasks: z.array(
      z.object({
        id: z.string(),
        job: z.string(),
        state: z.string(),
        attempts: z.number(),
        lastError: z.string().nullable(),
        createdTime: z.string(),
        doneTime: z.string().nullable(),
      }),
    ),
  })
  .openapi('Timeline')

/** `GET /v2/orders/{id}/distribution` and `/timeline`: where the money goes, and everything that happened. */
export function registerReadOrderDetails(app: ApiApp, parts: ApiParts): void {
  const shared = {
    method: 'get' as const,
    tags: ['Orders'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam }) },
  }

  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/orders/{id}/distribution',
      summary: 'Read who earns what of an order',
      responses: {
        200: json(z.object({ data: z.array(splitSchema) }), 'The splits with their states.'),
        ...errorResponses,
      },
    }),
    async (c) => {
      const splits = await readDistribution(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
      if (!splits) throw new ApiError('not_found')
      return c.json({ data: splits.map(toSplitJson) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/orders/{id}/timeline',
      summary: 'Read everything that happened to an order',
      responses: {
        200: json(timelineSchema, 'Transitions, drops and operations, oldest first, and the tasks.'),
        ...errorResponses,
      },
    }),
    async (c) => {
      const timeline = await readTimeline(parts.database.sql, c.get('caller'), c.req.valid('param').id)
      if (!timeline) throw new ApiError('not_found')
      return c.json(
        {
          data: timeline.lines.map(({ at, ...line }) => ({ time: iso(at), ...line })),
          tasks: timeline.tasks.map(({ createdAt, doneAt, ...task }) => ({
            ...task,
            createdTime: iso(createdAt),
            doneTime: doneAt && iso(doneAt),
          })),
        },
        200,
      )
    },
  )
}
