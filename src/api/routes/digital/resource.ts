import { createRoute, z } from '@hono/zod-openapi'
import { addressOfDelivery, requireOpen } from '../../../goods/download-grants.ts'
import { readDigitalOrder } from '../../../links/digital-orders.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { envelopeOf, refusal, success } from '../../envelope.ts'
import { openToAnyone } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { idParam, json } from '../../schemas.ts'
import { contentTypes } from './digital-json.ts'

const resourceSchema = z.object({ content_type: z.enum(contentTypes), delivery_content: z.string() })

/**
 * `GET /v2/digital/orders/{id}/resource`: what a paid order delivers, for whoever has its unguessable id.
 * A file is a redirect to a link that works for some minutes; texts and links are JSON, a link with `?redirect=1` a redirect.
 */
export function registerOrderResource(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/digital/orders/{id}/resource',
    tags: ['Checkout links'],
    summary: 'Get what was bought',
    security: [],
    middleware: openToAnyone,
    request: { params: z.object({ id: idParam }), query: z.object({ redirect: z.string().optional() }) },
    responses: {
      200: json(envelopeOf(resourceSchema), 'The text or link.'),
      302: { description: 'To the file, or with `?redirect=1` to the link.' },
      402: refusal('The order is not paid.'),
      404: refusal('No such order.'),
      409: refusal('Nothing is delivered yet.'),
      410: refusal('Access was revoked, or its downloads are used up.'),
    },
  })
  app.openapi(route, async (c) => {
    c.header('cache-control', 'private, no-store')
    const { deliveryId, contentType, content } = await readOpenDelivery(parts, c.req.valid('param').id)
    if (contentType === 'file')
      return c.redirect(await addressOfDelivery(parts, { deliveryId, contentType, content }), 302)
    if (contentType === 'link' && c.req.valid('query').redirect) return c.redirect(content, 302)
    return success(c, { content_type: contentType, delivery_content: content }, 200)
  })
}

/** @throws ApiError `not_found`, `order_not_paid`, `not_delivered`, `delivery_revoked`, `download_limit_reached` */
async function readOpenDelivery(parts: ApiParts, orderId: string) {
  const order = await readDigitalOrder(parts.database.sql, orderId)
  if (!order?.itemId) throw new ApiError('not_found')
  if (['pending', 'pending_payment', 'in_review', 'payment_failed'].includes(order.state))
    throw new ApiError('order_not_paid')
  const { deliveryId, contentType, content } = order
  if (deliveryId === null || contentType === null || content === null) {
    if (['cancelled', 'blocked'].includes(order.state)) throw new ApiError('order_not_paid')
    throw new ApiError('not_delivered')
  }
  await requireOpen(parts.database.sql, deliveryId)
  return { deliveryId, contentType, content }
}
