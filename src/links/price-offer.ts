import { priceCart } from '../checkouts/price-cart.ts'
import { findCoupon } from '../coupons/redeem.ts'
import type { CouponTerms } from '../coupons/take-off.ts'
import type { Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import type { PublicLink } from './public-link.ts'

/** What a link's product costs its buyer, in minor units, and the coupon that makes it so. */
export type Offer = { price: number; couponCode: string | undefined }

/**
 * The price of what a link sells, with the code that its buyer names, or else with the link's own as long as that may be used.
 * @throws ApiError `coupon_not_valid`, `coupon_minimum_not_met`, `coupon_not_applicable` for a code that the buyer names
 */
export async function priceOffer(
  on: Sql,
  link: PublicLink,
  { code, email }: { code: string | undefined; email: string | null },
): Promise<Offer> {
  const named = code ?? link.couponCode
  if (named === null) return { price: link.price, couponCode: undefined }
  const coupon = await findCoupon(on, { merchantId: link.merchantId, code: named, email })
  const priced = coupon && priceWith(link, coupon)
  if (priced && !priced.couponProblem) return { price: priced.totalAmount, couponCode: coupon.code }
  if (code === undefined) return { price: link.price, couponCode: undefined }
  throw new ApiError(priced?.couponProblem ?? 'coupon_not_valid', { parameter: 'coupon_code' })
}

const priceWith = ({ currency, productId, price }: PublicLink, coupon: CouponTerms) =>
  priceCart({
    currency,
    items: [{ skuId: productId, quantity: 1, unitPrice: price, discount: null }],
    discount: null,
    coupon,
    couponIsOpen: true,
    shippingChoice: null,
  })
