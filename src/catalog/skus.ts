import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import { beginning } from '../database/find-filter.ts'
import { now, statement } from '../database/statement.ts'
import { settableCommission } from '../merchants/commission.ts'
import { MerchantEntity } from '../merchants/merchant.entity.ts'
import { ApiError } from '../platform/errors.ts'
import { type Sku, type SkuAttributes, SkuEntity } from './sku.entity.ts'
import { checkRestorable, productOf } from './variant-room.ts'

/** A SKU as callers send it; `price` in minor units. */
export type SkuFields = Omit<
  Sku,
  'merchantId' | 'createdAt' | 'updatedAt' | 'deletedAt' | 'attributes' | 'inventory' | 'productId' | 'options'
> & {
  attributes?: SkuAttributes | undefined
  /** Of a new one: pieces that can be sold; null or left out is without counting. That of one that is there is not a field to be replaced. */
  inventory?: number | null | undefined
}

/**
 * Creates a SKU. @throws ApiError `id_in_use`, `invalid_parameter` for a seller that is not one of this merchant's,
 * `commission_not_yours`
 */
export async function createSku(em: EntityManager, merchantId: string, fields: SkuFields): Promise<Sku> {
  await checkSeller(em, merchantId, fields.sellerId)
  const now = new Date()
  const commission = await commissionOf(em, merchantId, fields, null)
  const sku = em.create(SkuEntity, {
    merchantId,
    createdAt: now,
    updatedAt: now,
    ...fields,
    ...commission,
    inventory: fields.inventory ?? null,
  })
  try {
    await em.flush()
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) throw new ApiError('id_in_use', { parameter: 'id' })
    throw error
  }
  return sku
}

/**
 * Replaces a SKU's fields, all but its inventory, and of a variant all but what is its product's. Carts and orders keep what they have.
 * @throws ApiError `not_found`, `commission_not_yours`, `invalid_parameter` for a variant of another kind or currency than its product
 */
export async function replaceSku(em: EntityManager, merchantId: string, fields: SkuFields): Promise<Sku> {
  await checkSeller(em, merchantId, fields.sellerId)
  const sku = await readSku(em, merchantId, fields.id)
  const commission = await commissionOf(em, merchantId, fields, sku.commissionBps ?? null)
  const { inventory: _, ...said } = fields
  const shared = await sharedOf(em, sku, fields)
  em.assign(sku, { ...said, ...commission, ...shared, updatedAt: new Date() })
  await em.flush()
  return sku
}

/** What a variant has of its product, whatever is said of it. @throws ApiError `invalid_parameter` for another kind or currency */
async function sharedOf(em: EntityManager, sku: Sku, said: SkuFields): Promise<Partial<Sku>> {
  const product = await productOf(em, sku)
  if (!product) return {}
  const other = (['kind', 'currency'] as const).find((name) => said[name] !== product[name])
  if (other)
    throw new ApiError('invalid_parameter', { message: `${other}: all variants have the product's`, parameter: other })
  const { name, description, sellerId } = sku
  return { name, description, sellerId, imageUrl: said.imageUrl ?? product.imageUrl ?? null }
}

/** Which SKUs are meant: all of them, or what a storefront finds. */
export type Shelf = { listed?: true }

/** @throws ApiError `not_found`, also for another merchant's SKU. */
export async function readSku(em: EntityManager, merchantId: string, id: string, shelf: Shelf = {}): Promise<Sku> {
  const sku = await em.findOne(SkuEntity, { merchantId, id, deletedAt: null, ...shelf })
  if (!sku) throw new ApiError('not_found')
  return sku
}

/** The SKU of this id, also one that was taken off sale: its id is not free. */
export async function findSku(em: EntityManager, merchantId: string, id: string): Promise<Sku | undefined> {
  return (await em.findOne(SkuEntity, { merchantId, id })) ?? undefined
}

/**
 * Stores what has changed of a SKU, and puts it on sale again should it have been taken off. A variant keeps what is its product's.
 * @throws ApiError what {@link checkRestorable} throws
 */
export async function changeSku(
  em: EntityManager,
  sku: Sku,
  changes: Partial<Omit<SkuFields, 'inventory'>>,
): Promise<Sku> {
  await checkRestorable(em, sku)
  const { name, description, kind } = sku
  const kept = sku.productId ? { name, description, kind } : {}
  em.assign(sku, { ...changes, ...kept, deletedAt: null, updatedAt: new Date() })
  await em.flush()
  return sku
}

/** Takes a SKU off sale; carts and orders that hold it are not touched. @throws ApiError `not_found` */
export async function deleteSku(em: EntityManager, merchantId: string, id: string): Promise<void> {
  const deleted = await em.nativeUpdate(SkuEntity, { merchantId, id, deletedAt: null }, { deletedAt: new Date() })
  if (deleted === 0) throw new ApiError('not_found')
}

/** Puts a SKU on sale again that was taken off; one that is on sale stays so. @throws ApiError `not_found`, what {@link checkRestorable} throws */
export async function restoreSku(em: EntityManager, merchantId: string, id: string): Promise<Sku> {
  const sku = await findSku(em, merchantId, id)
  if (!sku) throw new ApiError('not_found')
  return sku.deletedAt ? changeSku(em, sku, {}) : sku
}

/** Gives a SKU that is on sale another picture. */
export const setSkuPicture = statement<{ merchantId: string; skuId: string; imageUrl: string }>()((db, $) =>
  db
    .updateTable('skus')
    .set({ image_url: $.imageUrl, updated_at: now })
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.skuId)
    .where('deleted_at', 'is', null),
)

/** What SKUs are looked for by; only what is said counts. */
export type SkuFilter = {
  ids?: string[] | undefined
  taxCode?: string | undefined
  attributes?: SkuAttributes | undefined
  created?: TimeRange | undefined
  updated?: TimeRange | undefined
  /** How their name begins, or the id of one. */
  text?: string | undefined
  /** Those that were taken off sale in place of those that are on it. */
  archived?: boolean | undefined
}

/** Moments that a time is compared with, all of them at once. */
type TimeRange = Partial<Record<'eq' | 'gt' | 'gte' | 'lt' | 'lte', Date>>

/** Newest first; `startingAfter` and `endingBefore` are ids of SKUs seen already. */
export async function listSkus(
  em: EntityManager,
  merchantId: string,
  page: { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined },
  shelf: Shelf & SkuFilter = {},
): Promise<{ hasMore: boolean; skus: Sku[] }> {
  const backwards = page.endingBefore !== undefined
  const edge = page.endingBefore ?? page.startingAfter
  const seen = edge === undefined ? null : await em.findOne(SkuEntity, { merchantId, id: edge })
  const side = backwards ? '$gt' : '$lt'
  const rows = await em.find(
    SkuEntity,
    {
      merchantId,
      deletedAt: shelf.archived ? { $ne: null } : null,
      ...(shelf.listed ? { listed: true } : {}),
      ...(shelf.ids ? { id: { $in: shelf.ids } } : {}),
      ...(shelf.taxCode === undefined ? {} : { taxCode: shelf.taxCode }),
      ...attributesOf(shelf.attributes ?? {}),
      $and: [
        ...compared('createdAt', shelf.created),
        ...compared('updatedAt', shelf.updated),
        ...beginning(shelf.text, ['name']),
      ],
      ...(seen
        ? { $or: [{ createdAt: { [side]: seen.createdAt } }, { createdAt: seen.createdAt, id: { [side]: seen.id } }] }
        : {}),
    },
    { orderBy: { createdAt: backwards ? 'asc' : 'desc', id: backwards ? 'asc' : 'desc' }, limit: page.limit + 1 },
  )
  const skus = rows.slice(0, page.limit)
  return { hasMore: rows.length > page.limit, skus: backwards ? skus.toReversed() : skus }
}

const compared = (property: 'createdAt' | 'updatedAt', range: TimeRange = {}) =>
  Object.entries(range).map(([comparison, moment]) => ({ [property]: { [`$${comparison}`]: moment } }))

function attributesOf(wanted: SkuAttributes): { attributes?: Record<string, string> } {
  const said = Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return said.length > 0 ? { attributes: Object.fromEntries(said) } : {}
}

async function commissionOf(em: EntityManager, caller: string, fields: SkuFields, stored: number | null) {
  const rate = (commissionBps: number | null) => ({ commissionBps, commissionFixed: null })
  const rates = { given: rate(fields.commissionBps ?? null), stored: rate(stored) }
  const { commissionBps } = await settableCommission(em, { caller, seller: fields.sellerId }, rates)
  return { commissionBps }
}

/** @throws ApiError `invalid_parameter` for a seller that is not one of this merchant's */
export async function checkSeller(em: EntityManager, merchantId: string, sellerId: string): Promise<void> {
  if (sellerId === merchantId) return
  if ((await em.count(MerchantEntity, { id: sellerId, parentId: merchantId })) === 0) {
    throw new ApiError('invalid_parameter', { message: `There is no merchant ${sellerId}.`, parameter: 'merchantId' })
  }
}
