import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaxResult } from '../tax/tax-calculator.ts'
import { type CheckoutToPrice, priceCheckout, toTaxRequest } from './price-checkout.ts'
import { percentOf, priceLines } from './price-lines.ts'

const base: CheckoutToPrice = {
  currency: 'USD',
  taxInclusive: false,
  lines: [],
  shipping: 0,
  shipFrom: null,
  shipTo: null,
  billTo: null,
  customerType: 'individual',
  taxIdentifiers: [],
  sellingEntityCountry: 'US',
}
const line = { id: 'a', quantity: 1, price: 10_000, taxCode: null, physical: true, fee: 0, duty: 0 }

/** A tax of one rate on everything, rounded half up a line, in exact integers. */
function flatTax(checkout: CheckoutToPrice, ppm: number): TaxResult {
  const request = toTaxRequest(checkout)
  const of = (amount: number) => {
    const divisor = checkout.taxInclusive ? 1_000_000n + BigInt(ppm) : 1_000_000n
    return Number((BigInt(amount) * BigInt(ppm) * 2n + divisor) / (2n * divisor))
  }
  return {
    lines: request.lines.map(({ id, amount }) => ({ id, rate: ppm / 1e6, taxAmount: of(amount) })),
    fees: (request.fees ?? []).map(({ id, amount }) => ({ id, rate: ppm / 1e6, taxAmount: of(amount) })),
    shipping: { rate: ppm / 1e6, taxAmount: of(request.shipping) },
    treatment: 'taxed',
    source: { calculator: 'rate_table' },
  }
}

// Removes the risk that a buyer pays another sum than the parts of the checkout say.
describe('the price of a checkout', () => {
  it('R187 R188 R189 comes out at the sample of the documentation to the cent', () => {
    const checkout: CheckoutToPrice = {
      ...base,
      lines: [
        { ...line, id: 'digital', price: 10_000, physical: false },
        { ...line, id: 'parcel', price: 7_500, discount: { percentOff: 10, quantity: 1 } },
      ],
      shipping: 500,
    }
    const request = toTaxRequest(checkout)
    expect(request.lines.map(({ amount }) => amount)).toEqual([10_000, 6_750])
    const priced = priceCheckout(checkout, {
      lines: [
        { id: 'digital', rate: 0, taxAmount: 0 },
        { id: 'parcel', rate: 0.07125, taxAmount: 481 },
      ],
      fees: [],
      shipping: { rate: 0.07125, taxAmount: 36 },
      treatment: 'taxed',
      source: { calculator: 'rate_table' },
    })
    expect(priced).toMatchObject({
      subtotal: 17_250,
      totalTax: 517,
      totalDiscount: 750,
      totalShipping: 500,
      totalFees: 0,
      totalDuty: 0,
      totalAmount: 17_767,
    })
    // The parcel bears the shipping; the download bears none.
    expect(priced.lines.map(({ shippingAmount, shippingTaxAmount }) => [shippingAmount, shippingTaxAmount])).toEqual([
      [0, 0],
      [500, 36],
    ])
  })

  it('R200 takes a discount off as many pieces as it names', () => {
    const { amounts, totalDiscount } = priceLines({
      lines: [
        { id: 'a', quantity: 3, price: 1_000, discount: { percentOff: 50, quantity: 1 } },
        { id: 'b', quantity: 2, price: 1_000, discount: { amountOff: 100, quantity: 2 } },
        { id: 'c', quantity: 2, price: 1_000, discount: { amountOff: 5_000 } },
        { id: 'd', quantity: 2, price: 0, aggregatePrice: 1_999, discount: { percentOff: 100 } },
      ],
      shipping: 0,
    })
    expect(amounts).toEqual([2_500, 1_800, 0, 0])
    expect(totalDiscount).toBe(500 + 200 + 2_000 + 1_999)
  })

  it('spreads a discount of the whole over the lines and takes it off the shipping apart', () => {
    const priced = priceLines({
      lines: [
        { id: 'a', quantity: 1, price: 1_000 },
        { id: 'b', quantity: 1, price: 2_000 },
      ],
      discount: { amountOff: 100 },
      shipping: 500,
      shippingDiscount: { percentOff: 100 },
    })
    expect(priced.amounts.reduce((a, b) => a + b, 0)).toBe(2_900)
    expect(priced).toMatchObject({ shipping: 0, totalDiscount: 600 })
  })

  it('rounds percentages half up in whole minor units', () => {
    expect(percentOf(105, 50)).toBe(53)
    expect(percentOf(1, 49.99)).toBe(0)
    expect(percentOf(10_000, 33.33)).toBe(3_333)
  })

  const lines = fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 20 }),
      price: fc.nat(1_000_000),
      physical: fc.boolean(),
      fee: fc.nat(500),
      duty: fc.nat(500),
      discount: fc.option(
        fc.oneof(
          fc.record({ amountOff: fc.nat(5_000), quantity: fc.integer({ min: 1, max: 20 }) }),
          fc.record({ percentOff: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
        ),
        { nil: undefined },
      ),
    }),
    { minLength: 1, maxLength: 10 },
  )

  it.each(['JPY', 'USD', 'KWD'])('I6 adds up in %s over random carts, discounts and taxes', (currency) => {
    fc.assert(
      fc.property(
        lines,
        fc.nat(50_000),
        fc.nat(300_000),
        fc.boolean(),
        fc.option(fc.nat(2_000_000), { nil: undefined }),
        (drafts, shipping, ppm, taxInclusive, amountOff) => {
          const checkout: CheckoutToPrice = {
            ...base,
            currency,
            taxInclusive,
            shipping,
            lines: drafts.map((draft, index) => ({ ...draft, id: String(index), taxCode: null })),
            discount: amountOff === undefined ? undefined : { amountOff },
          }
          const tax = flatTax(checkout, ppm)
          const priced = priceCheckout(checkout, tax)
          const sum = (pick: (entry: (typeof priced.lines)[number]) => number) =>
            priced.lines.reduce((total, entry) => total + pick(entry), 0)
          const parts = sum(
            (entry) =>
              entry.amount +
              entry.taxAmount +
              entry.shippingAmount +
              entry.shippingTaxAmount +
              entry.dutyAmount +
              entry.feeAmount +
              entry.feeTaxAmount,
          )
          expect(parts).toBe(priced.totalAmount)
          expect(priced.subtotal + priced.totalTax + priced.totalDuty + priced.totalFees).toBe(priced.totalAmount)
          expect(sum((entry) => entry.amount) + priced.totalShipping).toBe(priced.subtotal)
          expect(priced.lines.every((entry) => entry.amount >= 0 && entry.shippingAmount >= 0)).toBe(true)
          // Whether tax is in the price or comes on top, what stands on the price tags is not lost.
          const gross = drafts.reduce(
            (total, draft) => total + draft.quantity * draft.price + draft.fee + draft.duty,
            0,
          )
          const asked = gross + shipping - priced.totalDiscount
          expect(priced.totalAmount).toBe(taxInclusive ? asked : asked + priced.totalTax)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('takes the tax out of a price that includes it', async () => {
    const checkout: CheckoutToPrice = { ...base, taxInclusive: true, lines: [{ ...line, price: 11_900 }] }
    expect(priceCheckout(checkout, flatTax(checkout, 190_000))).toMatchObject({
      subtotal: 10_000,
      totalTax: 1_900,
      totalAmount: 11_900,
    })
  })
})
