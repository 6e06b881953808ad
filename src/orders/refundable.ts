import type { OrderView } from './read-order.ts'

type Item = OrderView['items'][number]
type Charge = OrderView['charges'][number]

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

/** What of a line was captured and can still be given back. Minor units. */
export function availableToRefund(order: Pick<OrderView, 'charges' | 'items'>, item: Item): number {
  return Math.max(0, capturedOfLine(order, item) - item.refundedAmount)
}

/** What was captured for a line, whether or not some of it went back since. Minor units. */
export function capturedOfLine(order: Pick<OrderView, 'charges' | 'items'>, item: Item): number {
  return order.charges.reduce((sum, charge) => sum + capturedOf(order, charge, item), 0)
}

/** A second payment or one that came too late: it goes back by itself and never was the order's money. */
export const isGivenBack = (charge: Pick<Charge, 'entries'>): boolean =>
  charge.entries.some((entry) => entry.kind === 'refund' && entry.refundId === null && entry.state !== 'failed')

function capturedOf(order: Pick<OrderView, 'items'>, charge: Charge, item: Item): number {
  if (isGivenBack(charge)) return 0
  if (charge.captureMethod === 'manual') {
    return charge.entries
      .filter((entry) => entry.kind === 'capture' && entry.state === 'complete' && entry.orderItemId === item.id)
      .reduce((sum, entry) => sum + entry.amount, 0)
  }
  if (charge.capturedAmount === 0) return 0
  // A cart's shipping is not spread over its lines: its first line carries it.
  const rest = charge.amount - order.items.reduce((sum, line) => sum + lineTotal(line), 0)
  return lineTotal(item) + (order.items[0]?.id === item.id ? rest : 0)
}
