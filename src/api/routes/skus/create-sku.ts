import { createRoute } from '@hono/zod-openapi'
import { createSku } from '../../../catalog/skus.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, jsonBody, secretKey } from '../../schemas.ts'
import { skuInputSchema, skuSchema, toSkuFields, toSkuJson } from './sku-schema.ts'

/** `POST /v2/skus`: puts something on sale. */
export function registerCreateSku(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/skus',
    tags: ['SKUs'],
    summary: 'Create a SKU',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(skuInputSchema),
    responses: { 201: json(skuSchema, 'The SKU.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const fields = toSkuFields(c.req.valid('json'), undefined, merchantId)
    const answer = await answerOnce(c, parts, async (tx) => ({
      status: 201 as const,
      body: toSkuJson(await createSku(tx.em, merchantId, fields)),
    }))
    return c.json(answer.body, answer.status)
  })
}
