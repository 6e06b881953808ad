import { createRoute } from '@hono/zod-openapi'
import { changeCart, createCart } from '../../../checkouts/cart.ts'
import { ApiError } from '../../../platform/errors.ts'
import { newUuid } from '../../../platform/ids.ts'
import { isCurrency } from '../../../platform/money.ts'
import { cartInputSchema, cartSchema, toCartJson } from '../../cart-json.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, json, jsonBody } from '../../schemas.ts'
import { toCartChanges, toCartItems } from './cart-changes.ts'
import { guarded } from './guess-code.ts'

/** `POST /v2/carts`: a new basket, with items if they are known. */
export function registerCreateCart(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/carts',
    tags: ['Carts'],
    summary: 'Create a cart',
    security: anyKey,
    middleware: [requireKey(parts.keys, 'secret', 'publishable'), parts.limits.ofBrowsers('carts')] as const,
    request: jsonBody(cartInputSchema),
    responses: { 201: json(cartSchema, 'The cart.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const { currency, items, ...input } = c.req.valid('json')
    if (!isCurrency(currency))
      throw new ApiError('invalid_parameter', {
        message: 'currency: must be an ISO 4217 currency code',
        parameter: 'currency',
      })
    const changes = toCartChanges(input, caller, currency)
    const wanted = toCartItems(items, caller, currency)
    const { referrerBps } = parts.config.rates
    const answer = await guarded(c, parts, c.req.valid('json').couponCode, () =>
      answerOnce(
        c,
        parts,
        async (tx) => {
          const made = await createCart(tx, { ...caller, currency, items: wanted, changes, referrerBps })
          if (!changes.shippingChoice) return { status: 201 as const, body: toCartJson(made, caller) }
          const chosen = await changeCart(tx, made, { shippingChoice: changes.shippingChoice }, referrerBps)
          return { status: 201 as const, body: toCartJson(chosen, caller) }
        },
        { kind: 'create-cart', about: newUuid(), merchantId: c.get('caller').merchantId },
      ),
    )
    return c.json(answer.body, answer.status)
  })
}
