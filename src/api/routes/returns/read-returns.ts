import { createRoute, z } from '@hono/zod-openapi'
import { listReturns, readReturn } from '../../../fulfillment/read-returns.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { returnSchema, toReturnJson } from './return-json.ts'

/** `GET /v2/returns` and `/v2/returns/{id}`. */
export function registerReadReturns(app: ApiApp, parts: ApiParts): void {
  const shared = {
    method: 'get' as const,
    tags: ['Returns'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
  }
  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/returns/{id}',
      summary: 'Read a return',
      request: { params: z.object({ id: idParam }) },
      responses: { 200: json(returnSchema, 'The return.'), ...errorResponses },
    }),
    async (c) => {
      const goods = await readReturn(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
      if (!goods) throw new ApiError('not_found')
      return c.json(toReturnJson(goods), 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/returns',
      summary: 'List returns',
      request: {
        query: pageQuery.extend({
          orderId: idParam.optional(),
          state: z.enum(['created', 'accepted']).optional(),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(returnSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, ...filter } = c.req.valid('query')
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, rows } = await listReturns(
        parts.database.sql,
        c.get('caller').merchantId,
        { ...filter, created: readPeriod(filter) },
        page,
      )
      return c.json({ hasMore, data: rows.map(toReturnJson) }, 200)
    },
  )
}
