import { createRoute, z } from '@hono/zod-openapi'
import { redeliver } from '../../../outgoing/deliveries.ts'
import type { ApiApp } from '../../env.ts'
import { errorResponses, idParam, json } from '../../schemas.ts'
import { deliverySchema, toDeliveryJson } from './endpoint-json.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `POST /v2/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver`: sends one event again, at once. */
export function registerRedeliver(app: ApiApp, parts: EndpointParts): void {
  const route = createRoute({
    ...forMerchant(parts),
    method: 'post',
    path: '/v2/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver',
    summary: 'Send an event again',
    description: 'Under the same `webhook-id`; its retries start over.',
    request: { params: z.object({ id: idParam, deliveryId: idParam }) },
    responses: { 200: json(deliverySchema, 'The delivery, pending again.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { id, deliveryId } = c.req.valid('param')
    return c.json(toDeliveryJson(await redeliver(parts, c.get('caller').merchantId, id, deliveryId)), 200)
  })
}
