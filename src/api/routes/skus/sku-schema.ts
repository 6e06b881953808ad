import { z } from '@hono/zod-openapi'
import type { Sku } from '../../../catalog/sku.entity.ts'
import { skuKinds } from '../../../catalog/sku.entity.ts'
import type { SkuFields } from '../../../catalog/skus.ts'
import { isInStock, mostPieces } from '../../../catalog/stock.ts'
import { ApiError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import {
  amountSchema,
  bpsSchema,
  currencySchema,
  idParam,
  majorUnits,
  metadataSchema,
  minorUnits,
} from '../../schemas.ts'

const positive = z.number().positive().max(100_000)
const httpUrl = z.url({ protocol: /^https?$/ }).max(2000)

export const skuInputSchema = z.object({
  id: z
    .string()
    .regex(/^[\w.-]{1,40}$/, 'may have 40 letters, digits, dots, dashes and underscores')
    .optional(),
  name: z.string().trim().min(1).max(200),
  description: z.string().max(5000).optional(),
  imageUrl: httpUrl.optional(),
  downloadLimit: z.number().int().min(1).max(100_000).optional(),
  licensed: z.boolean().optional().openapi({ description: 'Hands out a licence key of its pool with every item.' }),
  kind: z.enum(skuKinds),
  price: amountSchema,
  currency: currencySchema,
  merchantId: idParam.optional(),
  taxCode: z.string().max(40).optional(),
  weight: positive.optional(),
  weightUnit: z.enum(['oz', 'lb', 'g', 'kg']).optional(),
  dimensions: z
    .object({ length: positive, width: positive, height: positive, unit: z.enum(['in', 'cm']).default('in') })
    .optional(),
  countryOfOrigin: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  printful: z
    .object({
      variantId: z.number().int().positive(),
      files: z
        .array(z.object({ url: httpUrl, type: z.string().max(40).optional() }))
        .min(1)
        .max(10),
    })
    .optional(),
  delivery: z
    .object({ contentType: z.enum(['file', 'link', 'text']), content: z.string().min(1).max(20_000) })
    .refine(
      ({ contentType, content }) => contentType === 'text' || httpUrl.safeParse(content).success,
      'must be an http(s) URL',
    )
    .optional(),
  affiliateBps: bpsSchema.optional(),
  commissionBps: bpsSchema.optional(),
  listed: z
    .boolean()
    .optional()
    .openapi({ description: 'False keeps it out of the catalogue that publishable keys read.', default: true }),
  inventory: z
    .number()
    .int()
    .min(0)
    .max(mostPieces)
    .nullable()
    .optional()
    .openapi({ description: 'Pieces that can still be sold; null stops counting. Left out, it stays as it is.' }),
  metadata: metadataSchema.optional(),
})

/** What a variant is of one of its product's options. */
export const skuOptionSchema = z
  .object({
    name: z.string().trim().min(1).max(40),
    value: z.string().trim().min(1).max(60),
  })
  .openapi('VariantOption')

export const skuSchema = skuInputSchema
  .extend({
    id: z.string(),
    merchantId: z.string(),
    physical: z.boolean(),
    productId: z.string().optional(),
    options: z.array(skuOptionSchema).optional(),
    inventory: z.number().int().optional(),
    inStock: z.boolean(),
    createdTime: z.string(),
    updatedTime: z.string(),
    archivedTime: z.string().optional(),
  })
  .openapi('Sku')

/** A SKU to store. @throws ApiError `invalid_amount`, `missing_parameter` when its kind needs something that is not there */
export function toSkuFields(
  input: z.infer<typeof skuInputSchema>,
  id: string | undefined,
  merchantId: string,
): SkuFields {
  if (input.kind === 'pod' && !input.printful) throw new ApiError('missing_parameter', { parameter: 'printful' })
  if (input.weight !== undefined && !input.weightUnit)
    throw new ApiError('missing_parameter', { parameter: 'weightUnit' })
  return {
    id: id ?? input.id ?? newId('sku'),
    sellerId: input.merchantId ?? merchantId,
    name: input.name,
    description: input.description ?? null,
    imageUrl: input.imageUrl ?? null,
    licensed: input.licensed ?? false,
    downloadLimit: input.downloadLimit ?? null,
    kind: input.kind,
    price: minorUnits(input.price, input.currency, 'price'),
    currency: input.currency,
    taxCode: input.taxCode ?? null,
    weight: input.weight ?? null,
    weightUnit: input.weightUnit ?? null,
    dimensions: input.dimensions ?? null,
    countryOfOrigin: input.countryOfOrigin ?? null,
    printful: input.printful ?? null,
    delivery: input.delivery ?? null,
    affiliateBps: input.affiliateBps ?? null,
    commissionBps: input.commissionBps ?? null,
    listed: input.listed ?? true,
    inventory: input.inventory,
    metadata: input.metadata ?? {},
  }
}

export function toSkuJson(sku: Sku): z.infer<typeof skuSchema> {
  const { sellerId, merchantId: _owner, deletedAt, attributes: _kept, createdAt, updatedAt, ...fields } = sku
  const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
  return {
    ...(known as Omit<
      z.infer<typeof skuSchema>,
      'merchantId' | 'physical' | 'inStock' | 'price' | 'createdTime' | 'updatedTime'
    >),
    merchantId: sellerId,
    physical: sku.kind !== 'digital',
    inStock: isInStock(sku),
    price: majorUnits(sku.price, sku.currency),
    createdTime: createdAt.toISOString(),
    updatedTime: updatedAt.toISOString(),
    ...(deletedAt ? { archivedTime: deletedAt.toISOString() } : {}),
  }
}

/** What a storefront shows of a SKU: nothing of what it delivers, costs or earns, and nothing that its merchant notes. */
const shown = [
  'id',
  'name',
  'description',
  'imageUrl',
  'kind',
  'physical',
  'productId',
  'options',
  'inStock',
  'price',
  'currency',
  'merchantId',
  'weight',
  'weightUnit',
  'dimensions',
  'countryOfOrigin',
  'createdTime',
  'updatedTime',
] as const satisfies (keyof z.infer<typeof skuSchema>)[]

/** A SKU as a publishable key's catalogue has it. */
export function toCatalogueJson(sku: Sku): Pick<z.infer<typeof skuSchema>, (typeof shown)[number]> {
  const all = toSkuJson(sku)
  return Object.fromEntries(shown.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))) as Pick<
    z.infer<typeof skuSchema>,
    (typeof shown)[number]
  >
}
