import { createRoute, z } from '@hono/zod-openapi'
import { changeCart, lockCart } from '../../../checkouts/cart.ts'
import { viewerOf } from '../../../merchants/viewer.ts'
import { cartChangesSchema, cartSchema, toCartJson } from '../../cart-json.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, json, jsonBody } from '../../schemas.ts'
import { toCartChanges } from './cart-changes.ts'
import { guarded } from './guess-code.ts'

/** `POST /v2/carts/{id}`: buyer, addresses, shipping choice, attribution. A new address drops the shipping choice. */
export function registerUpdateCart(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/carts/{id}',
    tags: ['Carts'],
    summary: 'Change a cart',
    security: anyKey,
    middleware: requireKey(parts.keys, 'secret', 'publishable'),
    request: { params: z.object({ id: z.uuid() }), ...jsonBody(cartChangesSchema) },
    responses: { 200: json(cartSchema, 'The cart.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const { id } = c.req.valid('param')
    const answer = await guarded(c, parts, c.req.valid('json').couponCode, () =>
      answerOnce(
        c,
        parts,
        async (tx) => {
          const cart = await lockCart(tx, viewerOf(caller), id)
          const changed = await changeCart(
            tx,
            cart,
            toCartChanges(c.req.valid('json'), caller, cart.currency),
            parts.config.rates.referrerBps,
          )
          return { status: 200 as const, body: toCartJson(changed, caller) }
        },
        { kind: 'update-cart', about: id, merchantId: c.get('caller').merchantId },
      ),
    )
    return c.json(answer.body, answer.status)
  })
}
