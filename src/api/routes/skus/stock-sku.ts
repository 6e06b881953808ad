import { createRoute, z } from '@hono/zod-openapi'
import { readSku } from '../../../catalog/skus.ts'
import { adjustInventory, mostPieces } from '../../../catalog/stock.ts'
import { stockSku } from '../../../orders/stock.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'
import { skuSchema, toSkuJson } from './sku-schema.ts'

const inputSchema = z
  .object({
    adjustBy: z.number().int().min(-mostPieces).max(mostPieces).optional(),
    inventory: z.number().int().min(0).max(mostPieces).nullable().optional(),
  })
  .refine(
    ({ adjustBy, inventory }) => (adjustBy === undefined) !== (inventory === undefined),
    'give adjustBy or inventory',
  )

/** `POST /v2/skus/{id}/inventory`: how many pieces there are; or more pieces have come, or some are lost; what is sold meanwhile is not overwritten. */
export function registerStockSku(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/skus/{id}/inventory',
    tags: ['SKUs'],
    summary: 'Set the stock of a SKU, add to it, or take some out',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam }), ...jsonBody(inputSchema) },
    responses: { 200: json(skuSchema, 'The SKU.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id: skuId } = c.req.valid('param')
    const { adjustBy: by, inventory = null } = c.req.valid('json')
    const answer = await answerOnce(c, parts, async (tx) => {
      if (by === undefined) await stockSku(tx, { merchantId, skuId, inventory })
      else await adjustInventory(tx, { merchantId, skuId, by })
      return { status: 200 as const, body: toSkuJson(await readSku(tx.em, merchantId, skuId)) }
    })
    return c.json(answer.body, answer.status)
  })
}
