import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

export const skuKinds = ['digital', 'physical', 'pod'] as const
export type SkuKind = (typeof skuKinds)[number]

export type Dimensions = { length: number; width: number; height: number; unit: 'in' | 'cm' }
export type PrintfulProduct = { variantId: number; files: { url: string; type?: string | undefined }[] }
export type DigitalContent = { contentType: 'file' | 'link' | 'text'; content: string }

/** What Digital River's clients keep with a SKU: customs and fulfilment have no use for it here, and it is given back. */
export type SkuAttributes = {
  eccn?: string | undefined
  hsCode?: string | undefined
  skuGroupId?: string | undefined
  partNumber?: string | undefined
  manufacturerId?: string | undefined
  managedFulfillment?: string | undefined
  url?: string | undefined
}

/** What a variant is of its product's options, in their order. */
export type SkuOption = { name: string; value: string }

/** ISO 4217's word for no currency: such a SKU has no price, and every sale brings its own. No cart has it, so none sells it for nothing. */
export const noCurrency = 'XXX'

/** Something that is sold: a download, a parcel or a print job. `price` in minor units of `currency`. */
export const SkuEntity = defineEntity({
  name: 'Sku',
  tableName: 'skus',
  properties: {
    merchantId: p.text().primary(),
    id: p.text().primary(),
    sellerId: p.text(),
    name: p.text(),
    description: p.text().nullable(),
    imageUrl: p.text().nullable(),
    kind: p.enum(skuKinds),
    price: p.bigint('number'),
    currency: p.text(),
    taxCode: p.text().nullable(),
    weight: p.double().$type<number>().nullable(),
    weightUnit: p.enum(['oz', 'lb', 'g', 'kg'] as const).nullable(),
    dimensions: p.json<Dimensions>().nullable(),
    countryOfOrigin: p.text().nullable(),
    printful: p.json<PrintfulProduct>().nullable(),
    delivery: p.json<DigitalContent>().nullable(),
    /** Hands out a licence key of its pool with every item sold. */
    licensed: p.boolean().default(false),
    /** How often a buyer may download its file; null is without limit. */
    downloadLimit: p.integer().nullable(),
    affiliateBps: p.integer().nullable(),
    commissionBps: p.integer().nullable(),
    metadata: p.json<Record<string, string | number | boolean>>(),
    attributes: p.json<SkuAttributes>().nullable(),
    /** Whether a storefront finds it in the catalogue; by its id it is sold either way. */
    listed: p.boolean().default(true),
    /** The product that it is a variant of. */
    productId: p.text().nullable(),
    options: p.json<SkuOption[]>().nullable(),
    /** Pieces that can still be sold; null where nobody counts them. */
    inventory: p.integer().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
    deletedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      // Without what a sale changes: a sale touches no index.
      name: 'skus_named',
      expression:
        'create index skus_named on skus (merchant_id, lower(name) text_pattern_ops) where deleted_at is null',
    },
    {
      name: 'skus_of_product',
      expression: 'create index skus_of_product on skus (product_id) where product_id is not null',
    },
    {
      name: 'skus_one_of_each_variant',
      expression:
        'create unique index skus_one_of_each_variant on skus (product_id, options) where product_id is not null and deleted_at is null',
    },
  ],
  checks: [{ name: 'skus_never_oversold', expression: 'inventory >= 0' }],
})

export type Sku = InferEntity<typeof SkuEntity>

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof SkuEntity> {}
}
