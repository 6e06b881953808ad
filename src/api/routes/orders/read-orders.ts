import { createRoute, z } from '@hono/zod-openapi'
import { viewerOf } from '../../../merchants/viewer.ts'
import { listOrders, readOrder } from '../../../order-view/read-order.ts'
import { longestTag } from '../../../orders/annotate-order.ts'
import { fraudStates, orderStates } from '../../../orders/order.state-machine.ts'
import { ApiError } from '../../../platform/errors.ts'
import { answerOrder, isDigitalRiver } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import {
  anyKey,
  errorResponses,
  idList,
  idParam,
  json,
  listOf,
  pageQuery,
  searchText,
  secretKey,
} from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { expandedOrderSchema, expandOrders, expandSchema, readExpand } from './expand-orders.ts'

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
      request: { params: z.object({ id: idParam }), query: z.object({ expand: expandSchema }) },
      responses: { 200: json(expandedOrderSchema, 'The order.'), ...errorResponses },
    }),
    async (c) => {
      const caller = c.get('caller')
      const order = await readOrder(parts.database.sql, viewerOf(caller), c.req.valid('param').id)
      if (!order) throw new ApiError('not_found')
      const answer = answerOrder(c, order, { secret: caller.kind === 'secret' })
      // Digital River's clients ask for what is there already; a publishable key shows what its buyer may see.
      if (isDigitalRiver(c) || caller.kind !== 'secret') return c.json(answer, 200)
      const expand = readExpand(caller, c.req.valid('query').expand)
      const [expanded = answer] = await expandOrders(parts.database.sql, caller.merchantId, [answer], expand)
      return c.json(expanded, 200)
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
          tag: z.string().trim().min(1).max(longestTag).toLowerCase().optional(),
          q: searchText
            .optional()
            .openapi({ description: 'How the e-mail address or name of their buyer begins; or an order’s id.' }),
          ...createdQuery,
          expand: expandSchema,
        }),
      },
      responses: { 200: json(listOf(expandedOrderSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, q, expand, ...asked } = c.req.valid('query')
      const more = isDigitalRiver(c) ? new Set<never>() : readExpand(c.get('caller'), expand)
      const { merchantId } = c.get('caller')
      const filter = { ...asked, text: q, created: readPeriod(asked) }
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, orders } = await listOrders(parts.database.sql, merchantId, filter, page)
      const answers = orders.map((order) => answerOrder(c, order, { secret: true }))
      return c.json({ hasMore, data: await expandOrders(parts.database.sql, merchantId, answers, more) }, 200)
    },
  )
}
