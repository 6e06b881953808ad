import { type CouponProblem, type CouponTerms, takeOff } from '../coupons/take-off.ts'
import type { Discount, ItemDiscount } from './discount.ts'
import type { CheckoutTotals } from './price-checkout.ts'
import { priceLines } from './price-lines.ts'

/** What a cart's price depends on, in minor units of `currency`. */
export type CartToPrice = {
  currency: string
  items: readonly { skuId: string | null; quantity: number; unitPrice: number; discount: ItemDiscount | null }[]
  discount: Discount | null | undefined
  coupon: CouponTerms | null
  /** Whether the coupon may be used now; null without one. */
  couponIsOpen: boolean | null
  shippingChoice: { amount: number } | null
}

/** Minor units. A cart bears no tax. */
export type PricedCart = CheckoutTotals & {
  /** What each line costs, and what was taken off it, in the order of the lines. */
  lines: { amount: number; off: number }[]
  /** Why its coupon takes nothing off. */
  couponProblem: CouponProblem | undefined
}

/**
 * The price of a cart: its lines with their own discounts, from which the cart's discount is taken off, and from the rest its coupon. A coupon
 * that may not be used, or not for these goods, takes nothing off; whoever makes an order of the cart refuses it then. A cart without goods
 * has nothing that a coupon could be too good for.
 */
export function priceCart(cart: CartToPrice): PricedCart {
  const shipping = cart.shippingChoice?.amount ?? 0
  const own = priceLines({
    lines: cart.items.map(({ quantity, unitPrice, discount }, index) => ({
      id: String(index),
      quantity,
      price: unitPrice,
      discount: discount ?? undefined,
    })),
    discount: cart.discount ?? undefined,
    shipping,
  })
  const { off, problem } = couponOff(cart, own.amounts)
  const lines = cart.items.map(({ quantity, unitPrice }, index) => {
    const amount = (own.amounts[index] ?? 0) - (off[index] ?? 0)
    return { amount, off: unitPrice * quantity - amount }
  })
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0) + shipping
  return {
    lines,
    couponProblem: problem,
    subtotal,
    totalShipping: shipping,
    totalAmount: subtotal,
    totalDiscount: lines.reduce((sum, line) => sum + line.off, 0),
    totalTax: 0,
    totalDuty: 0,
    totalFees: 0,
  }
}

function couponOff(
  { currency, coupon, couponIsOpen, items }: CartToPrice,
  amounts: readonly number[],
): { off: readonly number[]; problem?: CouponProblem } {
  if (!coupon) return { off: [] }
  if (couponIsOpen !== true) return { off: [], problem: 'coupon_not_valid' }
  if (items.length === 0) return { off: [] }
  const lines = items.map(({ skuId }, index) => ({ skuId, amount: amounts[index] ?? 0 }))
  const taken = takeOff(coupon, { currency, lines })
  return taken.outcome === 'taken' ? { off: taken.off } : { off: [], problem: taken.outcome }
}
