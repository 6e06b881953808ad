import { type EntityManager, LockMode, raw, UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import { madeIn } from '../database/find-filter.ts'
import type { Period } from '../database/made-within.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { checkOptions, inOrder, keyOf, nameOfVariant, placeOptions, withValuesOf } from './options.ts'
import { type Product, ProductEntity } from './product.entity.ts'
import { type Sku, SkuEntity, type SkuOption } from './sku.entity.ts'
import { checkSeller, type SkuFields } from './skus.ts'
import { checkRoom } from './variant-room.ts'

/** What its variants have in common. */
export type ProductFields = Pick<Product, 'name' | 'description' | 'imageUrl' | 'options'>

/** A variant as callers send it: what a SKU has beside its product; `price` in minor units of the product's currency. */
export type VariantFields = Omit<
  SkuFields,
  'sellerId' | 'name' | 'description' | 'kind' | 'currency' | 'commissionBps'
> & { options: SkuOption[] }

export type ProductWithVariants = { product: Product; variants: Sku[] }

type NewProduct = ProductFields & Pick<Product, 'sellerId' | 'kind' | 'currency'>

/**
 * Creates a product with its variants. @throws ApiError `invalid_parameter` for a seller that is not one of this merchant's, for options that
 * are there twice or that no product has, `variant_in_use`, `id_in_use`
 */
export async function createProduct(
  em: EntityManager,
  merchantId: string,
  fields: NewProduct,
  variants: readonly VariantFields[],
): Promise<ProductWithVariants> {
  await checkSeller(em, merchantId, fields.sellerId)
  checkOptions(fields.options)
  const now = new Date()
  const product = em.create(ProductEntity, {
    id: newId('product'),
    merchantId,
    createdAt: now,
    updatedAt: now,
    ...fields,
  })
  const placed = variants.map((variant, index) => ({
    ...variant,
    options: placeOptions(variant.options, product.options, `variants[${index}].options`),
  }))
  if (new Set(placed.map(({ options }) => keyOf(options))).size < placed.length) throw new ApiError('variant_in_use')
  const made = placed.map((variant) => em.create(SkuEntity, toSku(product, variant)))
  await save(em)
  return { product, variants: inOrder(made, product.options) }
}

/** @throws ApiError `not_found`, also for another merchant's */
export async function readProduct(em: EntityManager, merchantId: string, id: string, shelf: Shelf = {}) {
  const product = await em.findOne(ProductEntity, { merchantId, id, deletedAt: null })
  if (!product) throw new ApiError('not_found')
  const [found] = await withVariants(em, [product], shelf)
  if (!found || (shelf.listed && found.variants.length === 0)) throw new ApiError('not_found')
  return found
}

/** Which variants are meant: those on sale, or those of them that a storefront finds. */
type Shelf = { listed?: true | undefined }

/** Products of a merchant, newest first: ids sort by time. A storefront finds those of which there is a variant to be sold. */
export async function listProducts(
  em: EntityManager,
  merchantId: string,
  page: { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined },
  shelf: Shelf & { archived?: boolean; created?: Period | undefined } = {},
): Promise<{ hasMore: boolean; products: ProductWithVariants[] }> {
  const backwards = page.endingBefore !== undefined
  const edge = page.endingBefore ?? page.startingAfter
  const rows = await em.find(
    ProductEntity,
    {
      merchantId,
      deletedAt: shelf.archived ? { $ne: null } : null,
      ...(edge === undefined ? {} : { id: backwards ? { $gt: edge } : { $lt: edge } }),
      ...(shelf.listed ? { [raw(hasListed)]: true } : {}),
      $and: madeIn(shelf.created, 'product'),
    },
    { orderBy: { id: backwards ? 'asc' : 'desc' }, limit: page.limit + 1 },
  )
  const products = rows.slice(0, page.limit)
  return {
    hasMore: rows.length > page.limit,
    products: await withVariants(em, backwards ? products.toReversed() : products, shelf),
  }
}

const hasListed = (product: string) =>
  `exists (select from skus v where v.product_id = ${product}.id and v.listed and v.deleted_at is null)`

/** Products with those of their variants that are meant, in the order of their choices. */
export async function withVariants(
  em: EntityManager,
  products: readonly Product[],
  { listed }: Shelf = {},
): Promise<ProductWithVariants[]> {
  const ids = products.map(({ id }) => id)
  const shelf = { deletedAt: null, ...(listed ? { listed } : {}) }
  const skus = ids.length === 0 ? [] : await em.find(SkuEntity, { productId: { $in: ids }, ...shelf })
  const byProduct = Map.groupBy(skus, ({ productId }) => productId)
  return products.map((product) => ({
    product,
    variants: inOrder(byProduct.get(product.id) ?? [], product.options),
  }))
}

/** The variants of a product that were taken off sale. */
export const archivedVariants = (em: EntityManager, productId: string): Promise<Sku[]> =>
  em.find(SkuEntity, { productId, deletedAt: { $ne: null } }, { orderBy: { id: 'asc' } })

/** @throws ApiError `not_found`, for one off sale too */
async function lockProduct(em: EntityManager, merchantId: string, id: string): Promise<Product> {
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }
  const product = await em.findOne(ProductEntity, { merchantId, id, deletedAt: null }, lock)
  if (!product) throw new ApiError('not_found')
  return product
}

/**
 * Adds a variant; values that its product does not have yet become choices of it.
 * @throws ApiError `not_found`, `variant_in_use`, `too_many_variants`, `id_in_use`, `invalid_parameter` for an option that the product has not
 */
export async function addVariant(
  em: EntityManager,
  merchantId: string,
  productId: string,
  variant: VariantFields,
): Promise<Sku> {
  const product = await lockProduct(em, merchantId, productId)
  const known = withValuesOf(product.options, variant.options)
  const options = placeOptions(variant.options, known, 'options')
  await checkRoom(em, productId, options)
  em.assign(product, { options: known, updatedAt: new Date() })
  const sku = em.create(SkuEntity, toSku(product, { ...variant, options }))
  await save(em)
  return sku
}

/**
 * Replaces what a product's variants have in common, in all of them. Options keep their places; they may be called otherwise, and have
 * other values as long as every variant's is among them, of those off sale too.
 * @throws ApiError `not_found`, `invalid_parameter`
 */
export async function replaceProduct(
  em: EntityManager,
  merchantId: string,
  id: string,
  fields: ProductFields,
): Promise<ProductWithVariants> {
  const product = await lockProduct(em, merchantId, id)
  checkOptions(fields.options)
  if (fields.options.length !== product.options.length)
    throw new ApiError('invalid_parameter', {
      message: `options: it has ${product.options.length}, as its variants do`,
      parameter: 'options',
    })
  const variants = await em.find(SkuEntity, { productId: id })
  const updatedAt = new Date()
  for (const sku of variants) {
    const renamed = fields.options.map(({ name }, at) => ({ name, value: sku.options?.[at]?.value ?? '' }))
    const options = placeOptions(renamed, fields.options, 'options')
    const isShared = (sku.imageUrl ?? null) === (product.imageUrl ?? null)
    const imageUrl = isShared ? fields.imageUrl : (sku.imageUrl ?? null)
    const { description } = fields
    em.assign(sku, { name: nameOfVariant(fields.name, options), description, imageUrl, options, updatedAt })
  }
  em.assign(product, { ...fields, updatedAt })
  await em.flush()
  const onSale = variants.filter(({ deletedAt }) => !deletedAt)
  return { product, variants: inOrder(onSale, product.options) }
}

/** Takes a product off sale with all of its variants. @throws ApiError `not_found` */
export async function archiveProduct(em: EntityManager, merchantId: string, id: string): Promise<void> {
  const product = await lockProduct(em, merchantId, id)
  const deletedAt = new Date()
  em.assign(product, { deletedAt })
  await em.flush()
  await em.nativeUpdate(SkuEntity, { productId: id, deletedAt: null }, { deletedAt })
}

/** Puts a product on sale again with the variants that went off sale with it; one that is on sale stays so. @throws ApiError `not_found` */
export async function restoreProduct(em: EntityManager, merchantId: string, id: string): Promise<ProductWithVariants> {
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }
  const product = await em.findOne(ProductEntity, { merchantId, id }, lock)
  if (!product) throw new ApiError('not_found')
  if (product.deletedAt) {
    const together = { productId: id, deletedAt: product.deletedAt }
    await em.nativeUpdate(SkuEntity, together, { deletedAt: null, updatedAt: new Date() })
    em.assign(product, { deletedAt: null, updatedAt: new Date() })
    await em.flush()
  }
  return readProduct(em, merchantId, id)
}

const toSku = (product: Product, { options, inventory, imageUrl, ...fields }: VariantFields) => ({
  ...fields,
  merchantId: product.merchantId,
  sellerId: product.sellerId,
  productId: product.id,
  name: nameOfVariant(product.name, options),
  description: product.description ?? null,
  imageUrl: imageUrl ?? product.imageUrl ?? null,
  kind: product.kind,
  currency: product.currency,
  options,
  inventory: inventory ?? null,
  commissionBps: null,
  createdAt: new Date(),
  updatedAt: new Date(),
})

async function save(em: EntityManager): Promise<void> {
  try {
    await em.flush()
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) throw new ApiError('id_in_use', { parameter: 'id' })
    throw error
  }
}
