import type { EntityManager } from '@mikro-orm/postgresql'
import { type Sku, SkuEntity, type SkuKind } from '../catalog/sku.entity.ts'
import { createSku, readSku, replaceSku } from '../catalog/skus.ts'
import type { Database } from '../database/database.ts'
import { beginning, madeIn } from '../database/find-filter.ts'
import type { Period } from '../database/made-within.ts'
import { fileIdOfUrl, readFile } from '../files/files.ts'
import type { Config } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'

/** A digital product as its seller describes it; `price` in minor units. It is a SKU like any other. */
export type ProductFields = {
  name: string
  price: number
  currency: string
  description: string | null
  imageUrl: string | null
  delivery: NonNullable<Sku['delivery']>
  licensed: boolean
  downloadLimit: number | null
}

const toSku = (merchantId: string, id: string, fields: ProductFields) => ({
  id,
  sellerId: merchantId,
  kind: 'digital' as const,
  taxCode: null,
  weight: null,
  weightUnit: null,
  dimensions: null,
  countryOfOrigin: null,
  printful: null,
  affiliateBps: null,
  commissionBps: null,
  metadata: {},
  // Its link sells it.
  listed: false,
  ...fields,
})

export const createProduct = (em: EntityManager, merchantId: string, fields: ProductFields): Promise<Sku> =>
  createSku(em, merchantId, toSku(merchantId, newId('sku'), fields))

/** Changes a product; orders and carts keep what they were made with. @throws ApiError `not_found` */
export async function updateProduct(
  em: EntityManager,
  merchantId: string,
  id: string,
  fields: ProductFields,
): Promise<Sku> {
  const { affiliateBps, commissionBps, taxCode, metadata, listed } = await readSku(em, merchantId, id)
  return replaceSku(em, merchantId, {
    ...toSku(merchantId, id, fields),
    affiliateBps,
    commissionBps,
    taxCode,
    metadata,
    listed,
  })
}

/**
 * A product or override that names one of our uploads must name the seller's own. @throws ApiError `not_found`
 */
export async function checkOwnFile(
  parts: { config: Config; database: Pick<Database, 'sql'> },
  merchantId: string,
  delivery: { contentType: string; content: string },
): Promise<void> {
  const fileId = delivery.contentType === 'file' ? fileIdOfUrl(parts, delivery.content) : undefined
  if (fileId) await readFile(parts.database.sql, { merchantId, fileId })
}

export type ProductFilter = {
  /** Of every kind where none is said. */
  kind?: SkuKind | undefined
  created?: Period | undefined
  /** How a name begins, or an id. */
  text?: string | undefined
}

/** A seller's products, newest first. */
export async function listProducts(
  em: EntityManager,
  merchantId: string,
  page: { limit: number; offset: number },
  filter: ProductFilter = {},
): Promise<{ hasMore: boolean; products: Sku[] }> {
  const rows = await em.find(
    SkuEntity,
    {
      merchantId,
      deletedAt: null,
      ...(filter.kind ? { kind: filter.kind } : {}),
      $and: [...madeIn(filter.created), ...beginning(filter.text, ['name'])],
    },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit: page.limit + 1, offset: page.offset },
  )
  return { hasMore: rows.length > page.limit, products: rows.slice(0, page.limit) }
}
