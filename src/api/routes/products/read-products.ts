import { createRoute, z } from '@hono/zod-openapi'
import { listProducts, readProduct } from '../../../catalog/products.ts'
import type { KeyOwner } from '../../../merchants/api-keys.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, idParam, json, listOf, pageQuery } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { archivedQuery } from '../skus/read-skus.ts'
import { productSchema, toProductJson, toShownProductJson } from './product-schema.ts'

/** `GET /v2/products`, `GET /v2/products/{id}`: for the merchant's server, and for a storefront that lets its buyers choose. */
export function registerReadProducts(app: ApiApp, parts: ApiParts): void {
  const shared = {
    tags: ['SKUs'],
    security: anyKey,
    middleware: requireKey(parts.keys, 'secret', 'publishable'),
    description:
      'With a publishable key: variants that are on sale, as the catalogue has them, and the choices they leave.',
  }
  const shelfOf = ({ kind }: KeyOwner) =>
    kind === 'secret'
      ? { shelf: {}, toJson: toProductJson }
      : { shelf: { listed: true as const }, toJson: toShownProductJson }

  const list = createRoute({
    ...shared,
    method: 'get',
    path: '/v2/products',
    summary: 'List products that are sold in variants',
    request: { query: pageQuery.extend({ archived: archivedQuery, ...createdQuery }) },
    responses: { 200: json(listOf(productSchema), 'Newest first.'), ...errorResponses },
  })
  app.openapi(list, async (c) => {
    const caller = c.get('caller')
    const { shelf, toJson } = shelfOf(caller)
    const { archived, limit, startingAfter, endingBefore, ...times } = c.req.valid('query')
    const page = { limit, startingAfter, endingBefore }
    const created = readPeriod(times)
    const filter = { ...shelf, archived: archived === 'true' && caller.kind === 'secret', created }
    const { hasMore, products } = await listProducts(parts.database.em(), caller.merchantId, page, filter)
    return c.json({ hasMore, data: products.map(toJson) }, 200)
  })

  const one = createRoute({
    ...shared,
    method: 'get',
    path: '/v2/products/{id}',
    summary: 'Read a product with its variants',
    request: { params: z.object({ id: idParam }) },
    responses: { 200: json(productSchema, 'The product with its variants.'), ...errorResponses },
  })
  app.openapi(one, async (c) => {
    const caller = c.get('caller')
    const { shelf, toJson } = shelfOf(caller)
    const { id } = c.req.valid('param')
    return c.json(toJson(await readProduct(parts.database.em(), caller.merchantId, id, shelf)), 200)
  })
}
