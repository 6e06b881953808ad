import { createRoute, z } from '@hono/zod-openapi'
import { parse } from 'csv-parse/sync'
import { importLicenceKeys } from '../../../catalog/licence-keys.ts'
import { readSku } from '../../../catalog/skus.ts'
import { checkOwnFile, createProduct, listProducts, updateProduct } from '../../../links/products.ts'
import { ApiError } from '../../../platform/errors.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { ApiApp } from '../../env.ts'
import { envelopeOf, success } from '../../envelope.ts'
import { answerOnceTo } from '../../idempotency.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { idParam, json, jsonBody, searchText } from '../../schemas.ts'
import { createdAtQuery, readPeriod } from '../../time-filter.ts'
import { productInputSchema, productSchema, toProductFields, toProductJson } from './digital-json.ts'
import { refusals, sellerRoute } from './seller-route.ts'

const maxKeys = 50_000

const one = z.object({ id: idParam })
const productAnswer = json(envelopeOf(productSchema), 'The product.')

/** `/v2/digital/products`: what a seller sells by links, and the licence keys of a product's pool. */
export function registerDigitalProducts(app: ApiApp, parts: ApiParts): void {
  addCreation(app, parts)
  addList(app, parts)
  addReading(app, parts)
  addReplacement(app, parts)
  addLicenceKeys(app, parts)
}

function addCreation(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'products'),
      method: 'post',
      path: '/v2/digital/products',
      summary: 'Create a digital product',
      request: jsonBody(productInputSchema),
      responses: { 201: productAnswer, ...refusals },
    }),
    async (c) => {
      const fields = toProductFields(c.req.valid('json'))
      const seller = c.get('seller')
      await checkOwnFile(parts, seller.merchantId, fields.delivery)
      const { body, status } = await answerOnceTo(c, parts, seller, async (tx) => ({
        status: 201 as const,
        body: toProductJson(await createProduct(tx.em, seller.merchantId, fields)),
      }))
      return success(c, body as z.infer<typeof productSchema>, status)
    },
  )
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'products'),
      method: 'get',
      path: '/v2/digital/products',
      summary: 'List digital products',
      request: {
        query: z.object({
          limit: z.coerce.number().int().min(1).max(100).default(50),
          offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
          q: searchText.optional().openapi({ description: 'How their name begins, whatever the case; or an id.' }),
          ...createdAtQuery,
        }),
      },
      responses: {
        200: json(envelopeOf(z.object({ has_more: z.boolean(), products: z.array(productSchema) })), 'Newest first.'),
        ...refusals,
      },
    }),
    async (c) => {
      const { limit, offset, q, ...asked } = c.req.valid('query')
      const { hasMore, products } = await listProducts(
        parts.database.em(),
        c.get('seller').merchantId,
        { limit, offset },
        { kind: 'digital', text: q, created: readPeriod(asked, 'created_at') },
      )
      return success(c, { has_more: hasMore, products: products.map(toProductJson) }, 200)
    },
  )
}

function addReading(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'products'),
      method: 'get',
      path: '/v2/digital/products/{id}',
      summary: 'Read a digital product',
      request: { params: one },
      responses: { 200: productAnswer, ...refusals },
    }),
    async (c) => {
      const product = await readSku(parts.database.em(), c.get('seller').merchantId, c.req.valid('param').id)
      return success(c, toProductJson(product), 200)
    },
  )
}

function addReplacement(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'products'),
      method: 'put',
      path: '/v2/digital/products/{id}',
      summary: 'Replace a digital product; orders keep what they bought',
      request: { params: one, ...jsonBody(productInputSchema) },
      responses: { 200: productAnswer, ...refusals },
    }),
    async (c) => {
      const fields = toProductFields(c.req.valid('json'))
      await checkOwnFile(parts, c.get('seller').merchantId, fields.delivery)
      const product = await inTransaction(parts, (tx) =>
        updateProduct(tx.em, c.get('seller').merchantId, c.req.valid('param').id, fields),
      )
      return success(c, toProductJson(product), 200)
    },
  )
}

function addLicenceKeys(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'products'),
      method: 'post',
      path: '/v2/digital/products/{id}/licence-keys',
      summary: 'Add licence keys to the pool of a product',
      description:
        'CSV with one key in the first column of each line; a key that is in the pool already is not doubled.',
      request: { params: one, body: { required: true, content: { 'text/csv': { schema: z.string() } } } },
      responses: {
        200: json(envelopeOf(z.object({ imported: z.number().int(), duplicates: z.number().int() })), 'What was new.'),
        ...refusals,
      },
    }),
    async (c) => {
      const { merchantId } = c.get('seller')
      const { id } = c.req.valid('param')
      const keys = readKeys(await c.req.text())
      const imported = await inTransaction(parts, async (tx) => {
        await readSku(tx.em, merchantId, id)
        return importLicenceKeys(tx, { merchantId, skuId: id, keys })
      })
      return success(c, { imported, duplicates: keys.length - imported }, 200)
    },
  )
}

/** @throws ApiError `invalid_parameter` for what is no CSV, empty or too much */
function readKeys(csv: string): string[] {
  let rows: string[][]
  try {
    rows = parse(csv, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true }) as string[][]
  } catch {
    throw new ApiError('invalid_parameter', { message: 'The body is not valid CSV.' })
  }
  const keys = rows.map(([key = '']) => key).filter(Boolean)
  if (keys.length === 0) throw new ApiError('invalid_parameter', { message: 'There are no keys in the body.' })
  if (keys.length > maxKeys || keys.some((key) => key.length > 500)) {
    throw new ApiError('invalid_parameter', { message: `At most ${maxKeys} keys of 500 characters at once.` })
  }
  return keys
}
