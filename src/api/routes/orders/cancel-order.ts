import { createRoute, z } from '@hono/zod-openapi'
import { readOrder } from '../../../orders/read-order.ts'
import { cancelOrder } from '../../../payments/cancel-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { ProviderError } from '../../../platform/provider-error.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema, toOrderJson } from '../../order-json.ts'
import type { ApiParts } from '../../parts.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'

/** `POST /v2/orders/{id}/cancel`: gives an unpaid order up, its payments first. Cancelling twice is the same. */
export function registerCancelOrder(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/orders/{id}/cancel',
    tags: ['Orders'],
    summary: 'Cancel an unpaid order',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: {
      params: z.object({ id: idParam }),
      ...jsonBody(z.object({ reason: z.string().trim().min(1).max(64).optional() })),
    },
    responses: { 200: json(orderSchema, 'The cancelled order.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const reason = c.req.valid('json').reason ?? 'cancelled by the merchant'
    const outcome = await cancelOrder(parts, { orderId: id, merchantId, reason, cause: 'merchant' }).catch(
      (error: unknown) => {
        throw error instanceof ProviderError ? new ApiError('provider_unavailable', { cause: error }) : error
      },
    )
    if (outcome === 'not_found') throw new ApiError('not_found')
    if (outcome === 'not_cancellable') throw new ApiError('order_not_cancellable')
    const order = await readOrder(parts.database.sql, { merchantId }, id)
    if (!order) throw new ApiError('not_found')
    return c.json(toOrderJson(order, { secret: true }), 200)
  })
}
