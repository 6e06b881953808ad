import type { SkuKind } from '../catalog/sku.entity.ts'
import { type CouponProblem, type CouponTerms, takeOff } from '../coupons/take-off.ts'
import { askAbout, type CartPlaces, isTaxable, type TaxQuote, toPrice } from './cart-tax.ts'
import type { Discount, ItemDiscount } from './discount.ts'
import { type CheckoutToPrice, type CheckoutTotals, priceCheckout } from './price-checkout.ts'
import { priceLines } from './price-lines.ts'

/** What a cart's price depends on, in minor units of `currency`. */
export type CartToPrice = CartPlaces & {
  items: readonly {
    skuId: string | null
    kind: SkuKind
    quantity: number
    unitPrice: number
    discount: ItemDiscount | null
    taxCode: string | null
  }[]
  taxQuote: TaxQuote | null
  discount: Discount | null | undefined
  coupon: CouponTerms | null
  /** Whether the coupon may be used now; null without one. */
  couponIsOpen: boolean | null
  shippingChoice: { amount: number } | null
}

export type PricedCartLine = {
  /** What the line costs without its tax, and what was taken off it. */
  amount: number
  off: number
  taxRate: number
  taxAmount: number
  shippingAmount: number
  shippingTaxAmount: number
}

/** Minor units. */
export type PricedCart = CheckoutTotals & {
  /** In the order of the cart's. */
  lines: PricedCartLine[]
  shippingTax: number
  /** `needed`: its merchant's prices bear a tax that was not asked for, or not for the cart as it is now. */
  taxState: 'none' | 'needed' | 'calculated'
  taxQuote: TaxQuote | null
  /** What its tax has to be asked for with; undefined where it bears none, or where it goes is not known. */
  toTax: CheckoutToPrice | undefined
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
  const untaxed = withoutTax(lines, shipping, problem)
  if (cart.tax === 'none') return untaxed
  const toTax = isTaxable(cart) ? toPrice(cart, linesToTax(cart, lines), shipping, entityOf(cart)) : undefined
  const quote = toTax && cart.taxQuote?.of === askAbout(toTax).of ? cart.taxQuote : null
  if (!toTax || !quote) return { ...untaxed, taxState: 'needed', toTax }
  return { ...withTax(untaxed, toTax, quote), toTax }
}

const entityOf = ({ taxQuote }: CartToPrice) => taxQuote?.sellingEntity?.country ?? ''

type OwnLine = Pick<PricedCartLine, 'amount' | 'off'>

const linesToTax = ({ items }: CartToPrice, lines: readonly OwnLine[]) =>
  items.map(({ quantity, taxCode, kind }, index) => ({
    quantity,
    taxCode,
    physical: kind !== 'digital',
    amount: lines[index]?.amount ?? 0,
  }))

function withoutTax(lines: readonly OwnLine[], shipping: number, problem: CouponProblem | undefined): PricedCart {
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0) + shipping
  return {
    lines: lines.map((line) => ({ ...line, taxRate: 0, taxAmount: 0, shippingAmount: 0, shippingTaxAmount: 0 })),
    shippingTax: 0,
    taxState: 'none',
    taxQuote: null,
    toTax: undefined,
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

function withTax(untaxed: PricedCart, toTax: CheckoutToPrice, quote: TaxQuote): PricedCart {
  const { lines, shippingTax, subtotal, totalTax, totalShipping, totalAmount } = priceCheckout(toTax, quote.result)
  return {
    ...untaxed,
    lines: untaxed.lines.map((line, index) => ({ ...line, ...lines[index] })),
    shippingTax,
    taxState: 'calculated',
    taxQuote: quote,
    subtotal,
    totalTax,
    totalShipping,
    totalAmount,
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
