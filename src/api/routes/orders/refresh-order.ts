import { createRoute, z } from '@hono/zod-openapi'
import { reconcileCharge } from '../../../confirmation/reconcile-charge.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { ProviderError } from '../../../platform/provider-error.ts'
import { answerOrder } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema } from '../../order-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, secretKey } from '../../schemas.ts'

/** `POST /v2/orders/{id}/refresh`: asks the provider how the payment stands, as after the buyer's return from the bank's page. */
export function registerRefreshOrder(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/orders/{id}/refresh',
    tags: ['Orders'],
    summary: 'Ask the provider about the payment, and read the order',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam }) },
    responses: { 200: json(orderSchema, 'The order as it is now.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const viewer = { merchantId: c.get('caller').merchantId }
    const { id } = c.req.valid('param')
    const before = await readOrder(parts.database.sql, viewer, id)
    if (!before) throw new ApiError('not_found')
    // Of money that was taken the provider may know of refunds that were made there.
    for (const charge of before.charges.filter(
      ({ state, capturedAmount }) => state !== 'cancelled' || capturedAmount > 0,
    )) {
      await reconcileCharge(parts, { orderId: id, chargeId: charge.id }, 'refresh').catch((error: unknown) => {
        throw error instanceof ProviderError ? new ApiError('provider_unavailable', { cause: error }) : error
      })
    }
    const order = await readOrder(parts.database.sql, viewer, id)
    if (!order) throw new ApiError('not_found')
    return c.json(answerOrder(c, order, { secret: true }), 200)
  })
}
