import { createRoute, z } from '@hono/zod-openapi'
import { replaceSku } from '../../../catalog/skus.ts'
import { stockSku } from '../../../orders/stock.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { withFieldsBeside } from '../../known-fields.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'
import { skuInputSchema, skuSchema, toSkuFields, toSkuJson } from './sku-schema.ts'

/** `POST /v2/skus/{id}`: replaces a SKU; carts and orders keep the price and rates they were made with. */
export function registerUpdateSku(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/skus/{id}',
    tags: ['SKUs'],
    summary: 'Replace a SKU',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: {
      params: z.object({ id: idParam }),
      ...jsonBody(withFieldsBeside(z.object(skuInputSchema.shape), skuSchema)),
    },
    responses: { 200: json(skuSchema, 'The SKU.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const fields = toSkuFields(c.req.valid('json'), c.req.valid('param').id, merchantId)
    const answer = await answerOnce(c, parts, async (tx) => {
      const { id: skuId, inventory } = fields
      if (inventory !== undefined) await stockSku(tx, { merchantId, skuId, inventory })
      return { status: 200 as const, body: toSkuJson(await replaceSku(tx.em, merchantId, fields)) }
    })
    return c.json(answer.body, answer.status)
  })
}
