import { createRoute, z } from '@hono/zod-openapi'
import { readCart } from '../../../checkouts/cart.ts'
import { taxCart } from '../../../checkouts/tax-cart.ts'
import { viewerOf } from '../../../merchants/viewer.ts'
import { cartSchema, toCartJson } from '../../cart-json.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, json } from '../../schemas.ts'

/** `POST /v2/carts/{id}/tax`: asks for the tax of a cart as it stands. A change that matters to it makes it unknown again. */
export function registerCartTax(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/carts/{id}/tax',
    tags: ['Carts'],
    summary: 'Ask for the tax',
    security: anyKey,
    middleware: [requireKey(parts.keys, 'secret', 'publishable'), parts.limits.ofBrowsers('quotes')] as const,
    request: { params: z.object({ id: z.uuid() }) },
    responses: {
      200: json(cartSchema, 'The cart with its tax; as it was where its merchant’s prices bear none.'),
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const { id } = c.req.valid('param')
    const read = () => readCart(parts.database, viewerOf(caller), id)
    await taxCart(parts, await read())
    return c.json(toCartJson(await read(), caller), 200)
  })
}
