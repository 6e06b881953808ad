import { type EntityManager, LockMode } from '@mikro-orm/postgresql'
import { ApiError } from '../platform/errors.ts'
import { keyOf, mostVariants } from './options.ts'
import { type Product, ProductEntity } from './product.entity.ts'
import { type Sku, SkuEntity, type SkuOption } from './sku.entity.ts'

/** Whether a locked product has room for a variant. @throws ApiError `variant_in_use`, `too_many_variants` */
export async function checkRoom(em: EntityManager, productId: string, options: readonly SkuOption[]): Promise<void> {
  const others = await em.find(SkuEntity, { productId, deletedAt: null }, { fields: ['options'] })
  if (others.some((other) => keyOf(other.options ?? []) === keyOf(options))) throw new ApiError('variant_in_use')
  if (others.length >= mostVariants) throw new ApiError('too_many_variants')
}

/**
 * Whether a variant that is off sale may be put on sale again. Its product stays locked, so that no other variant takes its place meanwhile.
 * @throws ApiError `product_archived`, `variant_in_use`, `too_many_variants`
 */
export async function checkRestorable(em: EntityManager, sku: Sku): Promise<void> {
  if (!sku.productId || !sku.deletedAt) return
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }
  const product = await em.findOneOrFail(ProductEntity, { id: sku.productId }, lock)
  if (product.deletedAt) throw new ApiError('product_archived')
  await checkRoom(em, product.id, sku.options ?? [])
}

/** The product that a SKU is a variant of. */
export const productOf = (em: EntityManager, { productId }: Pick<Sku, 'productId'>): Promise<Product | null> =>
  productId ? em.findOne(ProductEntity, { id: productId }) : Promise.resolve(null)
