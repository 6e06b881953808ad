import { createRoute, z } from '@hono/zod-openapi'
import { readEndpointSecret, rotateEndpointSecret } from '../../../outgoing/endpoints.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { errorResponses, idParam, json } from '../../schemas.ts'
import { endpointWithSecretSchema, toEndpointJson } from './endpoint-json.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `POST /v2/webhook-endpoints/{id}/rotate-secret`: a new secret; the old one signs beside it for 24 hours. */
export function registerRotateSecret(app: ApiApp, parts: EndpointParts): void {
  const route = createRoute({
    ...forMerchant(parts),
    method: 'post',
    path: '/v2/webhook-endpoints/{id}/rotate-secret',
    summary: 'Rotate the signing secret',
    request: { params: z.object({ id: idParam }) },
    responses: { 200: json(endpointWithSecretSchema, 'The endpoint with its new secret.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const answer = await answerOnce(c, parts, async (tx) => ({
      status: 200 as const,
      body: toEndpointJson(await rotateEndpointSecret(tx.sql, parts.secrets, merchantId, id)),
    }))
    const endpoint = answer.body as ReturnType<typeof toEndpointJson>
    const secret = await readEndpointSecret(parts.database.sql, parts.secrets, merchantId, id)
    return c.json({ ...endpoint, secret }, answer.status)
  })
}
