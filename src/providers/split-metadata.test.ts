import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMetadata, encodeMetadata } from './split-metadata.ts'

// Removes the risk that a lost database leaves a provider's payment that nobody can attribute.
describe('payment metadata', () => {
  const split = fc.record({
    kind: fc.constantFrom('platform', 'provider_fee', 'merchant', 'affiliate', 'referrer', 'fulfilment'),
    recipient: fc.string({ minLength: 1, maxLength: 40 }),
    amount: fc.nat(),
  })

  it('R18 R19 R20 rebuilds order, charge and splits from what the provider was given', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(split, { maxLength: 60, selector: ({ kind, recipient }) => `${kind} ${recipient}` }),
        (splits) => {
          expect(decodeMetadata(encodeMetadata('ord_1', 'chg_1', splits))).toEqual({
            orderId: 'ord_1',
            chargeId: 'chg_1',
            splits,
          })
        },
      ),
    )
  })

  it('stays within 50 keys and 500 characters for the largest cart', () => {
    const splits = Array.from({ length: 110 }, (_, index) => ({
      kind: 'merchant',
      recipient: `merchant:mer_${String(index).padStart(26, '0')}`,
      amount: 999_999_999_999,
    }))
    const metadata = encodeMetadata('ord_01m7zt522yf6er37s9nkksnsnt', 'chg_01m7zt522yf6er37s9nkksnsnt', splits)
    expect(Object.keys(metadata).length).toBeLessThanOrEqual(50)
    for (const value of Object.values(metadata)) expect(value.length).toBeLessThanOrEqual(500)
  })

  it('knows foreign metadata', () => {
    expect(decodeMetadata({ cart: '1' })).toBeUndefined()
  })
})
