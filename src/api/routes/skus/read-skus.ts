import { createRoute, z } from '@hono/zod-openapi'
import { deleteSku, listSkus, readSku } from '../../../catalog/skus.ts'
import type { KeyOwner } from '../../../merchants/api-keys.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, idParam, json, listOf, pageQuery, searchText, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { skuSchema, toCatalogueJson, toSkuJson } from './sku-schema.ts'

export const archivedQuery = z
  .enum(['true', 'false'])
  .optional()
  .openapi({ description: 'With a secret key: those that were taken off sale, in place of those that are on it.' })

/** `GET /v2/skus`, `GET /v2/skus/{id}`: all of it for the merchant's server, the catalogue for a storefront. `DELETE /v2/skus/{id}`. */
export function registerReadSkus(app: ApiApp, parts: ApiParts): void {
  const shared = { tags: ['SKUs'] }
  const forBoth = { ...shared, security: anyKey, middleware: requireKey(parts.keys, 'secret', 'publishable') }
  const description = 'With a publishable key: what is on sale, without what it delivers, costs or earns.'
  /** What a caller finds, and how it is shown. */
  const shelfOf = ({ kind }: KeyOwner) =>
    kind === 'secret' ? { shelf: {}, toJson: toSkuJson } : { shelf: { listed: true as const }, toJson: toCatalogueJson }
  const one = { params: z.object({ id: idParam }) }

  app.openapi(
    createRoute({
      ...forBoth,
      description,
      method: 'get',
      path: '/v2/skus',
      summary: 'List SKUs',
      request: {
        query: pageQuery.extend({
          q: searchText.optional().openapi({ description: 'How their name begins, or a SKU’s id.' }),
          archived: archivedQuery,
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(skuSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const caller = c.get('caller')
      const { shelf, toJson } = shelfOf(caller)
      const { limit, startingAfter, endingBefore, q, archived, ...times } = c.req.valid('query')
      const { since, before } = readPeriod(times) ?? {}
      const created = { ...(since ? { gte: since } : {}), ...(before ? { lt: before } : {}) }
      const page = { limit, startingAfter, endingBefore }
      // What is off sale is nothing that a storefront finds.
      const filter = { ...shelf, text: q, created, archived: archived === 'true' && caller.kind === 'secret' }
      const { hasMore, skus } = await listSkus(parts.database.em(), caller.merchantId, page, filter)
      return c.json({ hasMore, data: skus.map(toJson) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...forBoth,
      description,
      method: 'get',
      path: '/v2/skus/{id}',
      summary: 'Read a SKU',
      request: one,
      responses: { 200: json(skuSchema, 'The SKU.'), ...errorResponses },
    }),
    async (c) => {
      const caller = c.get('caller')
      const { shelf, toJson } = shelfOf(caller)
      return c.json(toJson(await readSku(parts.database.em(), caller.merchantId, c.req.valid('param').id, shelf)), 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      security: secretKey,
      middleware: requireKey(parts.keys, 'secret'),
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
