import { createRoute, z } from '@hono/zod-openapi'
import { readCart } from '../../../checkouts/cart.ts'
import { viewerOf } from '../../../merchants/viewer.ts'
import { cartSchema, toCartJson } from '../../cart-json.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, json } from '../../schemas.ts'

/** `GET /v2/carts/{id}`. */
export function registerReadCart(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/carts/{id}',
    tags: ['Carts'],
    summary: 'Read a cart',
    security: anyKey,
    middleware: requireKey(parts.keys, 'secret', 'publishable'),
    request: { params: z.object({ id: z.uuid() }) },
    responses: { 200: json(cartSchema, 'The cart.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    return c.json(toCartJson(await readCart(parts.database, viewerOf(caller), c.req.valid('param').id), caller), 200)
  })
}
