import type { OrderView } from '../order-view/read-order.ts'
import { type LinePrice, paidPart, partOf, priceOf, shareWithin, sumOf } from '../orders/line-price.ts'
import { lineTotal, shareOfLine, shippingOfSellers } from '../orders/line-total.ts'
import { allocate } from '../platform/money.ts'

type Item = OrderView['items'][number]
type Charge = OrderView['charges'][number]
type Order = Pick<OrderView, 'charges' | 'items' | 'state' | 'totalAmount' | 'creditAmount' | 'shippingChoice'>

/**
 * What can still be given back, in minor units: of lines by their ids, and of sellers' shipping that stands beside them; `credit` is what of
 * a line goes back to the credit that has paid it.
 */
export type Open = {
  lines: ReadonlyMap<string, number>
  credit: ReadonlyMap<string, number>
  shipping: ReadonlyMap<string, number>
}

/**
 * What of an order was captured and can still be given back: of each part what is left of it, and never more in all than its payments hold.
 * The two differ where somebody gave money back at the provider while a refund of ours, which then came too late, was counted to other lines.
 */
export function openToRefund(order: Order & Pick<OrderView, 'shippingRefunds'>): Open {
  const lines = order.items.map((item) => {
    const left = Math.max(0, capturedOfLine(order, item) - item.refundedAmount)
    const credit = Math.min(left, Math.max(0, creditUsedOf(order, item) - item.creditRefundedAmount))
    return { key: item.id, open: left - credit, credit }
  })
  const shipping = refundableShipping(order).map(({ sellerId, captured, refunded }) => ({
    key: sellerId,
    open: Math.max(0, captured - refunded),
  }))
  const open = [...lines, ...shipping].map((part) => part.open)
  const held = order.charges.reduce((sum, charge) => sum + heldBy(charge), 0)
  const amounts = open.reduce((sum, part) => sum + part, 0) > held ? allocate(held, open) : open
  return {
    lines: new Map(lines.map(({ key, credit }, index) => [key, (amounts[index] ?? 0) + credit])),
    credit: new Map(lines.map(({ key, credit }) => [key, credit])),
    shipping: new Map(shipping.map(({ key }, index) => [key, amounts[lines.length + index] ?? 0])),
  }
}

/** What a payment still has of the buyer's money that is not on its way back and that no bank has taken. */
const heldBy = (charge: Charge): number =>
  isGivenBack(charge)
    ? 0
    : charge.entries
        .filter(({ kind, state }) => (kind === 'refund' || kind === 'dispute') && state !== 'failed')
        .reduce((left, entry) => Math.max(0, left - entry.amount), charge.capturedAmount)

/** What was captured for a line, and what of a credit was used with it, whether or not some of it went back since. Minor units. */
export const capturedOfLine = (order: Order, item: Item): number => moneyOfLine(order, item) + creditUsedOf(order, item)

/** The captured part of a line's price. */
export function capturedPrice(order: Order, item: Item): LinePrice {
  const price = priceOf(item)
  const isMoney = item.creditAmount < sumOf(price)
  return isMoney
    ? paidPart(price, item.creditAmount, moneyOfLine(order, item))
    : partOf(price, creditUsedOf(order, item))
}

function moneyOfLine(order: Order, item: Item): number {
  return order.charges.reduce((sum, charge) => sum + (capturedOf(order, charge).lines.get(item.id) ?? 0), 0)
}

/** What of the credit that pays a part of a line was used: with its money, in proportion; without any, by the pieces that were handed over. */
function creditUsedOf(order: Order, item: Item): number {
  const { creditAmount } = item
  if (creditAmount === 0) return 0
  const money = lineTotal(item) - creditAmount
  return money > 0
    ? shareWithin(creditAmount, money, Math.min(money, moneyOfLine(order, item)))
    : shareOfLine(creditAmount, item.quantity, item.fulfilledQuantity)
}

/** What of an order's credit was used, and what of it never will be; minor units. */
export function creditOf(order: Order): { used: number; released: number } {
  if (order.creditAmount === 0) return { used: 0, released: 0 }
  const used = order.items.reduce((sum, item) => sum + creditUsedOf(order, item), 0)
  const open = order.items.some((item) => item.fulfilledQuantity + item.cancelledQuantity < item.quantity)
  const held = order.charges.some(({ state }) => ['pending', 'capturable', 'processing'].includes(state))
  const ended = ['cancelled', 'blocked'].includes(order.state)
  return { used, released: ended || (!open && !held) ? order.creditAmount - used : 0 }
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
