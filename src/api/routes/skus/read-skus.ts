import { createRoute, z } from '@hono/zod-openapi'
import { deleteSku, listSkus, readSku } from '../../../catalog/skus.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../parts.ts'
import { errorResponses, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { skuSchema, toSkuJson } from './sku-schema.ts'

/** `GET /v2/skus`, `GET /v2/skus/{id}`, `DELETE /v2/skus/{id}`. */
export function registerReadSkus(app: ApiApp, parts: ApiParts): void {
  const shared = {
    tags: ['SKUs'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
  }
  const one = { params: z.object({ id: idParam }) }

  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/skus',
      summary: 'List SKUs',
      request: { query: pageQuery },
      responses: { 200: json(listOf(skuSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { hasMore, skus } = await listSkus(parts.database.em(), c.get('caller').merchantId, c.req.valid('query'))
      return c.json({ hasMore, data: skus.map(toSkuJson) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/skus/{id}',
      summary: 'Read a SKU',
      request: one,
      responses: { 200: json(skuSchema, 'The SKU.'), ...errorResponses },
    }),
    async (c) =>
      c.json(toSkuJson(await readSku(parts.database.em(), c.get('caller').merchantId, c.req.valid('param').id)), 200),
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'delete',
      path: '/v2/skus/{id}',
      summary: 'Take a SKU off sale',
      request: one,
      responses: { 204: { description: 'No longer on sale.' }, ...errorResponses },
    }),
    async (c) => {
      await deleteSku(parts.database.em(), c.get('caller').merchantId, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
}
