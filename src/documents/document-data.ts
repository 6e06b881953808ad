import type { OrderView } from '../order-view/read-order.ts'
import { capturedOfLine, isGivenBack, refundableShipping } from '../order-view/refundable.ts'
import { lineTotal } from '../orders/line-total.ts'
import type { Party } from '../parties/address.ts'
import { allocate } from '../platform/money.ts'
import type { RefundItem, RefundShipping, RefundType } from '../refunds/refund.entity.ts'

export const documentKinds = ['invoice', 'credit_memo'] as const
export type DocumentKind = (typeof documentKinds)[number]

/** Whoever a document is issued by. */
export type DocumentSeller = {
  name: string
  address: Party['address'] | null
  taxIdentifiers: { type: string; value: string }[]
}

/** Who a document is for, as it is printed: without telephone and mail. */
type PrintedParty = Pick<Party, 'name' | 'organization' | 'address'>

export type DocumentLine = {
  name: string
  /** Null where a part of a price is given back and no pieces. */
  quantity: number | null
  net: number
  /** A fraction: 0.19 for 19 %. */
  taxRate: number
  tax: number
}

/** Everything a document shows, stored once and rendered as often as needed. Amounts in minor units of `currency`. */
export type DocumentData = {
  kind: DocumentKind
  number: string
  /** ISO 8601. */
  issuedAt: string
  orderId: string
  upstreamId: string | null
  orderedAt: string
  /** As the order names it, such as `de_DE`. */
  locale: string
  currency: string
  liveMode: boolean
  seller: DocumentSeller
  email: string
  billTo: PrintedParty | null
  shipTo: PrintedParty | null
  buyerTaxIdentifiers: { type: string; value: string }[]
  lines: DocumentLine[]
  totals: { goods: number; shipping: number; fees: number; duties: number; tax: number; total: number }
  /** What of the price was taken off before any of these amounts. */
  discount: number
  taxes: { rate: number; net: number; tax: number }[]
  reverseCharge: boolean
  payment: { method: string; lastFour: string | null } | null
  /** The invoice a credit memo takes something off. */
  invoiceNumber: string | null
}

export type Issue = { number: string; issuedAt: string; seller: DocumentSeller }

/** A refund as far as its document shows it. `refundedAmount` in minor units, tax included. */
export type CreditedRefund = {
  type: RefundType | null
  refundedAmount: number
  items: RefundItem[]
  shipping: RefundShipping[]
}

/** A line's price in its parts, minor units. */
type Price = {
  goods: number
  goodsTax: number
  shipping: number
  shippingTax: number
  duty: number
  fee: number
  feeTax: number
}
type PricedLine = { name: string; quantity: number | null; taxRate: number; price: Price }

/** The invoice of what was captured of an order; undefined when that is nothing. What was cancelled before is not on it. */
export function toInvoice(order: OrderView, issue: Issue): DocumentData | undefined {
  const lines = order.items.flatMap((item): PricedLine[] => {
    const captured = capturedOfLine(order, item)
    if (captured === 0) return []
    const whole = lineTotal(item)
    const price = captured < whole ? partOf(priceOf(item), captured) : priceOf(item)
    const quantity = captured < whole && item.fulfilledQuantity > 0 ? item.fulfilledQuantity : item.quantity
    return [{ name: nameOf(item), quantity, taxRate: item.taxRate, price }]
  })
  const [first] = lines
  if (!first) return undefined
  // A cart's shipping is not spread over its lines: the first one on paper carries it.
  for (const { captured } of refundableShipping(order)) first.price.shipping += captured
  const document = toDocument('invoice', order, issue, lines)
  const [discount = 0] =
    document.totals.total < order.totalAmount
      ? allocate(order.totalDiscount, [document.totals.total, order.totalAmount - document.totals.total])
      : [order.totalDiscount]
  return { ...document, discount }
}

/** The credit memo of a refund, with the tax that was in it; undefined when nothing went back. */
export function toCreditMemo(
  order: OrderView,
  refund: CreditedRefund,
  issue: Issue & { invoiceNumber: string | null },
): DocumentData | undefined {
  const amounts = allocate(
    refund.refundedAmount,
    [...refund.items, ...refund.shipping].map(({ amount }) => amount),
  )
  const lines = refund.items.flatMap((refunded, index): PricedLine[] => {
    const item = order.items.find(({ id }) => id === refunded.itemId)
    const amount = amounts[index] ?? 0
    if (!item || amount === 0) return []
    const price = partOf(componentOf(priceOf(item), refunded.type ?? refund.type), amount)
    return [{ name: nameOf(item), quantity: refunded.quantity ?? null, taxRate: item.taxRate, price }]
  })
  for (const [index, { sellerId }] of refund.shipping.entries()) {
    const item = order.items.find((entry) => entry.sellerId === sellerId)
    const shipping = amounts[refund.items.length + index] ?? 0
    if (item && shipping > 0)
      lines.push({ name: nameOf(item), quantity: null, taxRate: 0, price: { ...nothing, shipping } })
  }
  if (lines.length === 0) return undefined
  return { ...toDocument('credit_memo', order, issue, lines), invoiceNumber: issue.invoiceNumber }
}

function toDocument(kind: DocumentKind, order: OrderView, issue: Issue, lines: readonly PricedLine[]): DocumentData {
  const sum = (pick: (price: Price) => number) => lines.reduce((total, { price }) => total + pick(price), 0)
  const totals = {
    goods: sum((price) => price.goods),
    shipping: sum((price) => price.shipping),
    fees: sum((price) => price.fee),
    duties: sum((price) => price.duty),
    tax: sum((price) => price.goodsTax + price.shippingTax + price.feeTax),
  }
  return {
    kind,
    ...issue,
    orderId: order.id,
    upstreamId: order.upstreamId,
    orderedAt: order.createdAt.toISOString(),
    locale: order.locale,
    currency: order.currency,
    liveMode: order.liveMode,
    email: order.email,
    billTo: toPrinted(order.billTo),
    shipTo: toPrinted(order.shipTo),
    buyerTaxIdentifiers: order.taxIdentifiers.map(({ type, value }) => ({ type, value })),
    lines: lines.map(({ name, quantity, taxRate, price }) => ({
      name,
      quantity,
      net: price.goods,
      taxRate,
      tax: price.goodsTax,
    })),
    totals: { ...totals, total: totals.goods + totals.shipping + totals.fees + totals.duties + totals.tax },
    discount: 0,
    taxes: toTaxes(lines),
    reverseCharge: order.details?.taxTreatment === 'reverse_charge',
    payment: toPayment(order),
    invoiceNumber: null,
  }
}

/** The taxed amounts by rate, highest first. Duties are no part of what is taxed. */
function toTaxes(lines: readonly PricedLine[]): DocumentData['taxes'] {
  const taxes = new Map<number, { net: number; tax: number }>()
  const add = (rate: number, net: number, tax: number) => {
    if (net === 0 && tax === 0) return
    const seen = taxes.get(rate) ?? { net: 0, tax: 0 }
    taxes.set(rate, { net: seen.net + net, tax: seen.tax + tax })
  }
  for (const { taxRate, price } of lines) {
    add(taxRate, price.goods, price.goodsTax)
    // Beside a taxed line, shipping and fees are taxed like it or not at all.
    add(price.shippingTax === 0 ? 0 : taxRate, price.shipping, price.shippingTax)
    add(price.feeTax === 0 ? 0 : taxRate, price.fee, price.feeTax)
  }
  return [...taxes].map(([rate, sums]) => ({ rate, ...sums })).sort((a, b) => b.rate - a.rate)
}

function toPayment(order: OrderView): DocumentData['payment'] {
  const charge = order.charges.find((entry) => entry.capturedAmount > 0 && !isGivenBack(entry))
  if (!charge) return null
  const source = order.sources.find(({ id }) => id === charge.sourceId)
  const lastFour = source?.details.lastFourDigits
  return { method: source?.type ?? charge.method, lastFour: typeof lastFour === 'string' ? lastFour : null }
}

const toPrinted = (party: Party | null): PrintedParty | null =>
  party && { name: party.name, organization: party.organization, address: party.address }

const nameOf = (item: OrderView['items'][number]): string => String(item.product.name ?? '')

const priceOf = (item: OrderView['items'][number]): Price => ({
  goods: item.amount,
  goodsTax: item.taxAmount,
  shipping: item.shippingAmount,
  shippingTax: item.shippingTaxAmount,
  duty: item.dutyAmount,
  fee: item.feeAmount,
  feeTax: item.feeTaxAmount,
})

const nothing: Price = { goods: 0, goodsTax: 0, shipping: 0, shippingTax: 0, duty: 0, fee: 0, feeTax: 0 }

/** The part of a price that a refund of one component takes from. */
function componentOf(price: Price, component: RefundItem['type'] | RefundType | null): Price {
  const { goodsTax, shipping, shippingTax, duty, fee, feeTax } = price
  switch (component) {
    case 'shipping':
      return { ...nothing, shipping, shippingTax }
    case 'fees':
      return { ...nothing, fee, feeTax }
    case 'duty':
      return { ...nothing, duty }
    case 'tax':
      return { ...nothing, goodsTax, shippingTax, feeTax }
    default:
      return price
  }
}

/** `amount` in the proportions of a price; every part is whole, and they add up to it. */
function partOf(price: Price, amount: number): Price {
  const [goods = 0, goodsTax = 0, shipping = 0, shippingTax = 0, duty = 0, fee = 0, feeTax = 0] = allocate(amount, [
    price.goods,
    price.goodsTax,
    price.shipping,
    price.shippingTax,
    price.duty,
    price.fee,
    price.feeTax,
  ])
  return { goods, goodsTax, shipping, shippingTax, duty, fee, feeTax }
}
