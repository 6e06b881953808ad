import { createRoute, z } from '@hono/zod-openapi'
import { sendTestEvent } from '../../../outgoing/deliveries.ts'
import type { ApiApp } from '../../env.ts'
import { errorResponses, idParam, json } from '../../schemas.ts'
import { deliverySchema, toDeliveryJson } from './endpoint-json.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `POST /v2/webhook-endpoints/{id}/test`: a `webhook.test` event, signed and retried as any other. */
export function registerSendTestEvent(app: ApiApp, parts: EndpointParts): void {
  const route = createRoute({
    ...forMerchant(parts),
    method: 'post',
    path: '/v2/webhook-endpoints/{id}/test',
    summary: 'Send a test event',
    request: { params: z.object({ id: idParam }) },
    responses: { 201: json(deliverySchema, 'The delivery of the test event.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const delivery = await sendTestEvent(parts, c.get('caller').merchantId, c.req.valid('param').id, {
      liveMode: parts.config.production,
    })
    return c.json(toDeliveryJson(delivery), 201)
  })
}
