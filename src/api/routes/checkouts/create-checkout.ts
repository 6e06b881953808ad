import { createRoute } from '@hono/zod-openapi'
import { createCheckout } from '../../../checkouts/change-checkout.ts'
import { isLive } from '../../../providers/providers.ts'
import {
  checkoutInputSchema,
  checkoutSchema,
  toCheckoutChanges,
  toCheckoutItems,
  toCheckoutJson,
} from '../../checkout-json.ts'
import type { ApiApp } from '../../env.ts'
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
    const checkout = await createCheckout(parts, {
      merchantId,
      currency,
      items: toCheckoutItems(items, currency),
      changes: toCheckoutChanges(input, currency),
    })
    return c.json(toCheckoutJson(checkout, isLive(parts.providers)), 201)
  })
}
