import { createRoute, z } from '@hono/zod-openapi'
import {
  addVariant,
  archiveProduct,
  createProduct,
  readProduct,
  replaceProduct,
  restoreProduct,
} from '../../../catalog/products.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'
import { skuSchema, toSkuJson } from '../skus/sku-schema.ts'
import {
  type ProductJson,
  productChangesSchema,
  productInputSchema,
  productSchema,
  toProductFields,
  toProductJson,
  toVariantFields,
  variantInputSchema,
} from './product-schema.ts'
import { registerReadProducts } from './read-products.ts'

const one = z.object({ id: idParam })
const product = json(productSchema, 'The product with its variants.')
const forServer = (parts: ApiParts) => ({
  tags: ['SKUs'],
  security: secretKey,
  middleware: requireKey(parts.keys, 'secret'),
})

/** `/v2/products`: what is sold in variants, such as sizes. Every variant is a SKU, and is changed, stocked and archived as one. */
export function registerProducts(app: ApiApp, parts: ApiParts): void {
  addCreation(app, parts)
  addVariants(app, parts)
  addReplacement(app, parts)
  addArchive(app, parts)
  registerReadProducts(app, parts)
}

function addCreation(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    ...forServer(parts),
    method: 'post',
    path: '/v2/products',
    summary: 'Create a product with its variants',
    request: jsonBody(productInputSchema),
    responses: { 201: product, ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const input = c.req.valid('json')
    const { kind, currency } = input
    const variants = input.variants.map((variant) => toVariantFields(variant, input))
    const fields = { ...toProductFields(input), kind, currency, sellerId: input.merchantId ?? merchantId }
    const answer = await answerOnce(c, parts, async ({ em }) => ({
      status: 201 as const,
      body: toProductJson(await createProduct(em, merchantId, fields, variants)),
    }))
    return c.json(answer.body as ProductJson, answer.status)
  })
}

function addVariants(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    ...forServer(parts),
    method: 'post',
    path: '/v2/products/{id}/variants',
    summary: 'Add a variant to a product',
    request: { params: one, ...jsonBody(variantInputSchema) },
    responses: { 201: json(skuSchema, 'The variant, which is a SKU.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const answer = await answerOnce(c, parts, async ({ em }) => {
      const { product } = await readProduct(em, merchantId, id)
      const variant = toVariantFields(c.req.valid('json'), product)
      return { status: 201 as const, body: toSkuJson(await addVariant(em, merchantId, id, variant)) }
    })
    return c.json(answer.body, answer.status)
  })
}

function addReplacement(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    ...forServer(parts),
    method: 'post',
    path: '/v2/products/{id}',
    summary: 'Replace what the variants of a product have in common',
    request: { params: one, ...jsonBody(productChangesSchema) },
    responses: { 200: product, ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const fields = toProductFields(c.req.valid('json'))
    const answer = await answerOnce(c, parts, async ({ em }) => ({
      status: 200 as const,
      body: toProductJson(await replaceProduct(em, merchantId, id, fields)),
    }))
    return c.json(answer.body as ProductJson, answer.status)
  })
}

function addArchive(app: ApiApp, parts: ApiParts): void {
  const archive = createRoute({
    ...forServer(parts),
    method: 'delete',
    path: '/v2/products/{id}',
    summary: 'Take a product off sale with its variants',
    request: { params: one },
    responses: { 204: { description: 'No longer on sale.' }, ...errorResponses },
  })
  app.openapi(archive, async (c) => {
    const { merchantId } = c.get('caller')
    await inTransaction(parts, ({ em }) => archiveProduct(em, merchantId, c.req.valid('param').id))
    return c.body(null, 204)
  })

  const restore = createRoute({
    ...forServer(parts),
    method: 'post',
    path: '/v2/products/{id}/restore',
    summary: 'Put a product on sale again',
    request: { params: one },
    responses: { 200: product, ...errorResponses },
  })
  app.openapi(restore, async (c) => {
    const { merchantId } = c.get('caller')
    const answer = await answerOnce(c, parts, async ({ em }) => ({
      status: 200 as const,
      body: toProductJson(await restoreProduct(em, merchantId, c.req.valid('param').id)),
    }))
    return c.json(answer.body as ProductJson, answer.status)
  })
}
