import { createRoute, z } from '@hono/zod-openapi'
import { restoreSku } from '../../../catalog/skus.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, secretKey } from '../../schemas.ts'
import { skuSchema, toSkuJson } from './sku-schema.ts'

/** `POST /v2/skus/{id}/restore`: what was taken off sale is sold again. */
export function registerRestoreSku(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/skus/{id}/restore',
    tags: ['SKUs'],
    summary: 'Put a SKU on sale again',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam }) },
    responses: { 200: json(skuSchema, 'The SKU.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const answer = await answerOnce(c, parts, async ({ em }) => ({
      status: 200 as const,
      body: toSkuJson(await restoreSku(em, merchantId, c.req.valid('param').id)),
    }))
    return c.json(answer.body, answer.status)
  })
}
