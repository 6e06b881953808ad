import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { reconcileCharge } from '../../../confirmation/reconcile-charge.ts'
import { receiveWebhook } from '../../../inbox/receive-webhook.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { isClosed } from '../../../orders/order.state-machine.ts'
import { ApiError } from '../../../platform/errors.ts'
import { ProviderError } from '../../../platform/provider-error.ts'
import { type ProviderName, senderOf } from '../../../providers/registry.ts'
import type { ApiApp, ApiEnv } from '../../env.ts'
import { decidesItself } from '../../gates.ts'
import { readCaller } from '../../middleware/require-key.ts'
import { orderSchema, toOrderJson } from '../../order-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, secretKey } from '../../schemas.ts'

const receivedSchema = z.object({ received: z.literal(true), duplicate: z.boolean() })

/**
 * `POST /v2/orders/{id}/confirm-payment`: a provider's webhook for this order, verified as on `/webhooks`; or the
 * merchant with a secret key and no body: then the provider is asked for the truth, and it is applied.
 */
export function registerConfirmPayment(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/orders/{id}/confirm-payment',
    tags: ['Orders'],
    summary: 'Confirm a payment: by webhook, or by asking the provider',
    security: [{}, ...secretKey],
    middleware: decidesItself('provider', 'secret'),
    request: { params: z.object({ id: idParam }) },
    responses: {
      200: json(z.union([receivedSchema, orderSchema]), 'Received, or the order as the provider sees it.'),
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const sender = senderOf(c.req.raw.headers)
    if (sender) return c.json(await receive(c, parts, sender, id), 200)
    return c.json(await askProvider(c, parts, id), 200)
  })
}

/** A signed event of another order is true, and still nothing to be told here. */
async function receive(c: Context<ApiEnv>, parts: ApiParts, sender: ProviderName, orderId: string) {
  const { duplicate } = await receiveWebhook(parts, sender, await c.req.text(), c.req.raw.headers, orderId)
  return { received: true as const, duplicate }
}

async function askProvider(c: Context<ApiEnv>, parts: ApiParts, orderId: string) {
  const caller = await readCaller(c, parts.keys)
  if (!caller) throw new ApiError('unauthorized')
  if (caller.kind !== 'secret') throw new ApiError('forbidden')
  const viewer = { merchantId: caller.merchantId }
  const order = await readOrder(parts.database.sql, viewer, orderId)
  if (!order) throw new ApiError('not_found')
  if (isClosed(order.state)) throw new ApiError('order_terminal')
  try {
    for (const charge of order.charges) await reconcileCharge(parts, { orderId, chargeId: charge.id }, 'merchant')
  } catch (error) {
    throw error instanceof ProviderError ? new ApiError('provider_unavailable', { cause: error }) : error
  }
  const after = await readOrder(parts.database.sql, viewer, orderId)
  return toOrderJson(after ?? order, { secret: true, publicUrl: parts.config.publicUrl })
}
