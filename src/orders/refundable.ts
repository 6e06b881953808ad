import type { ShippingChoice } from '../checkouts/checkout.entity.ts'
import type { OrderView } from '../order-view/read-order.ts'
import { allocate } from '../platform/money.ts'

type Item = OrderView['items'][number]
type Charge = OrderView['charges'][number]
type Order = Pick<OrderView, 'charges' | 'items' | 'totalAmount' | 'shippingChoice'>

/** What the buyer pays for a line in all: goods, tax, and its share of shipping, duties and fees. Minor units. */
export const lineTotal = (item: {
  amount: number
  taxAmount: number
  shippingAmount: number
  shippingTaxAmount: number
  dutyAmount: number
  feeAmount: number
  feeTaxAmount: number
}): number =>
  item.amount +
  item.taxAmount +
  item.shippingAmount +
  item.shippingTaxAmount +
  item.dutyAmount +
  item.feeAmount +
  item.feeTaxAmount

/** {@link lineTotal} in SQL, for a table alias. */
export const lineTotalSql = (i: string) =>
  `(${i}.amount + ${i}.tax_amount + ${i}.shipping_amount + ${i}.shipping_tax_amount + ${i}.duty_amount + ${i}.fee_amount + ${i}.fee_tax_amount)`

/** The part of a line's total that so many of its pieces stand for; the last piece takes the remainder. */
export const shareOfLine = (total: number, quantity: number, pieces: number): number =>
  Number((BigInt(total) * BigInt(pieces)) / BigInt(quantity))

/**
 * The shipping that the buyer of a cart pays beside its lines, by the seller whose parcels it is for; minor units. Empty where lines carry
 * their own, as those of a checkout do.
 */
export function shippingOfSellers(order: {
  totalAmount: number
  shippingChoice: ShippingChoice | null
  items: readonly { sellerId: string; total: number }[]
}): Map<string, number> {
  const rest = order.totalAmount - order.items.reduce((sum, item) => sum + item.total, 0)
  const [first] = order.items
  if (rest <= 0 || !first) return new Map()
  const weights = new Map<string, number>()
  for (const { sellerId, amount } of order.shippingChoice?.parts ?? [])
    weights.set(sellerId, (weights.get(sellerId) ?? 0) + amount)
  if (weights.size === 0) weights.set(first.sellerId, rest)
  const amounts = allocate(rest, [...weights.values()])
  return new Map([...weights.keys()].map((sellerId, index) => [sellerId, amounts[index] ?? 0]))
}

/** What of a line was captured and can still be given back. Minor units. */
export function availableToRefund(order: Order, item: Item): number {
  return Math.max(0, capturedOfLine(order, item) - item.refundedAmount)
}

/** What was captured for a line, whether or not some of it went back since. Minor units. */
export function capturedOfLine(order: Order, item: Item): number {
  return order.charges.reduce((sum, charge) => sum + (capturedOf(order, charge).lines.get(item.id) ?? 0), 0)
}

/** A seller's shipping of a cart: what was captured for it, and what of that was given back or is about to be. Minor units. */
export type RefundableShipping = { sellerId: string; captured: number; refunded: number }

/** The shipping of a cart that stands beside its lines. Orders from before had it in their first line's refunds. */
export function refundableShipping(order: Order & Pick<OrderView, 'shippingRefunds'>): RefundableShipping[] {
  const captured = new Map<string, number>()
  for (const charge of order.charges)
    for (const [sellerId, amount] of capturedOf(order, charge).shipping)
      captured.set(sellerId, (captured.get(sellerId) ?? 0) + amount)
  let inLines = order.items.reduce(
    (sum, item) => sum + Math.max(0, item.refundedAmount - capturedOfLine(order, item)),
    0,
  )
  return [...captured].map(([sellerId, amount]) => {
    const given = order.shippingRefunds
      .filter((refund) => refund.sellerId === sellerId)
      .reduce((sum, refund) => sum + refund.amount, 0)
    const more = Math.min(inLines, Math.max(0, amount - given))
    inLines -= more
    return { sellerId, captured: amount, refunded: given + more }
  })
}

/** A second payment or one that came too late: it goes back by itself and never was the order's money. */
export const isGivenBack = (charge: Pick<Charge, 'entries'>): boolean =>
  charge.entries.some((entry) => entry.kind === 'refund' && entry.refundId === null && entry.state !== 'failed')

/** What of a charge's money was taken for which line, and for whose shipping. */
function capturedOf(order: Order, charge: Charge): { lines: Map<string, number>; shipping: Map<string, number> } {
  if (isGivenBack(charge)) return { lines: new Map(), shipping: new Map() }
  if (charge.captureMethod === 'manual') {
    const lines = new Map<string, number>()
    for (const { kind, state, orderItemId, amount } of charge.entries) {
      if (kind === 'capture' && state === 'complete' && orderItemId !== null)
        lines.set(orderItemId, (lines.get(orderItemId) ?? 0) + amount)
    }
    return { lines, shipping: new Map() }
  }
  const items = order.items.map((item) => ({ id: item.id, sellerId: item.sellerId, total: lineTotal(item) }))
  const shipping = [...shippingOfSellers({ ...order, items })]
  const prices = [...items.map(({ total }) => total), ...shipping.map(([, amount]) => amount)]
  const whole = prices.reduce((sum, price) => sum + price, 0) === charge.capturedAmount
  const amounts = whole ? prices : allocate(charge.capturedAmount, prices)
  return {
    lines: new Map(items.map(({ id }, index) => [id, amounts[index] ?? 0])),
    shipping: new Map(shipping.map(([sellerId], index) => [sellerId, amounts[items.length + index] ?? 0])),
  }
}
