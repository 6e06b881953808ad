import { createRoute, type RouteHandler, z } from '@hono/zod-openapi'
import { requireSafeUrl, updateEndpoint } from '../../../outgoing/endpoints.ts'
import type { ApiApp, ApiEnv } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { errorResponses, idParam, json, jsonBody } from '../../schemas.ts'
import { answerEndpoint, eitherEndpointSchema, readWish, wishSchema } from './endpoint-dialects.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `POST /v2/webhook-endpoints/{id}`, by `/webhooks` PATCH: changes what is given; `enabled: true` starts over after an outage. */
export function registerUpdateEndpoint(app: ApiApp, parts: EndpointParts): void {
  const contract = {
    ...forMerchant(parts),
    path: '/v2/webhook-endpoints/{id}',
    summary: 'Change, enable or disable a webhook endpoint',
    description: 'What was missed while it was disabled is not sent by itself; `recover` does that.',
    request: {
      params: z.object({ id: idParam }),
      ...jsonBody(wishSchema),
    },
    responses: { 200: json(eitherEndpointSchema, 'The endpoint.'), ...errorResponses },
  }
  const route = createRoute({ ...contract, method: 'post' })
  const handle: RouteHandler<typeof route, ApiEnv> = async (c) => {
    const { merchantId } = c.get('caller')
    const changes = readWish(c.req.valid('json'))
    if (changes.url !== undefined) await requireSafeUrl(changes.url, parts.config.webhooks)
    const answer = await answerOnce(c, parts, async (tx) => ({
      status: 200 as const,
      body: answerEndpoint(c, await updateEndpoint(tx.sql, merchantId, c.req.valid('param').id, changes)),
    }))
    return c.json(answer.body as z.infer<typeof eitherEndpointSchema>, answer.status)
  }
  app.openapi(route, handle)
  app.openapi(createRoute({ ...contract, method: 'patch', hide: true }), handle)
}
