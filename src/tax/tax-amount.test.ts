import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveRate, taxOf, toFraction } from './tax-amount.ts'

const amounts = fc.integer({ min: 0, max: 1_000_000_000_000 })
const rates = fc.integer({ min: 0, max: 500_000 })

// Removes the risk that a cent appears or disappears between a price with tax and the same price without.
describe('the tax of an amount', () => {
  it('R189 rounds 7.125 % of 67.50 to 4.81 and of 5.00 to 0.36', () => {
    expect(taxOf(67_50, 71_250, false)).toBe(4_81)
    expect(taxOf(5_00, 71_250, false)).toBe(36)
  })

  it('rounds exactly one half up', () => {
    expect(taxOf(10, 50_000, false)).toBe(1)
    expect(taxOf(30, 50_000, false)).toBe(2)
    expect(taxOf(9, 50_000, false)).toBe(0)
  })

  it('takes out of a price what was put on top of it, to the unit', () => {
    fc.assert(
      fc.property(amounts, rates, (net, rate) => {
        const tax = taxOf(net, rate, false)
        expect(taxOf(net + tax, rate, true)).toBe(tax)
      }),
    )
  })

  it('leaves a net price whose tax is within half a unit of the tax taken out', () => {
    fc.assert(
      fc.property(amounts, rates, (gross, rate) => {
        const tax = taxOf(gross, rate, true)
        const doubledError = 2n * (BigInt(gross) * BigInt(rate) - BigInt(tax) * BigInt(1_000_000 + rate))
        expect(doubledError < BigInt(1_000_000 + rate) && doubledError >= -BigInt(1_000_000 + rate)).toBe(true)
        expect(tax >= 0 && tax <= gross).toBe(true)
        expect(Math.abs(taxOf(gross - tax, rate, false) - tax)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('agrees with exact arithmetic where floating point would not', () => {
    fc.assert(
      fc.property(amounts, rates, (net, rate) => {
        const doubledError = 2n * (BigInt(net) * BigInt(rate) - BigInt(taxOf(net, rate, false)) * 1_000_000n)
        expect(doubledError < 1_000_000n && doubledError >= -1_000_000n).toBe(true)
      }),
    )
  })

  it('R199 shows a rate as a fraction', () => {
    expect([71_250, 255_000, 149_750, 0].map(toFraction)).toEqual([0.07125, 0.255, 0.14975, 0])
    expect(effectiveRate(100_00, 7_13, false)).toBe(71_300)
    expect(effectiveRate(119_00, 19_00, true)).toBe(190_000)
    expect(effectiveRate(0, 0, false)).toBe(0)
  })
})
