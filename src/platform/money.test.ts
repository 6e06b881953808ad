import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate, exponentOf, shareOf, toMajor, toMinor } from './money.ts'

// Removes the risk that cents are lost or invented by binary fractions.
describe('money', () => {
  it('reads decimal amounts to the cent', () => {
    expect(toMinor(177.67, 'USD')).toBe(17_767)
    expect(toMinor(50_000, 'UGX')).toBe(50_000)
    expect(toMinor(1.005, 'KWD')).toBe(1_005)
    expect(toMinor(0, 'USD')).toBe(0)
  })

  it('refuses more decimals than the currency has, and what is no amount', () => {
    expect(toMinor(1.005, 'USD')).toBeUndefined()
    expect(toMinor(1.5, 'JPY')).toBeUndefined()
    expect(toMinor(Number.NaN, 'USD')).toBeUndefined()
    expect(toMinor(1e21, 'USD')).toBeUndefined()
    expect(toMinor(Number.POSITIVE_INFINITY, 'USD')).toBeUndefined()
  })

  it('shows what it reads', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.constantFrom('USD', 'JPY', 'KWD', 'UGX'),
        (minor, currency) => {
          expect(toMinor(toMajor(minor, currency), currency)).toBe(minor === 0 ? 0 : minor)
        },
      ),
    )
    expect(exponentOf('KWD')).toBe(3)
  })

  it('I6 allocates without losing or inventing a unit', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.array(fc.nat(1e9), { minLength: 1, maxLength: 20 }), (total, weights) => {
        const parts = allocate(total, weights)
        expect(parts.reduce((a, b) => a + b, 0)).toBe(total)
        expect(parts.every((part) => part >= 0)).toBe(true)
      }),
    )
  })

  it('takes basis points rounded half up', () => {
    expect(shareOf(94_000, 300)).toBe(2_820)
    expect(shareOf(50, 100)).toBe(1)
    expect(shareOf(49, 100)).toBe(0)
  })
})
