import { createRoute, z } from '@hono/zod-openapi'
import { deleteEndpoint } from '../../../outgoing/endpoints.ts'
import type { ApiApp } from '../../env.ts'
import { errorResponses, idParam } from '../../schemas.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `DELETE /v2/webhook-endpoints/{id}`: nothing more is sent to it, and its deliveries are forgotten. */
export function registerDeleteEndpoint(app: ApiApp, parts: EndpointParts): void {
  const route = createRoute({
    ...forMerchant(parts),
    method: 'delete',
    path: '/v2/webhook-endpoints/{id}',
    summary: 'Remove a webhook endpoint',
    request: { params: z.object({ id: idParam }) },
    responses: { 204: { description: 'Removed.' }, ...errorResponses },
  })
  app.openapi(route, async (c) => {
    await deleteEndpoint(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
    return c.body(null, 204)
  })
}
