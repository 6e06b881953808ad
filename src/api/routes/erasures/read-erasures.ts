import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { type ErasureView, listErasures, readErasure } from '../../../erasure/read-erasures.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { readPeriod, timeQuery } from '../../time-filter.ts'

const erasureStates = ['waiting', 'done'] as const

const erasureSchema = z
  .object({
    id: z.string(),
    orderId: z.string().optional(),
    customerId: z.string().optional(),
    state: z.enum(erasureStates).openapi({ description: 'It waits until every order it reaches is over.' }),
    requestedTime: z.iso.datetime(),
    doneTime: z.iso.datetime().optional(),
    report: z
      .object({
        orders: z.number(),
        checkouts: z.number(),
        sources: z.number(),
        erased: z.record(z.string(), z.number()).openapi({ description: 'Emptied or deleted rows by table.' }),
        left: z
          .array(z.object({ table: z.string(), column: z.string(), rows: z.number(), why: z.string() }))
          .nullable()
          .openapi({ description: 'Where a search of the whole database still found the person.' }),
      })
      .optional(),
  })
  .openapi('Erasure')

const toErasureJson = (erasure: ErasureView): z.infer<typeof erasureSchema> => ({
  id: erasure.id,
  ...(erasure.orderId ? { orderId: erasure.orderId } : {}),
  ...(erasure.customerId ? { customerId: erasure.customerId } : {}),
  state: erasure.doneAt ? 'done' : 'waiting',
  requestedTime: iso(erasure.requestedAt),
  ...(erasure.doneAt ? { doneTime: iso(erasure.doneAt) } : {}),
  ...(erasure.report ? { report: erasure.report } : {}),
})

/** `GET /v2/erasures` and `GET /v2/erasures/{id}`: who asked to be forgotten, and what became of it. */
export function registerReadErasures(app: ApiApp, parts: ApiParts): void {
  const shared = { tags: ['Erasures'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  const { sql } = parts.database
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/erasures',
      summary: 'List requests to be forgotten',
      request: {
        query: pageQuery.extend({
          orderId: idParam.optional(),
          customerId: idParam.optional(),
          state: z.enum(erasureStates).optional(),
          ...timeQuery('requestedTime'),
        }),
      },
      responses: { 200: json(listOf(erasureSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, orderId, customerId, state, ...asked } = c.req.valid('query')
      const filter = { orderId, customerId, state, requested: readPeriod(asked, 'requestedTime') }
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, erasures } = await listErasures(sql, c.get('caller').merchantId, filter, page)
      return c.json({ hasMore, data: erasures.map(toErasureJson) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/erasures/{id}',
      summary: 'Read a request to be forgotten',
      request: { params: z.object({ id: idParam }) },
      responses: { 200: json(erasureSchema, 'The request.'), ...errorResponses },
    }),
    async (c) => {
      const erasure = await readErasure(sql, c.get('caller').merchantId, c.req.valid('param').id)
      return c.json(toErasureJson(erasure), 200)
    },
  )
}
