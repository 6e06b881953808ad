import type { Party } from '../parties/address.ts'
import { allocate } from '../platform/money.ts'
import type { TaxAddress, TaxRequest, TaxResult } from '../tax/tax-calculator.ts'
import type { Discount } from './discount.ts'
import { priceLines, type UnpricedLine } from './price-lines.ts'

export type CheckoutLine = UnpricedLine & {
  taxCode: string | null
  physical: boolean
  /** Charged beside the price, before tax. Minor units. */
  fee: number
  duty: number
}

/** What a checkout's price depends on. */
export type CheckoutToPrice = {
  currency: string
  taxInclusive: boolean
  lines: readonly CheckoutLine[]
  discount?: Discount | undefined
  shipping: number
  shippingDiscount?: Discount | undefined
  shipFrom: Party | null
  shipTo: Party | null
  billTo: Party | null
  customerType: 'individual' | 'business'
  taxIdentifiers: TaxRequest['taxIdentifiers']
  sellingEntityCountry: string
  certificates?: TaxRequest['certificates']
}

/** Everything net of tax; minor units. `amount` + `taxAmount` is what the buyer pays for a line. */
export type PricedCheckoutLine = {
  id: string
  amount: number
  taxRate: number
  taxAmount: number
  shippingAmount: number
  shippingTaxAmount: number
  dutyAmount: number
  feeAmount: number
  feeTaxAmount: number
}

/** Minor units. */
export type CheckoutTotals = {
  subtotal: number
  totalTax: number
  totalDuty: number
  totalFees: number
  totalDiscount: number
  totalShipping: number
  totalAmount: number
}

export type PricedCheckout = CheckoutTotals & {
  lines: PricedCheckoutLine[]
  shippingTax: number
  treatment: TaxResult['treatment']
  taxReference: string | undefined
  rates: ReturnType<typeof componentRates>
}

/** What the tax calculator is asked: the discounted lines, in the prices' own terms. */
export function toTaxRequest(checkout: CheckoutToPrice): TaxRequest {
  const { amounts, shipping } = priceLines(checkout)
  return {
    currency: checkout.currency,
    taxInclusive: checkout.taxInclusive,
    lines: checkout.lines.map(({ id, taxCode, physical }, index) => ({
      id,
      taxCode,
      physical,
      amount: amounts[index] ?? 0,
    })),
    fees: checkout.lines.filter(({ fee }) => fee > 0).map(({ id, fee }) => ({ id, amount: fee })),
    shipping,
    shipFrom: toTaxAddress(checkout.shipFrom),
    shipTo: toTaxAddress(checkout.shipTo),
    billTo: toTaxAddress(checkout.billTo),
    customerType: checkout.customerType,
    taxIdentifiers: checkout.taxIdentifiers,
    sellingEntityCountry: checkout.sellingEntityCountry,
    ...(checkout.certificates?.length ? { certificates: checkout.certificates } : {}),
  }
}

/**
 * The totals of a checkout with the tax a calculator found. `subtotal` is goods and shipping before tax; prices that
 * include tax give it up first, so that `totalAmount` is the same sum either way.
 */
export function priceCheckout(checkout: CheckoutToPrice, tax: TaxResult): PricedCheckout {
  const discounted = priceLines(checkout)
  const taxOf = new Map(tax.lines.map((line) => [line.id, line]))
  const feeTaxOf = new Map(tax.fees.map((fee) => [fee.id, fee.taxAmount]))
  const within = (amount: number, taxAmount: number) => (checkout.taxInclusive ? amount - taxAmount : amount)

  const shipping = within(discounted.shipping, tax.shipping.taxAmount)
  const shares = shippingShares(checkout.lines, discounted.amounts)
  const shippingTaxParts = shippingTaxes(checkout.lines, shares, tax.shipping)
  // Of a price that includes tax each line gives up the tax of its own rate.
  const shippingParts = tax.shipping.parts
    ? allocate(discounted.shipping, shares).map((part, index) => within(part, shippingTaxParts[index] ?? 0))
    : allocate(shipping, shares)

  const lines = checkout.lines.map((line, index): PricedCheckoutLine => {
    const { rate = 0, taxAmount = 0 } = taxOf.get(line.id) ?? {}
    const feeTax = feeTaxOf.get(line.id) ?? 0
    return {
      id: line.id,
      amount: within(discounted.amounts[index] ?? 0, taxAmount),
      taxRate: rate,
      taxAmount,
      shippingAmount: shippingParts[index] ?? 0,
      shippingTaxAmount: shippingTaxParts[index] ?? 0,
      dutyAmount: line.duty,
      feeAmount: within(line.fee, feeTax),
      feeTaxAmount: feeTax,
    }
  })
  const total = (pick: (line: PricedCheckoutLine) => number) => lines.reduce((sum, line) => sum + pick(line), 0)
  const subtotal = total((line) => line.amount) + shipping
  const totalTax = total((line) => line.taxAmount + line.feeTaxAmount) + tax.shipping.taxAmount
  const totalDuty = total((line) => line.dutyAmount)
  const totalFees = total((line) => line.feeAmount)
  return {
    lines,
    shippingTax: tax.shipping.taxAmount,
    subtotal,
    totalTax,
    totalDuty,
    totalFees,
    totalDiscount: discounted.totalDiscount,
    totalShipping: shipping,
    totalAmount: subtotal + totalTax + totalDuty + totalFees,
    treatment: tax.treatment,
    taxReference: tax.source.reference,
    rates: componentRates(tax),
  }
}

/** The tax of the shipping by line: of each rate it is borne by the lines that have it. */
function shippingTaxes(
  lines: readonly CheckoutLine[],
  shares: readonly number[],
  { taxAmount, parts }: TaxResult['shipping'],
): number[] {
  const taxes = lines.map(() => 0)
  for (const part of parts ?? [{ taxAmount, lineIds: lines.map(({ id }) => id) }]) {
    const own = lines.map(({ id }, index) => (part.lineIds.includes(id) ? (shares[index] ?? 0) : 0))
    const borne = allocate(part.taxAmount, own)
    for (const [index, share] of borne.entries()) taxes[index] = (taxes[index] ?? 0) + share
  }
  return taxes
}

/** The rates of what is no goods, as an order keeps them: of shipping none where each line has its own. */
export function componentRates({ shipping, fees }: TaxResult): { shippingTaxRate?: number; feeTaxRate?: number } {
  const [fee] = fees
  return {
    ...(shipping.parts ? {} : { shippingTaxRate: shipping.rate }),
    ...(fee && fees.every(({ rate }) => rate === fee.rate) ? { feeTaxRate: fee.rate } : {}),
  }
}

/** Shipping is borne by what is shipped, in proportion to its price. */
function shippingShares(lines: readonly CheckoutLine[], amounts: readonly number[]): number[] {
  const anyPhysical = lines.some((line) => line.physical)
  const shares = lines.map((line, index) => (anyPhysical && !line.physical ? 0 : (amounts[index] ?? 0)))
  if (shares.some((share) => share > 0)) return shares
  return lines.map((line) => (anyPhysical && !line.physical ? 0 : line.quantity))
}

function toTaxAddress(party: Party | null): TaxAddress | null {
  const address = party?.address
  if (!address) return null
  const { country, state, postalCode, city, line1 } = address
  return {
    country,
    ...(state ? { state } : {}),
    ...(postalCode ? { postalCode } : {}),
    ...(city ? { city } : {}),
    ...(line1 ? { line1 } : {}),
  }
}
