import { createRoute, type z } from '@hono/zod-openapi'
import { priceNewCheckout, storeNewCheckout } from '../../../checkouts/change-checkout.ts'
import { checkExchange } from '../../../orders/check-exchange.ts'
import { isLive } from '../../../providers/providers.ts'
import {
  checkoutInputSchema,
  checkoutSchema,
  toCheckoutChanges,
  toCheckoutItems,
  toCheckoutJson,
} from '../../checkout-json.ts'
import type { ApiApp } from '../../env.ts'
import { answerPreparedOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, jsonBody, secretKey } from '../../schemas.ts'

/** `POST /v2/checkouts`: a taxed basket with its selling entity. */
export function registerCreateCheckout(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/checkouts',
    tags: ['Checkouts'],
    summary: 'Create a checkout',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(checkoutInputSchema),
    responses: { 201: json(checkoutSchema, 'The checkout.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { currency, items, ...input } = c.req.valid('json')
    const changes = toCheckoutChanges(input, currency)
    const wanted = { merchantId, currency, items: toCheckoutItems(items, currency), changes }
    const answer = await answerPreparedOnce(
      c,
      parts,
      async () => {
        await checkExchange(parts.database.sql, merchantId, input.exchangeOf)
        return priceNewCheckout(parts, wanted)
      },
      async (tx, priced) => {
        const checkout = await storeNewCheckout(tx, parts, priced, changes.sourceId)
        return { status: 201 as const, body: toCheckoutJson(checkout, isLive(parts.providers)) }
      },
    )
    return c.json(answer.body as z.infer<typeof checkoutSchema>, answer.status)
  })
}
