import { createRoute, z } from '@hono/zod-openapi'
import { cancelOrder } from '../../../confirmation/cancel-order.ts'
import { cancelPaidOrder } from '../../../confirmation/cancel-paid-order.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { ProviderError } from '../../../platform/provider-error.ts'
import { answerOrder } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema } from '../../order-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'

/**
 * `POST /v2/orders/{id}/cancel`: gives an order up, its payments first; of one that is paid what was not fulfilled goes back.
 * Cancelling twice is the same.
 */
export function registerCancelOrder(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/orders/{id}/cancel',
    tags: ['Orders'],
    summary: 'Cancel an order, or what is left of it',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: {
      params: z.object({ id: idParam }),
      ...jsonBody(z.object({ reason: z.string().trim().min(1).max(64).optional() })),
    },
    responses: { 200: json(orderSchema, 'The order; money that goes back is on its way.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const reason = c.req.valid('json').reason ?? 'cancelled by the merchant'
    const unavailable = (error: unknown): never => {
      throw error instanceof ProviderError ? new ApiError('provider_unavailable', { cause: error }) : error
    }
    const unpaid = await cancelOrder(parts, { orderId: id, merchantId, reason, cause: 'merchant' }).catch(unavailable)
    const outcome =
      unpaid === 'not_cancellable'
        ? await cancelPaidOrder(parts, { orderId: id, merchantId, reason }).catch(unavailable)
        : unpaid
    if (outcome === 'not_found') throw new ApiError('not_found')
    if (outcome === 'under_way') throw new ApiError('payment_under_way')
    if (outcome === 'not_cancellable') throw new ApiError('order_not_cancellable')
    const order = await readOrder(parts.database.sql, { merchantId }, id)
    if (!order) throw new ApiError('not_found')
    return c.json(answerOrder(c, order, { secret: true }), 200)
  })
}
