import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calculateSplits, type DistributionInput, type DistributionItem } from './calculate-splits.ts'

let made = 0
/** A line that costs its buyer what it says, unless it is discounted. */
const line = (sellerId: string, unitPrice: number, more: Partial<DistributionItem> = {}): DistributionItem => {
  made += 1
  const quantity = more.quantity ?? 1
  const total = unitPrice * quantity
  return { id: `item_${made}`, sellerId, unitPrice, quantity, total, commissionBps: null, affiliateBps: null, ...more }
}

const base: DistributionInput = {
  amount: 94_000,
  items: [line('mer_a', 100_000, { total: 94_000 })],
  shipping: new Map(),
  fulfilmentCost: new Map([['mer_a', 2_200 + 580]]),
  sellers: new Map([['mer_a', { commissionBps: null, commissionFixed: null, destination: 'acct_a' }]]),
  rates: { commissionBps: 100, commissionFixed: 0, providerFee: { bps: 300, fixed: 0 } },
  referrer: { id: 'ref', bps: 300 },
}

const amountsByKind = (input: DistributionInput) => {
  const plan = calculateSplits(input)
  if (plan.outcome !== 'planned') throw new Error(plan.outcome)
  const sums: Record<string, number> = {}
  for (const { kind, recipient, amount } of plan.splits) {
    const name = kind === 'merchant' ? `${kind} ${recipient}` : kind
    sums[name] = (sums[name] ?? 0) + amount
  }
  return sums
}

// Removes the risk that money is split wrongly or does not add up.
describe('the distribution of a payment', () => {
  it('R24 R25 R26 follows the worked example of the settlement rules to the cent', () => {
    // gross 1000, paid 940: commission 10.00, fee 28.20, fulfilment 27.80 = platform 66.00; referrer 26.22; merchant 847.78
    expect(amountsByKind(base)).toEqual({
      platform: 1_000,
      provider_fee: 2_820,
      fulfilment: 2_780,
      referrer: 2_622,
      'merchant merchant:mer_a': 84_778,
    })
  })

  it('R27 pays an affiliate from the undiscounted price at the rate of each item', () => {
    const amounts = amountsByKind({
      ...base,
      affiliateId: 'aff',
      items: [line('mer_a', 100_000, { total: 94_000, affiliateBps: 1_000 })],
    })
    expect(amounts.affiliate).toBe(10_000)
    expect(amounts['merchant merchant:mer_a']).toBe(74_778)
  })

  it('R297 leaves tax to whoever owes it, and no rate is of it but the provider’s fee', () => {
    const tax = { amount: 17_860, recipient: 'tax:HOUSE:DE', destination: null }
    const amounts = amountsByKind({
      ...base,
      amount: 111_860,
      items: [line('mer_a', 100_000, { total: 111_860, tax })],
    })
    // paid 1118.60 with 178.60 of tax: commission 10.00, fee 33.56, fulfilment 27.80; referrer 3 % of 868.64
    expect(amounts).toEqual({
      platform: 1_000,
      provider_fee: 3_356,
      fulfilment: 2_780,
      tax: 17_860,
      referrer: 2_606,
      'merchant merchant:mer_a': 84_258,
    })
  })

  it('R297 leaves of a line of which less is paid so much less of its tax', () => {
    const tax = { amount: 1_900, recipient: 'tax:HOUSE:DE', destination: null }
    const items = [line('mer_a', 10_000, { total: 11_900, tax }), line('mer_a', 5_000)]
    const amounts = amountsByKind({ ...base, fulfilmentCost: new Map(), amount: 8_450, items })
    expect(amounts.tax).toBe(950)
  })

  it('R28 knows no affiliate or referrer share without an attribution', () => {
    const { referrer: _none, ...input } = base
    const amounts = amountsByKind({
      ...input,
      items: [line('mer_a', 100_000, { total: 94_000, affiliateBps: 1_000 })],
    })
    expect(Object.keys(amounts)).not.toContain('affiliate')
    expect(Object.keys(amounts)).not.toContain('referrer')
  })

  it('takes the commission of the item, else of the seller, else the default, and the fixed part once per seller', () => {
    const items = [line('mer_a', 10_000, { commissionBps: 500 }), line('mer_a', 10_000), line('mer_b', 10_000)]
    const sellers = new Map([
      ['mer_a', { commissionBps: 200, commissionFixed: 30, destination: 'acct_a' }],
      ['mer_b', { commissionBps: null, commissionFixed: null, destination: null }],
    ])
    const amounts = amountsByKind({
      ...base,
      amount: 30_000,
      items,
      sellers,
      fulfilmentCost: new Map(),
      rates: { commissionBps: 100, commissionFixed: 7, providerFee: { bps: 0, fixed: 0 } },
      referrer: undefined,
    })
    expect(amounts.platform).toBe(500 + 200 + 30 + 100 + 7)
  })

  it('refuses a payment whose costs exceed what a merchant is paid', () => {
    const plan = calculateSplits({ ...base, fulfilmentCost: new Map([['mer_a', 95_000]]) })
    expect(plan).toMatchObject({ outcome: 'merchant_share_negative', sellerId: 'mer_a' })
  })

  it('I6 always adds up to the amount paid, with several merchants, rates and costs', () => {
    const item = fc.record({
      sellerId: fc.constantFrom('mer_a', 'mer_b', 'mer_c'),
      unitPrice: fc.nat(1_000_000),
      quantity: fc.integer({ min: 1, max: 20 }),
      commissionBps: fc.option(fc.nat(3_000)),
      affiliateBps: fc.option(fc.nat(3_000)),
      taxPercent: fc.option(fc.nat(30)),
    })
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 12 }),
        fc.nat(20_000),
        fc.nat(2_000),
        fc.record({ bps: fc.nat(1_000), fixed: fc.nat(100) }),
        fc.nat(500),
        fc.boolean(),
        (wishes, shipping, cost, providerFee, discountBps, attributed) => {
          const items = wishes.map(({ sellerId, unitPrice, taxPercent, ...more }) => {
            const { total, ...item } = line(sellerId, unitPrice, more)
            const tax = Math.floor((total * (taxPercent ?? 0)) / 100)
            return { ...item, total: total + tax, tax: { amount: tax, recipient: 'tax:HOUSE:DE', destination: null } }
          })
          const gross = items.reduce((sum, item) => sum + item.total, 0)
          const amount = gross + shipping - Math.floor((gross * discountBps) / 10_000)
          const first = items[0]?.sellerId ?? 'mer_a'
          const plan = calculateSplits({
            amount,
            items,
            shipping: new Map([[first, shipping]]),
            fulfilmentCost: new Map([[first, cost]]),
            sellers: new Map(),
            rates: { commissionBps: 100, commissionFixed: 5, providerFee },
            affiliateId: attributed ? 'aff' : undefined,
            referrer: attributed ? { id: 'ref', bps: 300 } : undefined,
          })
          if (plan.outcome === 'merchant_share_negative') return
          expect(plan.splits.reduce((sum, split) => sum + split.amount, 0)).toBe(amount)
          expect(plan.splits.every((split) => split.amount >= 0 && Number.isSafeInteger(split.amount))).toBe(true)
          for (const split of plan.splits)
            expect(Object.values(split.lines).reduce((sum, part) => sum + part, 0)).toBe(split.amount)
        },
      ),
      { numRuns: 500 },
    )
  })
})
