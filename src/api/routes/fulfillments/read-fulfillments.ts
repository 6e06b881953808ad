import { createRoute, z } from '@hono/zod-openapi'
import { listFulfillments, readFulfillment } from '../../../fulfillment/read-fulfillments.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { fulfillmentSchema, toFulfillmentJson } from './fulfillment-json.ts'

/** `GET /v2/fulfillments` and `/v2/fulfillments/{id}`. */
export function registerReadFulfillments(app: ApiApp, parts: ApiParts): void {
  const shared = {
    method: 'get' as const,
    tags: ['Fulfillments'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
  }
  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/fulfillments/{id}',
      summary: 'Read a fulfillment',
      request: { params: z.object({ id: idParam }) },
      responses: { 200: json(fulfillmentSchema, 'The fulfillment.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      const fulfillment = await readFulfillment(parts.database.sql, merchantId, c.req.valid('param').id)
      if (!fulfillment) throw new ApiError('not_found')
      return c.json(toFulfillmentJson(fulfillment), 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/fulfillments',
      summary: 'List fulfillments',
      request: {
        query: pageQuery.extend({
          orderId: idParam.optional(),
          skuId: z.string().max(255).optional(),
          trackingNumber: z.string().max(255).optional(),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(fulfillmentSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, ...filter } = c.req.valid('query')
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, rows } = await listFulfillments(
        parts.database.sql,
        c.get('caller').merchantId,
        { ...filter, created: readPeriod(filter) },
        page,
      )
      return c.json({ hasMore, data: rows.map(toFulfillmentJson) }, 200)
    },
  )
}
