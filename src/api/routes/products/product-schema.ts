import { z } from '@hono/zod-openapi'
import { mostOptions, mostVariants } from '../../../catalog/options.ts'
import type { ProductFields, ProductWithVariants, VariantFields } from '../../../catalog/products.ts'
import type { Sku } from '../../../catalog/sku.entity.ts'
import {
  skuInputSchema,
  skuOptionSchema,
  skuSchema,
  toCatalogueJson,
  toSkuFields,
  toSkuJson,
} from '../skus/sku-schema.ts'

const optionSchema = z
  .object({
    name: skuOptionSchema.shape.name,
    values: z.array(skuOptionSchema.shape.value).min(1).max(mostVariants),
  })
  .openapi('ProductOption')

const { name, description, imageUrl, kind, currency, merchantId } = skuInputSchema.shape

/** What variants have in common. */
export const productChangesSchema = z.object({
  name,
  description,
  imageUrl,
  options: z.array(optionSchema).min(1).max(mostOptions),
})

/** What a variant has for itself; the rest is its product's. */
export const variantInputSchema = skuInputSchema
  .omit({ name: true, description: true, kind: true, currency: true, merchantId: true, commissionBps: true })
  .extend({ options: z.array(skuOptionSchema).min(1).max(mostOptions) })

export const productInputSchema = productChangesSchema.extend({
  kind,
  currency,
  merchantId,
  variants: z.array(variantInputSchema).min(1).max(mostVariants),
})

const exampleVariant = {
  id: 'sku_01m8nz0nkh3n65ssexcgksae3w',
  merchantId: 'mer_01m8nz0nkh3n65ssexcgksae3w',
  productId: 'prod_01m8nz0nkh3n65ssexcgksae3w',
  name: 'T-shirt (M)',
  options: [{ name: 'Size', value: 'M' }],
  kind: 'physical' as const,
  physical: true,
  price: 24.5,
  currency: 'USD',
  inStock: true,
  createdTime: '2026-05-21T17:26:34.000Z',
  updatedTime: '2026-05-21T17:26:34.000Z',
}

export const productSchema = productChangesSchema
  .extend({
    id: z.string(),
    merchantId: z.string(),
    kind,
    currency,
    variants: z.array(skuSchema).openapi({ example: [exampleVariant] }),
    createdTime: z.string(),
    updatedTime: z.string(),
  })
  .openapi('Product')
export type ProductJson = z.infer<typeof productSchema>

export const toProductFields = (input: z.infer<typeof productChangesSchema>): ProductFields => ({
  name: input.name,
  description: input.description ?? null,
  imageUrl: input.imageUrl ?? null,
  options: input.options,
})

/** @throws ApiError what `toSkuFields` throws */
export function toVariantFields(
  input: z.infer<typeof variantInputSchema>,
  product: Pick<Sku, 'name' | 'kind' | 'currency'>,
): VariantFields {
  const { options, ...own } = input
  const { name, kind, currency } = product
  const fields = toSkuFields({ ...own, name, kind, currency }, undefined, '')
  const { sellerId: _, name: _name, description: _words, kind: _kind, currency: _currency, ...variant } = fields
  return { ...variant, options }
}

const toJson = ({ product }: ProductWithVariants, variants: ProductJson['variants']): ProductJson => ({
  id: product.id,
  merchantId: product.sellerId,
  name: product.name,
  ...(product.description ? { description: product.description } : {}),
  ...(product.imageUrl ? { imageUrl: product.imageUrl } : {}),
  kind: product.kind,
  currency: product.currency,
  options: product.options,
  variants,
  createdTime: product.createdAt.toISOString(),
  updatedTime: product.updatedAt.toISOString(),
})

export const toProductJson = (found: ProductWithVariants): ProductJson => toJson(found, found.variants.map(toSkuJson))

/** A product as a storefront shows it: with the choices that a variant on sale has. */
export function toShownProductJson(found: ProductWithVariants): ProductJson {
  const isSold = (at: number, value: string) => found.variants.some(({ options }) => options?.[at]?.value === value)
  const shown = toJson(found, found.variants.map(toCatalogueJson))
  const options = shown.options.map(({ name, values }, at) => ({
    name,
    values: values.filter((value) => isSold(at, value)),
  }))
  return { ...shown, options }
}
