import { createHash } from 'node:crypto'
import type { CartTax } from '../merchants/merchant.entity.ts'
import type { Party } from '../parties/address.ts'
import type { TaxRequest, TaxResult } from '../tax/tax-calculator.ts'
import type { SellerSnapshot } from './checkout.entity.ts'
import { type CheckoutToPrice, toTaxRequest } from './price-checkout.ts'

/** The tax of a cart as it was asked for, and the entity that sells and owes it. */
export type TaxQuote = {
  /** Fingerprint of what was asked: a cart that would ask anything else has no tax any more. */
  of: string
  result: TaxResult
  sellingEntity: SellerSnapshot | null
}

/** What the tax of a cart depends on beside its prices. */
export type CartPlaces = {
  currency: string
  tax: CartTax
  shipTo: Party | null
  billTo: Party | null
}

/** A line of a cart whose discounts are off already. `amount` in minor units, with its tax in it where prices include that. */
export type LineToTax = { quantity: number; taxCode: string | null; physical: boolean; amount: number }

/** A cart in the words in which checkouts are priced. `shipping` in minor units. */
export const toPrice = (
  { currency, tax, shipTo, billTo }: CartPlaces,
  lines: readonly LineToTax[],
  shipping: number,
  sellingEntityCountry: string,
): CheckoutToPrice => ({
  currency,
  taxInclusive: tax === 'inclusive',
  lines: lines.map(({ amount, ...line }, index) => ({
    ...line,
    id: String(index),
    price: 0,
    aggregatePrice: amount,
    fee: 0,
    duty: 0,
  })),
  shipping,
  shipFrom: null,
  shipTo: shipTo?.address ? shipTo : null,
  billTo: billTo?.address ? billTo : null,
  customerType: 'individual',
  taxIdentifiers: [],
  sellingEntityCountry,
})

/** Where a cart's tax is owed decides about it: without a place nothing can be asked. */
export const isTaxable = ({ shipTo, billTo }: CartPlaces): boolean =>
  Boolean(shipTo?.address?.country ?? billTo?.address?.country)

/** What the calculator is asked about a cart, and the fingerprint by which its answer is known again. */
export function askAbout(toTax: CheckoutToPrice): { request: TaxRequest; of: string } {
  const request = toTaxRequest(toTax)
  return { request, of: createHash('sha256').update(JSON.stringify(request)).digest('base64url') }
}
