import { createRoute, z } from '@hono/zod-openapi'
import { quoteShipping, readCartToShip } from '../../../checkouts/shipping-rates.ts'
import { viewerOf } from '../../../merchants/viewer.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, json, majorUnits } from '../../schemas.ts'

const rateSchema = z
  .object({
    id: z.string(),
    amount: z.number(),
    description: z.string(),
    serviceLevel: z.string(),
    carrier: z.string(),
    deliveryDays: z.number().nullable(),
  })
  .openapi('ShippingRate')

/** `GET /v2/carts/{id}/shipping-rates`: what the carriers ask for the goods of this cart. */
export function registerShippingRates(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/carts/{id}/shipping-rates',
    tags: ['Carts'],
    summary: 'Ask for shipping rates',
    security: anyKey,
    middleware: [requireKey(parts.keys, 'secret', 'publishable'), parts.limits.ofBrowsers('quotes')] as const,
    request: { params: z.object({ id: z.uuid() }) },
    responses: {
      200: {
        ...json(
          z.array(rateSchema),
          'Cheapest first; empty when nothing is shipped or nobody delivers there. Then `shipping-problems` says why.',
        ),
        headers: {
          'shipping-problems': {
            description:
              'Whose goods nobody sends, and why: `seller_address_missing`, `carrier_not_configured`, `printer_not_configured`, `not_delivered_there` or `not_quoted_in_currency`, each with its seller: `not_delivered_there;seller=mer_1`.',
            schema: { type: 'string' },
          },
        },
      },
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const cart = await readCartToShip(parts.database, viewerOf(c.get('caller')), c.req.valid('param').id)
    const { rates, problems } = await quoteShipping(parts.database, parts.carriers, cart)
    const said = problems.map(({ code, sellerId }) => `${code};seller=${sellerId}`).join(', ')
    if (said) c.header('shipping-problems', said)
    return c.json(
      rates.map(({ parts: _parts, ...rate }) => ({ ...rate, amount: majorUnits(rate.amount, cart.currency) })),
      200,
    )
  })
}
