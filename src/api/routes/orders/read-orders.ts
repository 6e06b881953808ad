import { createRoute, z } from '@hono/zod-openapi'
import { viewerOf } from '../../../merchants/viewer.ts'
import { listOrders, readOrder } from '../../../order-view/read-order.ts'
import { fraudStates, orderStates } from '../../../orders/order.state-machine.ts'
import { ApiError } from '../../../platform/errors.ts'
import { answerOrder } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema } from '../../order-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, idList, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'

/** `GET /v2/orders/{id}` for any key that made it, `GET /v2/orders` for the merchant's server. */
export function registerReadOrders(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/orders/{id}',
      tags: ['Orders'],
      summary: 'Read an order',
      security: anyKey,
      middleware: requireKey(parts.keys, 'secret', 'publishable'),
      request: { params: z.object({ id: idParam }), query: z.object({ expand: z.string().optional() }) },
      responses: { 200: json(orderSchema, 'The order.'), ...errorResponses },
    }),
    async (c) => {
      const caller = c.get('caller')
      const order = await readOrder(parts.database.sql, viewerOf(caller), c.req.valid('param').id)
      if (!order) throw new ApiError('not_found')
      return c.json(answerOrder(c, order, { secret: caller.kind === 'secret' }), 200)
    },
  )
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/orders',
      tags: ['Orders'],
      summary: 'List orders',
      security: secretKey,
      middleware: requireKey(parts.keys, 'secret'),
      request: {
        query: pageQuery.extend({
          state: z.enum(orderStates).optional(),
          email: z.string().max(254).optional(),
          checkoutId: z.uuid().optional(),
          upstreamId: z.string().max(255).optional(),
          ids: idList.optional(),
          upstreamIds: idList.optional(),
          customerId: idParam.optional(),
          currency: z.string().length(3).optional(),
          fraudState: z.enum(fraudStates).optional(),
          skuId: idParam.optional(),
        }),
      },
      responses: { 200: json(listOf(orderSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, ...filter } = c.req.valid('query')
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, orders } = await listOrders(parts.database.sql, c.get('caller').merchantId, filter, page)
      return c.json({ hasMore, data: orders.map((order) => answerOrder(c, order, { secret: true })) }, 200)
    },
  )
}
