import { createRoute, z } from '@hono/zod-openapi'
import { createOrder } from '../../../orders/create-order.ts'
import { readOrder } from '../../../orders/read-order.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema, toOrderJson } from '../../order-json.ts'
import type { ApiParts } from '../../parts.ts'
import { anyKey, errorResponses, json, jsonBody } from '../../schemas.ts'

const createdOrderSchema = orderSchema.extend({ orderId: z.string() }).openapi('CreatedOrder')

/** `POST /v2/orders {cartId}`: makes the order of a cart; the same cart again answers 200 with the same order (R4–R12). */
export function registerCreateOrder(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/orders',
    tags: ['Orders'],
    summary: 'Make an order of a cart',
    security: anyKey,
    middleware: requireKey(parts.keys, 'secret', 'publishable'),
    request: jsonBody(z.object({ cartId: z.uuid() })),
    responses: {
      200: json(createdOrderSchema, 'The order that this cart had become already.'),
      201: json(createdOrderSchema, 'The order.'),
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const { cartId } = c.req.valid('json')
    const answer = await answerOnce<200 | 201>(c, parts, async (tx) => {
      const made = await createOrder(tx, {
        cartId,
        merchantId: caller.merchantId,
        apiKeyId: caller.apiKeyId,
        liveMode: parts.config.stripe?.liveMode ?? false,
        paymentWindowMinutes: parts.config.paymentWindowMinutes,
      })
      const order = await readOrder(tx.sql, { merchantId: caller.merchantId }, made.orderId)
      if (!order) throw new Error(`order ${made.orderId} was not stored`)
      return {
        status: made.outcome === 'created' ? 201 : 200,
        body: { ...toOrderJson(order, { secret: caller.kind === 'secret' }), orderId: order.id },
      }
    })
    return c.json(answer.body as z.infer<typeof createdOrderSchema>, answer.status)
  })
}
