import { createRoute, z } from '@hono/zod-openapi'
import { receiveWebhook, webhookSenders } from '../../../inbox/receive-webhook.ts'
import type { ApiApp } from '../../env.ts'
import { decidesItself } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json } from '../../schemas.ts'

/** `POST /webhooks/{provider}`: verified on the raw body, stored once, acknowledged. A replay is a 200 that does nothing. */
export function registerReceiveWebhook(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/webhooks/{provider}',
    tags: ['Webhooks in'],
    summary: 'Receive a provider webhook',
    middleware: decidesItself('provider'),
    request: { params: z.object({ provider: z.string() }) },
    responses: {
      200: json(z.object({ received: z.literal(true), duplicate: z.boolean() }), 'Stored, now or before.'),
      400: errorResponses[400],
      404: errorResponses[404],
      413: errorResponses[413],
      503: errorResponses[503],
    },
  })
  app.openapi(route, async (c) => {
    const provider = webhookSenders.find((name) => name === c.req.valid('param').provider)
    if (!provider) return c.notFound() as never
    try {
      const { duplicate } = await receiveWebhook(parts, provider, await c.req.text(), c.req.raw.headers)
      parts.metrics.webhooks.inc({ provider, outcome: duplicate ? 'duplicate' : 'stored' })
      return c.json({ received: true as const, duplicate }, 200)
    } catch (error) {
      parts.metrics.webhooks.inc({ provider, outcome: 'refused' })
      throw error
    }
  })
}
