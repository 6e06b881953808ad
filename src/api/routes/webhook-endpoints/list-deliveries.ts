import { createRoute, z } from '@hono/zod-openapi'
import { listDeliveries } from '../../../outgoing/deliveries.ts'
import { deliveryStates } from '../../../outgoing/webhook-endpoint.entity.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { errorResponses, idParam, json, listOf, pageQuery } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { deliverySchema, toDeliveryJson } from './endpoint-json.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `GET /v2/webhook-endpoints/{id}/deliveries`: what was sent, what is still tried, what failed, and what was answered. */
export function registerListDeliveries(app: ApiApp, parts: EndpointParts): void {
  const route = createRoute({
    ...forMerchant(parts),
    method: 'get',
    path: '/v2/webhook-endpoints/{id}/deliveries',
    summary: 'List deliveries',
    request: {
      params: z.object({ id: idParam }),
      query: pageQuery
        .omit({ endingBefore: true })
        .extend({ state: z.enum(deliveryStates).optional(), ...createdQuery }),
    },
    responses: { 200: json(listOf(deliverySchema), 'Newest event first.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const asked = c.req.valid('query')
    const page = await listDeliveries(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id, {
      ...asked,
      created: readPeriod(asked),
    })
    if (!page) throw new ApiError('not_found')
    return c.json({ hasMore: page.hasMore, data: page.deliveries.map(toDeliveryJson) }, 200)
  })
}
