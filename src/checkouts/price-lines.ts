import { allocate } from '../platform/money.ts'
import type { Discount, ItemDiscount } from './discount.ts'

/** A line as its prices were given. Minor units. `price` is for one piece, `aggregatePrice` for all of them. */
export type UnpricedLine = {
  id: string
  quantity: number
  price: number
  aggregatePrice?: number | undefined
  discount?: ItemDiscount | undefined
}

export type PricedLines = {
  /** What each line costs after its own discount and its part of the checkout's, in the order of the lines. */
  amounts: number[]
  shipping: number
  totalDiscount: number
}

/**
 * Takes the discounts off, before any tax. Percentages are rounded half up to a minor unit, nothing costs less than zero,
 * and the checkout's own discount is spread over the lines in proportion to what they cost.
 */
export function priceLines(input: {
  lines: readonly UnpricedLine[]
  discount?: Discount | undefined
  shipping: number
  shippingDiscount?: Discount | undefined
}): PricedLines {
  const gross = input.lines.map((line) => line.aggregatePrice ?? line.price * line.quantity)
  const net = input.lines.map((line, index) => (gross[index] ?? 0) - lineDiscount(line, gross[index] ?? 0))
  const goods = sum(net)
  const discounts = allocate(discountOf(goods, input.discount), net)
  const amounts = net.map((amount, index) => amount - (discounts[index] ?? 0))
  const shipping = input.shipping - discountOf(input.shipping, input.shippingDiscount)
  return { amounts, shipping, totalDiscount: sum(gross) - sum(amounts) + input.shipping - shipping }
}

/** Off so many pieces of a line as the discount names; an amount is off each of these pieces, and once if it names none. */
function lineDiscount({ discount, quantity }: UnpricedLine, gross: number): number {
  if (!discount) return 0
  const pieces = Math.min(discount.quantity ?? quantity, quantity)
  const { amountOff } = discount
  if (amountOff !== undefined) return Math.min(gross, amountOff * (discount.quantity === undefined ? 1 : pieces))
  const affected = pieces === quantity ? gross : Math.round((gross * pieces) / quantity)
  return discountOf(affected, discount)
}

function discountOf(amount: number, discount: Discount | undefined): number {
  if (!discount) return 0
  if (discount.amountOff !== undefined) return Math.min(amount, discount.amountOff)
  return Math.min(amount, percentOf(amount, discount.percentOff ?? 0))
}

/** `amount` × `percent` / 100 in whole minor units, half up; percentages have four decimals at most. */
export function percentOf(amount: number, percent: number): number {
  const millionths = BigInt(Math.round(percent * 10_000))
  return Number((BigInt(amount) * millionths * 2n + 1_000_000n) / 2_000_000n)
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
