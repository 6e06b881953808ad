import type { DatabaseTransaction } from '../platform/database.ts'
import { ApiError } from '../platform/errors.ts'
import type { Sku } from './sku.entity.ts'

type Tx = Pick<DatabaseTransaction, 'sql'>

/** A SKU as callers send and read it; `price` in minor units. */
export type SkuFields = Pick<
  Sku,
  | 'id'
  | 'sellerId'
  | 'name'
  | 'kind'
  | 'price'
  | 'currency'
  | 'taxCode'
  | 'weight'
  | 'weightUnit'
  | 'dimensions'
  | 'countryOfOrigin'
  | 'printful'
  | 'delivery'
  | 'affiliateBps'
  | 'commissionBps'
  | 'metadata'
>

export type SkuView = SkuFields & { createdAt: string; updatedAt: string }

const columns = `id, seller_id as "sellerId", name, kind, price, currency, tax_code as "taxCode", weight, weight_unit as "weightUnit",
  dimensions, country_of_origin as "countryOfOrigin", printful, delivery, affiliate_bps as "affiliateBps",
  commission_bps as "commissionBps", metadata, created_at as "createdAt", updated_at as "updatedAt"`

/** Creates a SKU. @throws ApiError `id_in_use`, `invalid_parameter` for a seller that is not one of this merchant's. */
export async function createSku(tx: Tx, merchantId: string, sku: SkuFields): Promise<SkuView> {
  await checkSeller(tx, merchantId, sku.sellerId)
  const [created] = await tx.sql<SkuView>(
    `insert into skus (merchant_id, id, seller_id, name, kind, price, currency, tax_code, weight, weight_unit, dimensions,
       country_of_origin, printful, delivery, affiliate_bps, commission_bps, metadata)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13::jsonb, $14::jsonb, $15, $16, $17::jsonb)
     on conflict do nothing returning ${columns}`,
    [merchantId, sku.id, ...values(sku)],
  )
  if (!created) throw new ApiError('id_in_use', { parameter: 'id' })
  return created
}

/** Replaces a SKU's fields. Carts and orders keep what they have. @throws ApiError `not_found` */
export async function replaceSku(tx: Tx, merchantId: string, sku: SkuFields): Promise<SkuView> {
  await checkSeller(tx, merchantId, sku.sellerId)
  const [updated] = await tx.sql<SkuView>(
    `update skus set seller_id = $3, name = $4, kind = $5, price = $6, currency = $7, tax_code = $8, weight = $9, weight_unit = $10,
       dimensions = $11::jsonb, country_of_origin = $12, printful = $13::jsonb, delivery = $14::jsonb, affiliate_bps = $15,
       commission_bps = $16, metadata = $17::jsonb, updated_at = now()
     where merchant_id = $1 and id = $2 and deleted_at is null returning ${columns}`,
    [merchantId, sku.id, ...values(sku)],
  )
  if (!updated) throw new ApiError('not_found')
  return updated
}

/** @throws ApiError `not_found`, also for another merchant's SKU (I11). */
export async function readSku(tx: Tx, merchantId: string, id: string): Promise<SkuView> {
  const [sku] = await tx.sql<SkuView>(
    `select ${columns} from skus where merchant_id = $1 and id = $2 and deleted_at is null`,
    [merchantId, id],
  )
  if (!sku) throw new ApiError('not_found')
  return sku
}

/** Takes a SKU off sale; carts and orders that hold it are not touched. @throws ApiError `not_found` */
export async function deleteSku(tx: Tx, merchantId: string, id: string): Promise<void> {
  const deleted = await tx.sql<{ id: string }>(
    'update skus set deleted_at = now() where merchant_id = $1 and id = $2 and deleted_at is null returning id',
    [merchantId, id],
  )
  if (deleted.length === 0) throw new ApiError('not_found')
}

/** Newest first; `startingAfter` is the id of the last one seen. */
export async function listSkus(
  tx: Tx,
  merchantId: string,
  page: { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined },
): Promise<{ hasMore: boolean; skus: SkuView[] }> {
  const backwards = page.endingBefore !== undefined
  const rows = await tx.sql<SkuView>(
    `select ${columns} from skus s where merchant_id = $1 and deleted_at is null
       and ($2::text is null or (created_at, id) < (select created_at, id from skus where merchant_id = $1 and id = $2))
       and ($3::text is null or (created_at, id) > (select created_at, id from skus where merchant_id = $1 and id = $3))
     order by created_at ${backwards ? 'asc' : 'desc'}, id ${backwards ? 'asc' : 'desc'} limit $4`,
    [merchantId, backwards ? null : (page.startingAfter ?? null), page.endingBefore ?? null, page.limit + 1],
  )
  const skus = rows.slice(0, page.limit)
  return { hasMore: rows.length > page.limit, skus: backwards ? skus.toReversed() : skus }
}

async function checkSeller(tx: Tx, merchantId: string, sellerId: string): Promise<void> {
  if (sellerId === merchantId) return
  const sellers = await tx.sql<{ id: string }>('select id from merchants where id = $1 and parent_id = $2', [
    sellerId,
    merchantId,
  ])
  if (sellers.length === 0)
    throw new ApiError('invalid_parameter', { message: `There is no merchant ${sellerId}.`, parameter: 'merchantId' })
}

const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))
const values = (sku: SkuFields) => [
  sku.sellerId,
  sku.name,
  sku.kind,
  sku.price,
  sku.currency,
  sku.taxCode,
  sku.weight,
  sku.weightUnit,
  json(sku.dimensions),
  sku.countryOfOrigin,
  json(sku.printful),
  json(sku.delivery),
  sku.affiliateBps,
  sku.commissionBps,
  JSON.stringify(sku.metadata),
]
