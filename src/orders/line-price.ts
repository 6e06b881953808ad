/** What a buyer pays for a line, in its parts; minor units. The taxes stand beside what they are of. */
export type LinePrice = {
  goods: number
  goodsTax: number
  shipping: number
  shippingTax: number
  duty: number
  fee: number
  feeTax: number
}

export const noPrice: LinePrice = {
  goods: 0,
  goodsTax: 0,
  shipping: 0,
  shippingTax: 0,
  duty: 0,
  fee: 0,
  feeTax: 0,
}

/** The price of an order's line as it was ordered. */
export const priceOf = (item: {
  amount: number
  taxAmount: number
  shippingAmount: number
  shippingTaxAmount: number
  dutyAmount: number
  feeAmount: number
  feeTaxAmount: number
}): LinePrice => ({
  goods: item.amount,
  goodsTax: item.taxAmount,
  shipping: item.shippingAmount,
  shippingTax: item.shippingTaxAmount,
  duty: item.dutyAmount,
  fee: item.feeAmount,
  feeTax: item.feeTaxAmount,
})

export const taxIn = ({ goodsTax, shippingTax, feeTax }: LinePrice): number => goodsTax + shippingTax + feeTax

export const sumOf = (price: LinePrice): number => price.goods + price.shipping + price.duty + price.fee + taxIn(price)

const each = (a: LinePrice, b: LinePrice, of: (left: number, right: number) => number): LinePrice => ({
  goods: of(a.goods, b.goods),
  goodsTax: of(a.goodsTax, b.goodsTax),
  shipping: of(a.shipping, b.shipping),
  shippingTax: of(a.shippingTax, b.shippingTax),
  duty: of(a.duty, b.duty),
  fee: of(a.fee, b.fee),
  feeTax: of(a.feeTax, b.feeTax),
})

export const plus = (a: LinePrice, b: LinePrice): LinePrice => each(a, b, (left, right) => left + right)

/** What is left of a price, in each of its parts. */
export const minus = (a: LinePrice, b: LinePrice): LinePrice => each(a, b, (left, right) => Math.max(0, left - right))

/** `part` / `whole` of `amount`, half up. It grows with `amount`, and never faster. */
export function shareWithin(part: number, whole: number, amount: number): number {
  if (whole === 0) return 0
  return Number((BigInt(part) * BigInt(amount) * 2n + BigInt(whole)) / (BigInt(whole) * 2n))
}

/**
 * So much of a price, in its proportions: the tax first, then one part after the other. Every part is whole, they add up to `amount`, none
 * is more than it was, and more of the price has no less of any part, so that what was taken in steps is what is taken at once.
 */
export function partOf(price: LinePrice, amount: number): LinePrice {
  const whole = sumOf(price)
  if (amount === whole) return price
  const tax = shareWithin(taxIn(price), whole, amount)
  const taxes = inSteps(tax, price, ['feeTax', 'shippingTax', 'goodsTax'])
  return { ...noPrice, ...taxes, ...inSteps(amount - tax, price, ['duty', 'fee', 'shipping', 'goods']) }
}

/**
 * What `money` of a line has paid of its price, where `credit` pays a part of that beside: the tax is in the money, and the credit goes with
 * it in proportion. So much of each part as {@link partOf}, of a line without credit the same.
 */
export function paidPart(price: LinePrice, credit: number, money: number): LinePrice {
  if (credit === 0) return partOf(price, money)
  const whole = sumOf(price) - credit
  if (money === whole) return price
  const tax = shareWithin(taxIn(price), whole, money)
  const rest = money + shareWithin(credit, whole, money) - tax
  const taxes = inSteps(tax, price, ['feeTax', 'shippingTax', 'goodsTax'])
  return { ...noPrice, ...taxes, ...inSteps(rest, price, ['duty', 'fee', 'shipping', 'goods']) }
}

function inSteps(amount: number, price: LinePrice, names: readonly (keyof LinePrice)[]): Partial<LinePrice> {
  let left = amount
  let whole = names.reduce((sum, name) => sum + price[name], 0)
  const shares = names.map((name, index) => {
    const share = index === names.length - 1 ? left : shareWithin(price[name], whole, left)
    whole -= price[name]
    left -= share
    return [name, share] as const
  })
  return Object.fromEntries(shares)
}

export type PriceComponent = 'shipping' | 'fees' | 'duty' | 'tax'

/** What a refund of one component takes from, in the order in which it does. */
const componentParts: Record<PriceComponent, readonly (keyof LinePrice)[][]> = {
  shipping: [['shipping', 'shippingTax']],
  fees: [['fee', 'feeTax']],
  duty: [['duty']],
  tax: [['goodsTax'], ['shippingTax', 'feeTax']],
}

/**
 * What of a price is given back by a refund of one component, or of nothing in particular: what is left of that first, and of all the rest
 * what goes beyond it.
 */
export function takeOfPrice(left: LinePrice, amount: number, component?: PriceComponent | undefined): LinePrice {
  let taken = noPrice
  for (const names of [...(component ? componentParts[component] : []), Object.keys(noPrice) as (keyof LinePrice)[]]) {
    const rest = minus(left, taken)
    const from = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, names.includes(name as keyof LinePrice) ? value : 0]),
    ) as LinePrice
    taken = plus(taken, partOf(from, Math.min(amount - sumOf(taken), sumOf(from))))
  }
  // Money that nothing was taken for is of no part but the goods.
  return plus(taken, { ...noPrice, goods: amount - sumOf(taken) })
}
