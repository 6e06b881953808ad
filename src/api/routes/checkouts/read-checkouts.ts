import { createRoute, z } from '@hono/zod-openapi'
import { listCheckouts, readCheckout } from '../../../checkouts/checkout.ts'
import { isLive } from '../../../providers/providers.ts'
import { checkoutSchema, toCheckoutJson } from '../../checkout-json.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idList, idParam, json, listOf, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'

/** `GET /v2/checkouts` and `/v2/checkouts/{id}`. */
export function registerReadCheckouts(app: ApiApp, parts: ApiParts): void {
  const settings = { tags: ['Checkouts'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  const liveMode = isLive(parts.providers)
  const one = createRoute({
    ...settings,
    method: 'get',
    path: '/v2/checkouts/{id}',
    summary: 'Read a checkout',
    request: { params: z.object({ id: z.uuid() }) },
    responses: { 200: json(checkoutSchema, 'The checkout.'), ...errorResponses },
  })
  app.openapi(one, async (c) => {
    const checkout = await readCheckout(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
    return c.json(toCheckoutJson(checkout, liveMode), 200)
  })

  const list = createRoute({
    ...settings,
    method: 'get',
    path: '/v2/checkouts',
    summary: 'List checkouts, newest first',
    request: {
      query: z.object({
        limit: z.coerce.number().int().min(1).max(100).default(10),
        startingAfter: z.uuid().optional(),
        endingBefore: z.uuid().optional(),
        ids: idList.pipe(z.array(z.uuid())).optional(),
        upstreamIds: idList.optional(),
        customerId: idParam.optional(),
        email: z.string().max(254).optional(),
        currency: z.string().length(3).optional(),
        ...createdQuery,
      }),
    },
    responses: { 200: json(listOf(checkoutSchema), 'Checkouts.'), ...errorResponses },
  })
  app.openapi(list, async (c) => {
    const { limit, startingAfter, endingBefore, ...asked } = c.req.valid('query')
    const filter = { ...asked, created: readPeriod(asked) }
    const { hasMore, checkouts } = await listCheckouts(parts.database.sql, c.get('caller').merchantId, filter, {
      limit,
      startingAfter,
      endingBefore,
    })
    return c.json({ hasMore, data: checkouts.map((checkout) => toCheckoutJson(checkout, liveMode)) }, 200)
  })
}
