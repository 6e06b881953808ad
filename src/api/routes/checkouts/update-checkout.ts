import { createRoute, z } from '@hono/zod-openapi'
import { deleteCheckout, updateCheckout } from '../../../checkouts/change-checkout.ts'
import { readCheckout } from '../../../checkouts/checkout.ts'
import { checkExchange } from '../../../orders/check-exchange.ts'
import { isLive } from '../../../providers/providers.ts'
import {
  checkoutSchema,
  checkoutUpdateSchema,
  toCheckoutChanges,
  toCheckoutJson,
  toItemChanges,
} from '../../checkout-json.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, jsonBody, secretKey } from '../../schemas.ts'

/** `POST` and `DELETE /v2/checkouts/{id}`: changes a checkout and prices it anew, or takes it away. */
export function registerUpdateCheckout(app: ApiApp, parts: ApiParts): void {
  const settings = {
    path: '/v2/checkouts/{id}',
    tags: ['Checkouts'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
  }
  const params = z.object({ id: z.uuid() })
  const update = createRoute({
    ...settings,
    method: 'post',
    summary: 'Change a checkout',
    request: { params, ...jsonBody(checkoutUpdateSchema) },
    responses: { 200: json(checkoutSchema, 'The checkout.'), ...errorResponses },
  })
  app.openapi(update, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const { items, ...input } = c.req.valid('json')
    const { currency } = await readCheckout(parts.database.sql, merchantId, id)
    await checkExchange(parts.database.sql, merchantId, input.exchangeOf)
    const changes = toCheckoutChanges(input, currency)
    const checkout = await updateCheckout(parts, { merchantId, id }, changes, toItemChanges(items))
    return c.json(toCheckoutJson(checkout, isLive(parts.providers)), 200)
  })

  const remove = createRoute({
    ...settings,
    method: 'delete',
    summary: 'Delete a checkout',
    request: { params },
    responses: { 204: { description: 'Gone.' }, ...errorResponses },
  })
  app.openapi(remove, async (c) => {
    await deleteCheckout(parts, { merchantId: c.get('caller').merchantId, id: c.req.valid('param').id })
    return c.body(null, 204)
  })
}
