import { createRoute, z } from '@hono/zod-openapi'
import { readOrder } from '../../../orders/read-order.ts'
import { requestRefund } from '../../../payments/refund-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema, toOrderJson } from '../../order-json.ts'
import type { ApiParts } from '../../parts.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'

/** `POST /v2/refunds {orderId}`: gives everything an order was paid back, takes the shares back, revokes downloads. */
export function registerRefundOrder(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/refunds',
    tags: ['Orders'],
    summary: 'Refund an order',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(z.object({ orderId: idParam })),
    responses: { 201: json(orderSchema, 'The order; its refund is on the way.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { orderId } = c.req.valid('json')
    const answer = await answerOnce(c, parts, async (tx) => {
      await requestRefund(tx, { orderId, merchantId })
      const order = await readOrder(tx.sql, { merchantId }, orderId)
      if (!order) throw new ApiError('not_found')
      return { status: 201 as const, body: toOrderJson(order, { secret: true }) }
    })
    return c.json(answer.body as z.infer<typeof orderSchema>, answer.status)
  })
}
