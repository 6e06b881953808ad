import { createRoute, z } from '@hono/zod-openapi'
import { requireSafeUrl, updateEndpoint } from '../../../outgoing/endpoints.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { errorResponses, idParam, json, jsonBody } from '../../schemas.ts'
import { descriptionSchema, endpointSchema, toEndpointJson, typesSchema, urlSchema } from './endpoint-json.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `POST /v2/webhook-endpoints/{id}`: changes what is given; `enabled: true` starts over after an outage. */
export function registerUpdateEndpoint(app: ApiApp, parts: EndpointParts): void {
  const route = createRoute({
    ...forMerchant(parts),
    method: 'post',
    path: '/v2/webhook-endpoints/{id}',
    summary: 'Change, enable or disable a webhook endpoint',
    description: 'What was missed while it was disabled is not sent by itself; `recover` does that.',
    request: {
      params: z.object({ id: idParam }),
      ...jsonBody(
        z.object({
          url: urlSchema.optional(),
          types: typesSchema.optional(),
          description: descriptionSchema.optional(),
          enabled: z.boolean().optional(),
        }),
      ),
    },
    responses: { 200: json(endpointSchema, 'The endpoint.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const changes = c.req.valid('json')
    if (changes.url !== undefined) await requireSafeUrl(changes.url, parts.config.webhooks)
    const answer = await answerOnce(c, parts, async (tx) => ({
      status: 200 as const,
      body: toEndpointJson(await updateEndpoint(tx.sql, merchantId, c.req.valid('param').id, changes)),
    }))
    return c.json(answer.body as ReturnType<typeof toEndpointJson>, answer.status)
  })
}
