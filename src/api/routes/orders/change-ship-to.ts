import { createRoute, z } from '@hono/zod-openapi'
import { redirectGoods } from '../../../goods/redirect-goods.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { addressSchema } from '../../../parties/address.ts'
import { ApiError } from '../../../platform/errors.ts'
import { answerOrder } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema } from '../../order-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'

/** `POST /v2/orders/{id}/ship-to`: where its goods go, while nothing of them is under way. */
export function registerChangeShipTo(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/orders/{id}/ship-to',
    tags: ['Orders'],
    summary: 'Change where an order goes',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam }), ...jsonBody(addressSchema) },
    responses: { 200: json(orderSchema, 'The order.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id: orderId } = c.req.valid('param')
    const answer = await answerOnce(c, parts, async (tx) => {
      await redirectGoods(tx, { orderId, merchantId, by: 'api', shipTo: c.req.valid('json') })
      const order = await readOrder(tx.sql, { merchantId }, orderId)
      if (!order) throw new ApiError('not_found')
      return { status: 200 as const, body: answerOrder(c, order, { secret: true }) }
    })
    return c.json(answer.body as z.infer<typeof orderSchema>, answer.status)
  })
}
