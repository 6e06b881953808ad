import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { skuKinds } from './sku.entity.ts'

/** What buyers choose of a product, such as its size, and what there is to choose from, in the order in which it is shown. */
export type ProductOption = { name: string; values: string[] }

/** A product that is sold in variants: each of them is a SKU that names it, and has its own price, stock and parcel. */
export const ProductEntity = defineEntity({
  name: 'Product',
  tableName: 'products',
  properties: {
    id: p.text().primary(),
    merchantId: p.text().index(),
    sellerId: p.text(),
    name: p.text(),
    description: p.text().nullable(),
    /** The picture of every variant that has none of its own. */
    imageUrl: p.text().nullable(),
    kind: p.enum(skuKinds),
    currency: p.text(),
    options: p.json<ProductOption[]>(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
    deletedAt: p.datetime().nullable(),
  },
})

export type Product = InferEntity<typeof ProductEntity>

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof ProductEntity> {}
}
