import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import { beginning, madeIn } from '../database/find-filter.ts'
import type { Period } from '../database/made-within.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { type Coupon, CouponEntity } from './coupon.entity.ts'

/** What a merchant says of a coupon; amounts in minor units of `currency`. */
export type CouponFields = Omit<Coupon, 'id' | 'merchantId' | 'redemptions' | 'createdAt' | 'deletedAt'>

/** Makes a coupon. @throws ApiError `code_in_use`, whatever the case, and what {@link checkFields} throws */
export async function createCoupon(em: EntityManager, merchantId: string, fields: CouponFields): Promise<Coupon> {
  checkFields(fields)
  const made = { id: newId('coupon'), merchantId, redemptions: 0, createdAt: new Date(), ...fields }
  return save(em, em.create(CouponEntity, made))
}

/**
 * Changes a coupon. What it takes off is another thing for baskets that take it from now on; those that have it keep what they were shown.
 * @param changesOf what the coupon becomes, of what it is
 * @throws ApiError `not_found`, `code_in_use`, `currency_mismatch` where its amounts would become another currency's, and what
 * {@link checkFields} throws
 */
export async function updateCoupon(
  em: EntityManager,
  { merchantId, id }: { merchantId: string; id: string },
  changesOf: (coupon: Coupon) => CouponFields,
): Promise<Coupon> {
  const coupon = await readCoupon(em, merchantId, id)
  const changes = changesOf(coupon)
  if (coupon.currency && changes.currency !== coupon.currency)
    throw new ApiError('currency_mismatch', { message: 'A coupon keeps its currency.', parameter: 'currency' })
  em.assign(coupon, changes)
  checkFields(coupon)
  return save(em, coupon)
}

/** @throws ApiError `not_found`, also for another merchant's */
export async function readCoupon(em: EntityManager, merchantId: string, id: string): Promise<Coupon> {
  const coupon = await em.findOne(CouponEntity, { merchantId, id, deletedAt: null })
  if (!coupon) throw new ApiError('not_found')
  return coupon
}

export type CouponFilter = {
  /** Whether it is switched on. */
  active?: boolean | undefined
  created?: Period | undefined
  /** How a code begins, or an id. */
  text?: string | undefined
}

/** A merchant's coupons, newest first: ids sort by time. */
export async function listCoupons(
  em: EntityManager,
  merchantId: string,
  page: { limit: number; startingAfter?: string | undefined },
  filter: CouponFilter = {},
): Promise<{ hasMore: boolean; coupons: Coupon[] }> {
  const rows = await em.find(
    CouponEntity,
    {
      merchantId,
      deletedAt: null,
      ...(filter.active === undefined ? {} : { active: filter.active }),
      $and: [
        ...(page.startingAfter ? [{ id: { $lt: page.startingAfter } }] : []),
        ...madeIn(filter.created, 'coupon'),
        ...beginning(filter.text, ['code']),
      ],
    },
    { orderBy: { id: 'desc' }, limit: page.limit + 1 },
  )
  return { hasMore: rows.length > page.limit, coupons: rows.slice(0, page.limit) }
}

/** Baskets that have it cannot be ordered with it any more, and its code is free. Orders stay as they are. @throws ApiError `not_found` */
export async function deleteCoupon(em: EntityManager, merchantId: string, id: string): Promise<void> {
  const deleted = await em.nativeUpdate(CouponEntity, { merchantId, id, deletedAt: null }, { deletedAt: new Date() })
  if (deleted === 0) throw new ApiError('not_found')
}

/** @throws ApiError `missing_parameter` without a currency for its amounts, `invalid_parameter` where it would end before it begins */
function checkFields(fields: CouponFields): void {
  if (!fields.currency && (isGiven(fields.amountOff) || isGiven(fields.minimumAmount)))
    throw new ApiError('missing_parameter', { message: 'currency: an amount needs one.', parameter: 'currency' })
  if (fields.validFrom && fields.validUntil && fields.validUntil <= fields.validFrom)
    throw new ApiError('invalid_parameter', { message: 'validUntil: must be after validFrom', parameter: 'validUntil' })
}

const isGiven = (value: unknown): boolean => value !== null && value !== undefined

async function save(em: EntityManager, coupon: Coupon): Promise<Coupon> {
  try {
    await em.flush()
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) throw new ApiError('code_in_use', { parameter: 'code' })
    throw error
  }
  return coupon
}

/** What its merchant has said of a coupon, without what has become of it. */
export const fieldsOf = ({
  id: _id,
  merchantId: _merchant,
  redemptions: _redemptions,
  createdAt: _made,
  deletedAt: _gone,
  ...fields
}: Coupon): CouponFields => fields
