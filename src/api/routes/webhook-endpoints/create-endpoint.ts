import { createRoute, type z } from '@hono/zod-openapi'
import { createEndpoint, readEndpointSecret, requireSafeUrl } from '../../../outgoing/endpoints.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isDigitalRiver } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { errorResponses, json, jsonBody } from '../../schemas.ts'
import {
  answerEndpoint,
  type eitherEndpointSchema,
  eitherWithSecretSchema,
  readWish,
  wishSchema,
} from './endpoint-dialects.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** `POST /v2/webhook-endpoints`: registers a URL for events and shows the secret that signs them. */
export function registerCreateEndpoint(app: ApiApp, parts: EndpointParts): void {
  const route = createRoute({
    ...forMerchant(parts),
    method: 'post',
    path: '/v2/webhook-endpoints',
    summary: 'Register a webhook endpoint',
    description:
      'Events are signed by the Standard Webhooks scheme. Anything but a 2xx within 15 seconds is tried again after 5 s, ' +
      '5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, always under the same `webhook-id`. A 410 disables the endpoint.',
    request: jsonBody(wishSchema),
    responses: { 201: json(eitherWithSecretSchema, 'The endpoint with its secret.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { url, types = ['*'], description = null, enabled = true, apiVersion } = readWish(c.req.valid('json'))
    if (url === undefined) throw new ApiError('missing_parameter', { parameter: isDigitalRiver(c) ? 'address' : 'url' })
    await requireSafeUrl(url, parts.config.webhooks)
    const answer = await answerOnce(c, parts, async (tx) => ({
      status: 201 as const,
      body: answerEndpoint(
        c,
        await createEndpoint(tx.sql, parts.secrets, { merchantId, url, types, description, enabled, apiVersion }),
      ),
    }))
    // Put in afterwards: a stored answer holds no secret, and its replay shows the secret all the same.
    const endpoint = answer.body as z.infer<typeof eitherEndpointSchema>
    const secret = await readEndpointSecret(parts.database.sql, parts.secrets, merchantId, endpoint.id)
    return c.json({ ...endpoint, secret }, answer.status)
  })
}
