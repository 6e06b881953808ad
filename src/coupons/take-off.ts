import { allocate, shareOf } from '../platform/money.ts'

/** What a coupon takes off, and from what: as it stood when a basket took it. */
export type CouponTerms = {
  id: string
  code: string
  /** Off the goods it is for; null where `amountOff` is not. */
  discountBps: number | null
  /** Minor units of `currency`. */
  amountOff: number | null
  currency: string | null
  /** The goods it is for; null for all. */
  skuIds: string[] | null
  /** What all goods of a basket have to cost together, at least. Minor units of `currency`. */
  minimumAmount: number | null
}

/** Why a coupon does not make a basket cheaper. */
export type CouponProblem = 'coupon_not_valid' | 'coupon_minimum_not_met' | 'coupon_not_applicable'

/** Goods before the coupon, in minor units. */
export type Goods = { currency: string; lines: readonly { skuId: string | null; amount: number }[] }

/**
 * What a coupon takes off each line, in minor units: a share of the goods it is for, rounded half up, or its amount, but never more than they
 * cost; spread over them in proportion to what they cost.
 */
export function takeOff(
  terms: CouponTerms,
  { currency, lines }: Goods,
): { outcome: 'taken'; off: number[] } | { outcome: Exclude<CouponProblem, 'coupon_not_valid'> } {
  const { discountBps, amountOff, skuIds, minimumAmount } = terms
  const isMeant = (skuId: string | null) => skuIds === null || (skuId !== null && skuIds.includes(skuId))
  if (terms.currency !== null && terms.currency !== currency) return { outcome: 'coupon_not_applicable' }
  if (!lines.some(({ skuId }) => isMeant(skuId))) return { outcome: 'coupon_not_applicable' }
  if (minimumAmount !== null && sum(lines.map(({ amount }) => amount)) < minimumAmount)
    return { outcome: 'coupon_minimum_not_met' }
  const prices = lines.map(({ skuId, amount }) => (isMeant(skuId) ? amount : 0))
  const price = sum(prices)
  const off = discountBps === null ? (amountOff ?? 0) : shareOf(price, discountBps)
  return { outcome: 'taken', off: price === 0 ? prices : allocate(Math.min(price, off), prices) }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
