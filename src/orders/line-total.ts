import { expressionBuilder, type RawBuilder, sql } from 'kysely'
import type { ShippingChoice } from '../checkouts/checkout.entity.ts'
import type { Tables } from '../database/tables.ts'
import { allocate } from '../platform/money.ts'

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

const i = expressionBuilder<{ i: Tables['order_items'] }, 'i'>()

/** {@link lineTotal} of `order_items as i`. */
export const lineTotalOf: RawBuilder<number> = sql<number>`(${sql.join(
  [
    i.ref('i.amount'),
    i.ref('i.tax_amount'),
    i.ref('i.shipping_amount'),
    i.ref('i.shipping_tax_amount'),
    i.ref('i.duty_amount'),
    i.ref('i.fee_amount'),
    i.ref('i.fee_tax_amount'),
  ],
  sql` + `,
)})`

/** What of a line's total is paid in money, and not by the buyer's credit; of `order_items as i`. */
export const lineMoneyOf: RawBuilder<number> = sql<number>`(${lineTotalOf} - ${i.ref('i.credit_amount')})`

/** What of a line's total is tax; of `order_items as i`. */
export const lineTaxOf: RawBuilder<number> = sql<number>`(${sql.join(
  [i.ref('i.tax_amount'), i.ref('i.shipping_tax_amount'), i.ref('i.fee_tax_amount')],
  sql` + `,
)})`
