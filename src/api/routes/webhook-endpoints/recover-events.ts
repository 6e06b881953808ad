import { createRoute, z } from '@hono/zod-openapi'
import { recoverCap, recoverEvents } from '../../../outgoing/deliveries.ts'
import { momentSchema } from '../../../platform/moments.ts'
import type { ApiApp } from '../../env.ts'
import { errorResponses, idParam, json, jsonBody } from '../../schemas.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `POST /v2/webhook-endpoints/{id}/recover`: sends everything the endpoint has missed in a period. */
export function registerRecoverEvents(app: ApiApp, parts: EndpointParts): void {
  const route = createRoute({
    ...forMerchant(parts),
    method: 'post',
    path: '/v2/webhook-endpoints/{id}/recover',
    summary: 'Send missed events again',
    description:
      'Events of its types that failed, or happened before it existed or while it was disabled. What was delivered or is still ' +
      `being tried is left alone. At most ${recoverCap} by one call; events are kept for 30 days.`,
    request: {
      params: z.object({ id: idParam }),
      ...jsonBody(
        z.object({
          since: momentSchema.openapi({ description: 'Happened at this time or later.' }),
          until: momentSchema.optional().openapi({ description: 'Happened before this time; without it, now.' }),
        }),
      ),
    },
    responses: {
      200: json(z.object({ recovered: z.number().int() }).openapi('Recovery'), 'How many events are sent.'),
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const { since, until } = c.req.valid('json')
    const recovered = await recoverEvents(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id, {
      since: new Date(since),
      until: until ? new Date(until) : new Date(),
    })
    return c.json({ recovered }, 200)
  })
}
