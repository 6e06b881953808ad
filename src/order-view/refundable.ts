import type { OrderView } from '../order-view/read-order.ts'
import { lineTotal, shippingOfSellers } from '../orders/line-total.ts'
import { allocate } from '../platform/money.ts'

type Item = OrderView['items'][number]
type Charge = OrderView['charges'][number]
type Order = Pick<OrderView, 'charges' | 'items' | 'totalAmount' | 'shippingChoice'>

/** What can still be given back, in minor units: of lines by their ids, and of sellers' shipping that stands beside them. */
export type Open = { lines: ReadonlyMap<string, number>; shipping: ReadonlyMap<string, number> }

/**
 * What of an order was captured and can still be given back: of each part what is left of it, and never more in all than its payments hold.
 * The two differ where somebody gave money back at the provider while a refund of ours, which then came too late, was counted to other lines.
 */
export function openToRefund(order: Order & Pick<OrderView, 'shippingRefunds'>): Open {
  const lines = order.items.map((item) => ({
    key: item.id,
    open: Math.max(0, capturedOfLine(order, item) - item.refundedAmount),
  }))
  const shipping = refundableShipping(order).map(({ sellerId, captured, refunded }) => ({
    key: sellerId,
    open: Math.max(0, captured - refunded),
  }))
  const open = [...lines, ...shipping].map((part) => part.open)
  const held = order.charges.reduce((sum, charge) => sum + heldBy(charge), 0)
  const amounts = open.reduce((sum, part) => sum + part, 0) > held ? allocate(held, open) : open
  return {
    lines: new Map(lines.map(({ key }, index) => [key, amounts[index] ?? 0])),
    shipping: new Map(shipping.map(({ key }, index) => [key, amounts[lines.length + index] ?? 0])),
  }
}

/** What a payment still has of the buyer's money that is not on its way back. */
const heldBy = (charge: Charge): number =>
  isGivenBack(charge)
    ? 0
    : charge.entries
        .filter(({ kind, state }) => kind === 'refund' && state !== 'failed')
        .reduce((left, entry) => Math.max(0, left - entry.amount), charge.capturedAmount)

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
