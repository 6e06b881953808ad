import { createRoute, z } from '@hono/zod-openapi'
import { type StartedPayment, startPayment } from '../../../confirmation/start-payment.ts'
import { viewerOf } from '../../../merchants/viewer.ts'
import { paymentMethods } from '../../../providers/payment-methods.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, idParam, json, jsonBody, majorUnits } from '../../schemas.ts'

const intentSchema = z
  .object({
    orderId: z.string(),
    chargeId: z.string(),
    provider: z.string(),
    clientSecret: z.string().optional(),
    checkoutUrl: z.string().optional(),
    expiresTime: z.string(),
    distribution: z
      .array(z.object({ kind: z.string(), recipient: z.string(), amount: z.number() }))
      .optional()
      .openapi({ description: 'Who earns what. Secret key only.' }),
  })
  .openapi('PaymentIntent')

/**
 * `POST /v2/orders/{id}/payment-intent`: fixes the distribution, then asks the provider for a payment.
 * Repeating it continues the same payment, so it needs no `Idempotency-Key`.
 */
export function registerPaymentIntent(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/orders/{id}/payment-intent',
    tags: ['Orders'],
    summary: 'Start the payment of an order',
    security: anyKey,
    middleware: [requireKey(parts.keys, 'secret', 'publishable'), parts.limits.ofBrowsers('payments')] as const,
    request: {
      params: z.object({ id: idParam }),
      ...jsonBody(
        z.object({
          paymentMethod: z.enum(paymentMethods),
          returnUrl: z
            .url({ protocol: /^https?$/ })
            .max(2000)
            .optional(),
        }),
      ),
    },
    responses: { 201: json(intentSchema, 'What the storefront needs to collect the payment.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const { paymentMethod, returnUrl } = c.req.valid('json')
    const payment = await startPayment(parts, {
      orderId: c.req.valid('param').id,
      method: paymentMethod,
      returnUrl,
      visibleTo: viewerOf(caller),
    })
    return c.json(
      {
        orderId: payment.orderId,
        chargeId: payment.chargeId,
        provider: payment.provider,
        ...(payment.clientSecret ? { clientSecret: payment.clientSecret } : {}),
        ...(payment.checkoutUrl ? { checkoutUrl: payment.checkoutUrl } : {}),
        expiresTime: payment.expiresTime,
        ...(caller.kind === 'secret' ? { distribution: toDistribution(payment) } : {}),
      },
      201,
    )
  })
}

const toDistribution = ({ splits, currency }: StartedPayment) =>
  splits.map(({ kind, recipient, amount }) => ({ kind, recipient, amount: majorUnits(amount, currency) }))
