import { createRoute, z } from '@hono/zod-openapi'
import { noCurrency, type Sku } from '../../../catalog/sku.entity.ts'
import { changeSku, createSku, deleteSku, findSku, listSkus, readSku, type SkuFields } from '../../../catalog/skus.ts'
import { ApiError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { isLive } from '../../../providers/providers.ts'
import { withoutNulls } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import {
  errorResponses,
  idList,
  idParam,
  json,
  jsonBody,
  listOf,
  metadataSchema,
  pageQuery,
  secretKey,
} from '../../schemas.ts'
import { readTimeFilter, timeQuery } from '../../time-filter.ts'

const word = z.string().max(255)
const changesShape = {
  eccn: word.optional(),
  hsCode: word.optional(),
  skuGroupId: word.optional(),
  partNumber: word.optional(),
  manufacturerId: word.optional(),
  managedFulfillment: word.optional(),
  url: z.string().max(2000).optional(),
  image: z.string().max(2000).optional(),
  taxCode: z.string().max(100).optional(),
  description: z.string().max(5000).optional(),
  name: z.string().trim().min(1).max(500).optional(),
  countryOfOrigin: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  physical: z.boolean().optional(),
  weight: z.number().min(0).max(100_000).optional(),
  weightUnit: z.enum(['oz', 'lb', 'g', 'kg']).optional(),
  metadata: metadataSchema.optional(),
}
const changesSchema = z.object(changesShape)
type SkuChanges = z.infer<typeof changesSchema>

/** What a SKU cannot be without; a group stands for the classification of what is in it. */
const required = ['countryOfOrigin', 'eccn', 'name', 'taxCode'] as const
const ofGroup: readonly string[] = ['eccn', 'taxCode']

const inputSchema = changesSchema.superRefine((input, context) => {
  for (const name of required) {
    if (input[name] !== undefined || (input.skuGroupId !== undefined && ofGroup.includes(name))) continue
    context.addIssue({
      code: 'invalid_type',
      expected: 'string',
      input: undefined,
      path: [name],
      message: 'Invalid input: expected string, received undefined',
    })
  }
})

const skuSchema = z
  .object({ id: z.string(), createdTime: z.iso.datetime(), updatedTime: z.iso.datetime(), liveMode: z.boolean() })
  .extend(changesShape)
  .openapi('DigitalRiverSku')
type SkuJson = z.infer<typeof skuSchema>

const params = z.object({ id: idParam })

/** `/skus` and `/sku-groups` in Digital River's words: a SKU has no price of its own. Ours are `/v2/skus`. */
export function registerDigitalRiverSkus(app: ApiApp, parts: ApiParts): void {
  const settings = { tags: ['SKUs'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  addCreation(app, parts, settings)
  addChanges(app, parts, settings)
  addReading(app, parts, settings)
  addGroups(app, settings)
}

type Settings = { tags: string[]; security: typeof secretKey; middleware: ReturnType<typeof requireKey> }

function addCreation(app: ApiApp, parts: ApiParts, settings: Settings): void {
  const create = createRoute({
    ...settings,
    method: 'post',
    path: '/skus',
    summary: 'Create a SKU without a price',
    request: jsonBody(inputSchema.safeExtend({ id: idParam.optional() })),
    responses: { 201: json(skuSchema, 'The SKU.'), ...errorResponses },
  })
  app.openapi(create, async (c) => {
    const { merchantId } = c.get('caller')
    const { id = newId('sku'), ...input } = c.req.valid('json')
    const answer = await answerOnce(c, parts, async ({ em }) => ({
      status: 201 as const,
      body: toJson(parts, await createSku(em, merchantId, toFields(input, { id, merchantId }))),
    }))
    return c.json(answer.body as SkuJson, answer.status)
  })

  const upsert = createRoute({
    ...settings,
    method: 'put',
    path: '/skus/{id}',
    summary: 'Create a SKU of this id, or replace what is said of it',
    request: { params, ...jsonBody(inputSchema) },
    responses: { 200: json(skuSchema, 'It was there.'), 201: json(skuSchema, 'It is new.'), ...errorResponses },
  })
  app.openapi(upsert, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const fields = toFields(c.req.valid('json'), { id, merchantId })
    const answer = await answerOnce<200 | 201>(c, parts, async ({ em }) => {
      const known = await findSku(em, merchantId, id)
      const sku = known ? await changeSku(em, known, said(fields, known)) : await createSku(em, merchantId, fields)
      return { status: known ? 200 : 201, body: toJson(parts, sku) }
    })
    return c.json(answer.body as SkuJson, answer.status)
  })
}

function addChanges(app: ApiApp, parts: ApiParts, settings: Settings): void {
  const change = createRoute({
    ...settings,
    method: 'post',
    path: '/skus/{id}',
    summary: 'Change a SKU',
    request: { params, ...jsonBody(changesSchema) },
    responses: { 200: json(skuSchema, 'The SKU.'), ...errorResponses },
  })
  app.openapi(change, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const answer = await answerOnce(c, parts, async ({ em }) => {
      const known = await readSku(em, merchantId, id)
      const { liveMode: _, createdTime: _created, updatedTime: _updated, ...before } = toJson(parts, known)
      const input = {
        ...before,
        ...c.req.valid('json'),
        metadata: { ...known.metadata, ...c.req.valid('json').metadata },
      }
      const sku = await changeSku(em, known, said(toFields(input, { id, merchantId }), known))
      return { status: 200 as const, body: toJson(parts, sku) }
    })
    return c.json(answer.body as SkuJson, answer.status)
  })

  const remove = createRoute({
    ...settings,
    method: 'delete',
    path: '/skus/{id}',
    summary: 'Delete a SKU',
    request: { params },
    responses: { 204: { description: 'Gone.' }, ...errorResponses },
  })
  app.openapi(remove, async (c) => {
    await deleteSku(parts.database.em(), c.get('caller').merchantId, c.req.valid('param').id)
    return c.body(null, 204)
  })
}

function addReading(app: ApiApp, parts: ApiParts, settings: Settings): void {
  const one = createRoute({
    ...settings,
    method: 'get',
    path: '/skus/{id}',
    summary: 'Read a SKU',
    request: { params },
    responses: { 200: json(skuSchema, 'The SKU.'), ...errorResponses },
  })
  app.openapi(one, async (c) => {
    const sku = await readSku(parts.database.em(), c.get('caller').merchantId, c.req.valid('param').id)
    return c.json(toJson(parts, sku), 200)
  })

  const list = createRoute({
    ...settings,
    method: 'get',
    path: '/skus',
    summary: 'List SKUs, newest first',
    request: {
      query: pageQuery.extend({
        ids: idList.optional(),
        taxCode: word.optional(),
        eccn: word.optional(),
        hsCode: word.optional(),
        partNumber: word.optional(),
        skuGroupId: word.optional(),
        ...timeQuery('createdTime'),
        ...timeQuery('updatedTime'),
      }),
    },
    responses: { 200: json(listOf(skuSchema), 'SKUs.'), ...errorResponses },
  })
  app.openapi(list, async (c) => {
    const query = c.req.valid('query')
    const { limit, startingAfter, endingBefore, ids, taxCode, eccn, hsCode, partNumber, skuGroupId } = query
    const { hasMore, skus } = await listSkus(
      parts.database.em(),
      c.get('caller').merchantId,
      { limit, startingAfter, endingBefore },
      {
        ids,
        taxCode,
        attributes: { eccn, hsCode, partNumber, skuGroupId },
        created: readTimeFilter('createdTime', query),
        updated: readTimeFilter('updatedTime', query),
      },
    )
    return c.json({ hasMore, data: skus.map((sku) => toJson(parts, sku)) }, 200)
  })
}

/** Groups are Digital River's own classification: whatever a client names is taken, and there is no list of them. */
function addGroups(app: ApiApp, settings: Settings): void {
  const groups = createRoute({
    ...settings,
    method: 'get',
    path: '/sku-groups',
    summary: 'List SKU groups',
    description: 'Always empty: a SKU keeps the group its client names.',
    request: { query: pageQuery },
    responses: { 200: json(listOf(z.object({ id: z.string(), alias: z.string() })), 'None.'), ...errorResponses },
  })
  app.openapi(groups, (c) => c.json({ hasMore: false, data: [] }, 200))
}

/** A SKU that has a weight, a customs number or a warehouse is shipped, unless its client says otherwise. */
const isPhysical = (input: SkuChanges): boolean =>
  input.physical ?? (input.weight !== undefined || input.hsCode !== undefined || input.managedFulfillment !== undefined)

/** @throws ApiError `missing_parameter` */
function toFields(input: SkuChanges, { id, merchantId }: { id: string; merchantId: string }): SkuFields {
  const { eccn, hsCode, skuGroupId, partNumber, manufacturerId, managedFulfillment, url } = input
  if (input.weight && !input.weightUnit) throw new ApiError('missing_parameter', { parameter: 'weightUnit' })
  return {
    id,
    sellerId: merchantId,
    name: input.name ?? '',
    description: input.description ?? null,
    imageUrl: input.image ?? null,
    licensed: false,
    downloadLimit: null,
    kind: isPhysical(input) ? 'physical' : 'digital',
    price: 0,
    currency: noCurrency,
    taxCode: input.taxCode ?? null,
    weight: input.weight || null,
    weightUnit: input.weightUnit ?? null,
    dimensions: null,
    countryOfOrigin: input.countryOfOrigin ?? null,
    printful: null,
    delivery: null,
    affiliateBps: null,
    commissionBps: null,
    listed: false,
    attributes: { eccn, hsCode, skuGroupId, partNumber, manufacturerId, managedFulfillment, url },
    metadata: input.metadata ?? {},
  }
}

/** What a client says of a SKU that is there already; its price, seller, delivery and rates stay as they are. */
function said(fields: SkuFields, known: Sku): Partial<SkuFields> {
  const { name, description, imageUrl, kind, taxCode, weight, weightUnit, countryOfOrigin, attributes, metadata } =
    fields
  const kept = known.kind === 'pod' || known.delivery ? known.kind : kind
  return { name, description, imageUrl, kind: kept, taxCode, weight, weightUnit, countryOfOrigin, attributes, metadata }
}

function toJson({ providers }: ApiParts, sku: Sku): SkuJson {
  return withoutNulls({
    id: sku.id,
    createdTime: sku.createdAt.toISOString(),
    updatedTime: sku.updatedAt.toISOString(),
    ...sku.attributes,
    physical: sku.kind !== 'digital',
    taxCode: sku.taxCode,
    name: sku.name,
    description: sku.description,
    image: sku.imageUrl,
    countryOfOrigin: sku.countryOfOrigin,
    weight: sku.weight,
    weightUnit: sku.weightUnit,
    metadata: sku.metadata,
    liveMode: isLive(providers),
  }) as SkuJson
}
