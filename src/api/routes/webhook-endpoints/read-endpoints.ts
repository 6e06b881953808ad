import { createRoute, z } from '@hono/zod-openapi'
import { listEndpoints, readEndpoint } from '../../../outgoing/endpoints.ts'
import { isDigitalRiver } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { errorResponses, idParam, json, listOf, pageQuery } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { answerEndpoint, eitherEndpointSchema, toWebhookJson, webhooksSchema } from './endpoint-dialects.ts'
import { endpointSchema, toEndpointJson } from './endpoint-json.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `/webhooks` lists all at once. */
const maxListed = 1000

/** `GET /v2/webhook-endpoints` and `GET /v2/webhook-endpoints/{id}`. */
export function registerReadEndpoints(app: ApiApp, parts: EndpointParts): void {
  app.openapi(
    createRoute({
      ...forMerchant(parts),
      method: 'get',
      path: '/v2/webhook-endpoints',
      summary: 'List webhook endpoints',
      request: {
        query: pageQuery.extend({
          enabled: z.stringbool().optional().openapi({ description: 'Only those that are told, or are not.' }),
          ...createdQuery,
        }),
      },
      responses: {
        200: json(z.union([listOf(endpointSchema), webhooksSchema]), 'Newest first, without secrets.'),
        ...errorResponses,
      },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      if (isDigitalRiver(c)) {
        const { endpoints } = await listEndpoints(parts.database.sql, merchantId, { limit: maxListed })
        return c.json(endpoints.map(toWebhookJson), 200)
      }
      const { limit, startingAfter, endingBefore, enabled, ...asked } = c.req.valid('query')
      const page = { limit, startingAfter, endingBefore }
      const filter = { enabled, created: readPeriod(asked) }
      const { hasMore, endpoints } = await listEndpoints(parts.database.sql, merchantId, page, filter)
      return c.json({ hasMore, data: endpoints.map(toEndpointJson) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...forMerchant(parts),
      method: 'get',
      path: '/v2/webhook-endpoints/{id}',
      summary: 'Read a webhook endpoint',
      request: { params: z.object({ id: idParam }) },
      responses: { 200: json(eitherEndpointSchema, 'The endpoint, without its secret.'), ...errorResponses },
    }),
    async (c) => {
      const endpoint = await readEndpoint(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
      return c.json(answerEndpoint(c, endpoint), 200)
    },
  )
}
