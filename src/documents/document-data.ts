import type { OrderView } from '../order-view/read-order.ts'
import { capturedOfLine, capturedPrice, creditOf, isGivenBack, refundableShipping } from '../order-view/refundable.ts'
import { type LinePrice, noPrice, partOf, priceOf, shareWithin, sumOf, taxIn } from '../orders/line-price.ts'
import type { Party } from '../parties/address.ts'
import { allocate } from '../platform/money.ts'
import { partsOfItem } from '../refunds/price-items.ts'
import type { RefundItem, RefundShipping, RefundType } from '../refunds/refund.entity.ts'
import { type Exemption, exemptionOf } from './exemption.ts'

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
  /** Which of the order's lines it is, from 1; the same on its invoice and on every credit memo. */
  position?: number
  name: string
  /** Null where a part of a price is given back and no pieces. */
  quantity: number | null
  net: number
  /** A fraction: 0.19 for 19 %. */
  taxRate: number
  tax: number
  /** What was taken off this line's price, in the price's own terms, before `net`. */
  discount?: number
}

export const chargeKinds = ['shipping', 'fees', 'duties'] as const
/** What is paid beside the goods, at one rate. */
export type DocumentCharge = { kind: (typeof chargeKinds)[number]; net: number; rate: number; tax: number }

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
  /** Whether discounts are in prices that bear their tax. */
  taxInclusive?: boolean
  liveMode: boolean
  seller: DocumentSeller
  email: string
  billTo: PrintedParty | null
  shipTo: PrintedParty | null
  buyerTaxIdentifiers: { type: string; value: string }[]
  lines: DocumentLine[]
  /** Shipping, fees and duties by their rates; documents from before have them in their totals alone. */
  charges?: DocumentCharge[]
  totals: { goods: number; shipping: number; fees: number; duties: number; tax: number; total: number }
  /** What of the price was taken off before any of these amounts. */
  discount: number
  taxes: { rate: number; net: number; tax: number }[]
  reverseCharge: boolean
  /** Why a line at the rate zero bears no tax. */
  exemption?: Exemption | null
  payment: { method: string; lastFour: string | null } | null
  /** What of the total a credit of the buyer's with the seller has paid, or gets back: a payment, so no part of what is taxed. */
  credit?: number | undefined
  /** The invoice a credit memo takes something off. */
  invoiceNumber: string | null
  /** The credit memo that an invoice takes back, because its money did not arrive. */
  memoNumber?: string | null
  /** When the invoice was issued, ISO 8601. */
  invoiceIssuedAt?: string | null
  /** The order that this one replaces goods of. */
  exchangeOf?: string | null
  /** Why money goes back, as whoever gave it wrote. */
  reason?: string | null
}

export type Issue = { number: string; issuedAt: string; seller: DocumentSeller }

/** A refund as far as its document shows it. `refundedAmount` in minor units, tax included. */
export type CreditedRefund = {
  type: RefundType | null
  refundedAmount: number
  /** What of that went back to a credit. */
  creditAmount?: number
  reason?: string | null
  items: RefundItem[]
  shipping: RefundShipping[]
}

type PricedLine = {
  position: number
  name: string
  quantity: number | null
  taxRate: number
  shippingRate: number
  feeRate: number
  discount: number
  price: LinePrice
}

type Item = OrderView['items'][number]

/** The invoice of what was captured of an order; undefined when that is nothing. What was cancelled before is not on it. */
export function toInvoice(order: OrderView, issue: Issue): DocumentData | undefined {
  const lines = order.items.flatMap((item): PricedLine[] => {
    const captured = capturedOfLine(order, item)
    if (captured === 0) return []
    const whole = priceOf(item)
    const inPart = captured < sumOf(whole)
    const quantity = inPart && item.fulfilledQuantity > 0 ? item.fulfilledQuantity : item.quantity
    const discount = inPart ? shareWithin(discountOf(order, item), sumOf(whole), captured) : discountOf(order, item)
    return [{ ...lineOf(order, item), quantity, discount, price: capturedPrice(order, item) }]
  })
  const [first] = lines
  if (!first) return undefined
  // A cart's shipping is not spread over its lines: the first one on paper carries it.
  const beside = refundableShipping(order).reduce((sum, { captured }) => sum + captured, 0)
  first.price = { ...first.price, shipping: first.price.shipping + beside }
  return { ...toDocument('invoice', order, issue, lines), credit: creditOf(order).used }
}

/** The credit memo of a refund, with the tax that was in it; undefined when nothing went back. */
export function toCreditMemo(
  order: OrderView,
  refund: CreditedRefund,
  issue: Issue & { invoiceNumber: string | null; invoiceIssuedAt?: string | null },
): DocumentData | undefined {
  const amounts = allocate(
    refund.refundedAmount,
    [...refund.items, ...refund.shipping].map(({ amount }) => amount),
  )
  const lines = refund.items.flatMap((refunded, index): PricedLine[] => {
    const item = order.items.find(({ id }) => id === refunded.itemId)
    const amount = amounts[index] ?? 0
    if (!item || amount === 0) return []
    const price = partOf(partsOfItem(priceOf(item), refunded, refund.type), amount)
    return [{ ...lineOf(order, item), quantity: refunded.quantity ?? null, price }]
  })
  for (const [index, { sellerId }] of refund.shipping.entries()) {
    const item = order.items.find((entry) => entry.sellerId === sellerId)
    const shipping = amounts[refund.items.length + index] ?? 0
    if (item && shipping > 0) lines.push({ ...lineOf(order, item), shippingRate: 0, price: { ...noPrice, shipping } })
  }
  if (lines.length === 0) return undefined
  const { invoiceNumber, invoiceIssuedAt = null } = issue
  const document = toDocument('credit_memo', order, issue, lines)
  const credit = refund.creditAmount ?? 0
  return { ...document, credit, invoiceNumber, invoiceIssuedAt, reason: refund.reason ?? null }
}

/** The invoice of what a credit memo had taken off and a bank sent back: the same again, the other way. */
export const toReinvoice = (memo: DocumentData, { number, issuedAt }: Issue): DocumentData => ({
  ...memo,
  kind: 'invoice',
  number,
  issuedAt,
  memoNumber: memo.number,
})

/** A line without what it costs. Beside a taxed line, shipping and fees have a rate of their own, or the line's. */
function lineOf(order: OrderView, item: Item): PricedLine {
  const { shippingTaxRate = item.taxRate, feeTaxRate = item.taxRate } = order.details ?? {}
  return {
    position: order.items.indexOf(item) + 1,
    name: nameOf(item),
    quantity: null,
    taxRate: item.taxRate,
    shippingRate: item.shippingTaxAmount === 0 ? 0 : shippingTaxRate,
    feeRate: item.feeTaxAmount === 0 ? 0 : feeTaxRate,
    discount: 0,
    price: noPrice,
  }
}

/** What was taken off a line, in the price's own terms: by its own discount, and its part of what was taken off everything. */
function discountOf(order: OrderView, item: Item): number {
  if (!item.discount && !order.details?.discount) return 0
  const charged = item.amount + (order.taxInclusive ? item.taxAmount : 0)
  return Math.max(0, item.unitPrice * item.quantity - charged)
}

function toDocument(kind: DocumentKind, order: OrderView, issue: Issue, lines: readonly PricedLine[]): DocumentData {
  const sum = (pick: (price: LinePrice) => number) => lines.reduce((total, { price }) => total + pick(price), 0)
  const totals = {
    goods: sum((price) => price.goods),
    shipping: sum((price) => price.shipping),
    fees: sum((price) => price.fee),
    duties: sum((price) => price.duty),
    tax: sum(taxIn),
  }
  const charges = toCharges(lines)
  const exemption = exemptionOf(order)
  return {
    kind,
    number: issue.number,
    issuedAt: issue.issuedAt,
    seller: issue.seller,
    orderId: order.id,
    upstreamId: order.upstreamId,
    orderedAt: order.createdAt.toISOString(),
    locale: order.locale,
    currency: order.currency,
    taxInclusive: order.taxInclusive,
    liveMode: order.liveMode,
    email: order.email,
    billTo: toPrinted(order.billTo),
    shipTo: toPrinted(order.shipTo),
    buyerTaxIdentifiers: order.taxIdentifiers.map(({ type, value }) => ({ type, value })),
    lines: lines.map(({ position, name, quantity, taxRate, discount, price }) => ({
      position,
      name,
      quantity,
      net: price.goods,
      taxRate,
      tax: price.goodsTax,
      discount,
    })),
    charges,
    totals: { ...totals, total: totals.goods + totals.shipping + totals.fees + totals.duties + totals.tax },
    discount: lines.reduce((total, line) => total + line.discount, 0),
    taxes: toTaxes(lines, charges),
    reverseCharge: exemption === 'reverse_charge',
    exemption,
    payment: toPayment(order),
    invoiceNumber: null,
    exchangeOf: order.details?.exchangeOf ?? null,
    reason: null,
  }
}

function toCharges(lines: readonly PricedLine[]): DocumentCharge[] {
  const charges: DocumentCharge[] = []
  const add = (kind: DocumentCharge['kind'], rate: number, net: number, tax: number) => {
    if (net === 0 && tax === 0) return
    const same = charges.find((charge) => charge.kind === kind && charge.rate === rate)
    if (!same) charges.push({ kind, rate, net, tax })
    else Object.assign(same, { net: same.net + net, tax: same.tax + tax })
  }
  for (const { shippingRate, feeRate, price } of lines) {
    add('shipping', shippingRate, price.shipping, price.shippingTax)
    add('fees', feeRate, price.fee, price.feeTax)
    add('duties', 0, price.duty, 0)
  }
  return charges
}

/** The taxed amounts by rate, highest first. Duties are no part of what is taxed. */
function toTaxes(lines: readonly PricedLine[], charges: readonly DocumentCharge[]): DocumentData['taxes'] {
  const taxed = [
    ...lines.map(({ taxRate, price }) => ({ rate: taxRate, net: price.goods, tax: price.goodsTax })),
    ...charges.filter(({ kind }) => kind !== 'duties'),
  ].filter(({ net, tax }) => net !== 0 || tax !== 0)
  return [...Map.groupBy(taxed, ({ rate }) => rate)]
    .map(([rate, group]) => ({
      rate,
      net: group.reduce((sum, { net }) => sum + net, 0),
      tax: group.reduce((sum, { tax }) => sum + tax, 0),
    }))
    .sort((a, b) => b.rate - a.rate)
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
