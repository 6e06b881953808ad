import type { TaxQuote } from '../checkouts/cart-tax.ts'
import { type PricedCart, priceCart } from '../checkouts/price-cart.ts'
import { type CartToTax, quoteTax } from '../checkouts/tax-cart.ts'
import { findCoupon } from '../coupons/redeem.ts'
import type { CouponTerms } from '../coupons/take-off.ts'
import type { Sql } from '../database/database.ts'
import type { Party } from '../parties/address.ts'
import { ApiError } from '../platform/errors.ts'
import { checkQuantity, type PublicLink } from './public-link.ts'

/** What a link's product costs its buyer, in minor units, and the coupon that makes it so. */
export type Offer = Pick<
  PricedCart,
  'subtotal' | 'totalDiscount' | 'totalTax' | 'totalShipping' | 'taxState' | 'taxQuote'
> & {
  quantity: number
  /** With its tax, once that is calculated. */
  price: number
  couponCode: string | undefined
}

export type Buyer = {
  /** The coupon that the buyer names. */
  code: string | undefined
  email: string | null
  /** How many pieces; the fewest that the link sells where nothing is said. */
  quantity?: number | undefined
  /** Where the buyer is, as far as it decides about the tax. */
  place?: Party | null | undefined
}

/**
 * The price of what a link sells, with the code that its buyer names, or else with the link's own as long as that may be used, and with the
 * tax that was asked for.
 * @throws ApiError `coupon_not_valid`, `coupon_minimum_not_met`, `coupon_not_applicable` for a code that the buyer names
 */
export async function priceOffer(
  on: Sql,
  link: PublicLink,
  buyer: Buyer,
  taxQuote: TaxQuote | null = null,
): Promise<Offer> {
  const coupon = await couponOf(on, link, buyer)
  return toOffer(priceCart(cartOf(link, coupon, buyer, taxQuote)), coupon, quantityOf(link, buyer))
}

/**
 * The same with its tax, which is asked for where the buyer's place is known: outside any transaction, because a provider may be called.
 * @throws ApiError as {@link priceOffer} and {@link quoteTax}
 */
export async function priceWithTax(
  parts: Parameters<typeof quoteTax>[0],
  link: PublicLink,
  buyer: Buyer,
): Promise<Offer> {
  const coupon = await couponOf(parts.database.sql, link, buyer)
  const cart = cartOf(link, coupon, buyer, null)
  const untaxed = priceCart(cart)
  if (!untaxed.toTax || untaxed.totalAmount === 0) return toOffer(untaxed, coupon, quantityOf(link, buyer))
  const taxQuote = (await quoteTax(parts, cart)) ?? null
  return toOffer(priceCart({ ...cart, taxQuote }), coupon, quantityOf(link, buyer))
}

/** The coupon that takes something off: the one that the buyer names, or else the link's. */
async function couponOf(on: Sql, link: PublicLink, buyer: Buyer): Promise<CouponTerms | null> {
  const { code, email } = buyer
  const named = code ?? link.couponCode
  if (named === null) return null
  const coupon = (await findCoupon(on, { merchantId: link.merchantId, code: named, email })) ?? null
  const problem = coupon
    ? priceCart(cartOf(link, coupon, { ...buyer, place: null }, null)).couponProblem
    : 'coupon_not_valid'
  if (!problem) return coupon
  if (code === undefined) return null
  throw new ApiError(problem, { parameter: 'coupon_code' })
}

const quantityOf = (link: PublicLink, { quantity }: Buyer): number => checkQuantity(link, quantity)

const cartOf = (link: PublicLink, coupon: CouponTerms | null, buyer: Buyer, taxQuote: TaxQuote | null): CartToTax => ({
  merchantId: link.merchantId,
  currency: link.currency,
  items: [
    {
      skuId: link.productId,
      sellerId: link.merchantId,
      kind: 'digital',
      quantity: quantityOf(link, buyer),
      unitPrice: link.price,
      discount: null,
      taxCode: link.taxCode,
    },
  ],
  discount: null,
  coupon,
  couponIsOpen: coupon && true,
  shippingChoice: null,
  tax: link.tax,
  taxQuote,
  shipTo: null,
  billTo: buyer.place ?? null,
})

const toOffer = (
  { totalAmount, taxState, subtotal, totalDiscount, totalTax, totalShipping, taxQuote }: PricedCart,
  coupon: CouponTerms | null,
  quantity: number,
): Offer => ({
  quantity,
  price: totalAmount,
  subtotal,
  totalDiscount,
  totalShipping,
  couponCode: coupon?.code,
  totalTax,
  taxState: totalAmount === 0 ? 'none' : taxState,
  taxQuote,
})
