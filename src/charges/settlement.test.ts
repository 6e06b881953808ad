import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decision, decidePieces, type Line, openAmount, openPieces } from '../fulfillment/decide-pieces.ts'
import { noPrice, partOf } from '../orders/line-price.ts'
import { allocate } from '../platform/money.ts'
import { availableOf, type RefundableLine, shareRefund } from '../refunds/refund-amounts.ts'
import { allocateCaptures } from '../splits/allocate-captures.ts'
import { planSettlement } from './plan-settlement.ts'

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const no = { shipping: 0, fees: 0, duty: 0, tax: 0 }

// What a line costs in whole units of JPY, cents of USD and fils of KWD: small amounts in many pieces round the hardest.
const currencies = fc.constantFrom(
  { currency: 'JPY', most: 30_000 },
  { currency: 'USD', most: 2_000_000 },
  { currency: 'KWD', most: 40_000_000 },
)
const carts = currencies.chain(({ most }) =>
  fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 40 }), total: fc.nat(most) }), {
    minLength: 1,
    maxLength: 6,
  }),
)
const toLines = (cart: readonly { quantity: number; total: number }[]): Line[] =>
  cart.map((line, index) => ({ ...line, id: `item_${index}`, skuId: null, fulfilledQuantity: 0, cancelledQuantity: 0 }))

/** Decides about some or all open pieces, as the choices say; undefined when nothing is open. */
function nextDecision(lines: readonly Line[], choices: { line: number; pieces: number; cancel: number }) {
  const open = lines.filter((line) => openPieces(line) > 0)
  const line = open[choices.line % Math.max(1, open.length)]
  if (!line) return undefined
  const pieces = 1 + (choices.pieces % openPieces(line))
  const cancelQuantity = choices.cancel % (pieces + 1)
  return { itemId: line.id, quantity: pieces - cancelQuantity, cancelQuantity } satisfies Decision
}
const choice = fc.record({ line: fc.nat(5), pieces: fc.nat(40), cancel: fc.nat(40) })

// Removes the risk that rounding captures more than was authorized, keeps money that belongs to nobody, or pays a share twice.
describe('the money of an order that its merchant fulfils', () => {
  it('I9 R85 R86 captures and cancels exactly what was authorized, whatever is fulfilled and given up in whatever order', () => {
    fc.assert(
      fc.property(carts, fc.array(choice, { maxLength: 60 }), fc.boolean(), (cart, choices, multicapture) => {
        const lines = toLines(cart)
        const authorized = sum(lines.map((line) => line.total))
        const held = { captured: 0, cancelled: 0, toCapture: 0, released: false, calls: 0 }
        const settle = () => {
          const open = lines.some((line) => openPieces(line) > 0)
          const step = planSettlement({ multicapture, ...held, open, lapsing: false, renewable: false })
          if (step.action === 'none') return
          held.calls += 1
          if (step.action === 'capture') {
            held.captured += step.amount
            held.toCapture = 0
          }
          const last = step.action === 'cancel' || step.final !== false
          expect(held.released).toBe(false)
          held.released = last
          if (last) held.cancelled = authorized - held.captured
        }
        const entries: number[] = []
        const decide = (decision: Decision) => {
          for (const decided of decidePieces(lines, [decision])) {
            held.toCapture += decided.captureAmount
            entries.push(decided.captureAmount, decided.cancelAmount)
          }
          settle()
          expect(sum(entries) + sum(lines.map(openAmount))).toBe(authorized)
        }
        for (const entry of choices) {
          const decision = nextDecision(lines, entry)
          if (decision) decide(decision)
        }
        for (const line of lines) if (openPieces(line) > 0) decide({ itemId: line.id, quantity: openPieces(line) })
        expect(entries.every((amount) => amount >= 0)).toBe(true)
        expect(held.captured + held.cancelled).toBe(authorized)
        expect(held.released).toBe(true)
        if (!multicapture) expect(held.calls).toBe(1)
      }),
      { numRuns: 400 },
    )
  })

  it('captures once before a hold lapses, and leaves what is open to a new one', () => {
    const hold = { captured: 0, open: true, renewable: true, multicapture: false }
    expect(planSettlement({ ...hold, toCapture: 300, lapsing: false })).toEqual({ action: 'none' })
    expect(planSettlement({ ...hold, toCapture: 300, lapsing: true })).toEqual({ action: 'capture', amount: 300 })
    expect(planSettlement({ ...hold, toCapture: 0, lapsing: true })).toEqual({ action: 'none' })
    expect(planSettlement({ ...hold, multicapture: true, captured: 300, toCapture: 0, lapsing: true })).toEqual({
      action: 'capture',
      amount: 0,
      final: true,
    })
  })

  it('I6 gives every capture out whole and no split more than it was planned', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(1_000_000), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(1_000), fc.nat(3)), { maxLength: 8 }),
        (planned, weights) => {
          const splits = planned.map((lines, index) => ({
            kind: index === 0 ? 'tax' : 'merchant',
            amount: sum(lines),
            lines: { a: lines[0] ?? 0, b: lines[1] ?? 0, c: lines[2] ?? 0 },
          }))
          const total = sum(splits.map(({ amount }) => amount))
          const amounts = allocate(total, [...weights.map(([weight]) => weight), 1]).slice(0, -1)
          const captures = amounts.map((amount, nth) => {
            const line = ['a', 'b', 'c'][weights[nth]?.[1] ?? 3]
            return { amount, lines: line ? { [line]: amount } : null }
          })
          const shares = allocateCaptures(splits, captures).map((row) => row.map(({ share }) => share))
          for (const [nth, { amount }] of captures.entries()) expect(sum(shares[nth] ?? [])).toBe(amount)
          for (const [index, split] of splits.entries()) {
            const received = shares.map((row) => row[index] ?? 0)
            expect(received.every((share) => share >= 0)).toBe(true)
            expect(sum(received)).toBeLessThanOrEqual(split.amount)
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  it('the tax that captures of a line give out is the tax of what was captured of it, in however many steps', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 100_000 }),
        fc.array(fc.nat(1_000), { minLength: 1 }),
        (tax, net, weights) => {
          const lines = [
            { kind: 'tax', amount: tax, lines: { a: tax } },
            { kind: 'merchant', amount: net, lines: { a: net } },
          ]
          const amounts = allocate(tax + net, [...weights, 1]).slice(0, -1)
          const shares = allocateCaptures(
            lines,
            amounts.map((amount) => ({ amount, lines: { a: amount } })),
          )
          const price = { ...noPrice, goods: net, goodsTax: tax }
          expect(sum(shares.map(([ofTax]) => ofTax?.share ?? 0))).toBe(partOf(price, sum(amounts)).goodsTax)
        },
      ),
    )
  })

  it('I6 never gives more back than was captured of a line, and all of it in the end', () => {
    const request = fc.oneof(
      fc.record({ amount: fc.integer({ min: 1, max: 2_000_000 }) }),
      fc.record({ percent: fc.integer({ min: 1, max: 10_000 }).map((bps) => bps / 100) }),
      fc.record({ line: fc.nat(5), quantity: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ line: fc.nat(5), percent: fc.integer({ min: 1, max: 10_000 }).map((bps) => bps / 100) }),
    )
    fc.assert(
      fc.property(carts, fc.array(request, { maxLength: 12 }), (cart, requests) => {
        const lines = cart.map(
          ({ quantity, total }, index): RefundableLine => ({
            itemId: `item_${index}`,
            skuId: null,
            sellerId: 'mer_a',
            pieces: quantity,
            captured: total,
            refunded: 0,
            credit: 0,
            components: no,
            openOf: no,
          }),
        )
        const give = (wish: Parameters<typeof shareRefund>[1]) => {
          let shares: ReturnType<typeof shareRefund>['items']
          try {
            shares = shareRefund({ lines, shipping: [] }, wish).items
          } catch {
            return
          }
          for (const share of shares) {
            const line = lines.find((entry) => entry.itemId === share.itemId)
            if (!line || share.amount < 1) throw new Error('a share of nothing')
            line.refunded += share.amount
          }
        }
        for (const wish of requests) {
          if ('line' in wish) {
            const { line, ...rest } = wish
            give({ items: [{ itemId: `item_${line % lines.length}`, ...rest }] })
          } else give(wish)
          expect(lines.every((line) => line.refunded <= line.captured)).toBe(true)
        }
        give({})
        expect(lines.every((line) => availableOf(line) === 0)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  describe('what may be given back', () => {
    const line = (over: Partial<RefundableLine> = {}): RefundableLine => ({
      itemId: 'item_1',
      skuId: 'sku_1',
      sellerId: 'mer_a',
      pieces: 3,
      captured: 1_000,
      refunded: 0,
      credit: 0,
      components: { ...no, tax: 100, shipping: 50 },
      openOf: { ...no, tax: 100, shipping: 50 },
      ...over,
    })
    const refusal = (lines: RefundableLine[], request: Parameters<typeof shareRefund>[1]) => {
      try {
        shareRefund({ lines, shipping: [] }, request)
      } catch (error) {
        return error as { code: string; parameter?: string; status: number }
      }
      throw new Error('it was not refused')
    }

    it('returns three pieces for exactly what they cost', () => {
      const lines = [line()]
      const amounts = [1, 2, 3].map(() => {
        const { items } = shareRefund({ lines, shipping: [] }, { items: [{ itemId: 'item_1', quantity: 1 }] })
        const [share] = items
        if (lines[0]) lines[0].refunded += share?.amount ?? 0
        return share?.amount
      })
      expect(amounts).toEqual([334, 334, 332])
    })

    it.each([
      ['an amount above what is left', { amount: 1_001 }, 'amountRequested'],
      ['an item above what is left', { items: [{ itemId: 'item_1', amount: 1_001 }] }, 'amountRequested'],
      ['more pieces than were captured', { items: [{ itemId: 'item_1', quantity: 4 }] }, 'amountRequested'],
      ['more shipping than was paid', { type: 'shipping' as const, amount: 51 }, 'amountRequested'],
      ['a part of the tax', { type: 'tax' as const, percent: 50 }, 'percentRequested'],
      ['an amount of tax', { type: 'tax' as const, amount: 99 }, 'percentRequested'],
      ['importer tax that nobody paid', { type: 'importer_tax' as const }, 'amountRequested'],
    ])('refuses %s', (_what, request, parameter) => {
      expect(refusal([line()], request)).toMatchObject({ code: 'invalid_parameter', parameter, status: 400 })
    })

    it('gives the whole tax back, once', () => {
      const order = { lines: [line()], shipping: [] }
      expect(shareRefund(order, { type: 'tax', percent: 100 }).items).toMatchObject([{ amount: 100 }])
      const again = [line({ refunded: 100, openOf: { ...no, shipping: 50 } })]
      expect(refusal(again, { type: 'tax' })).toMatchObject({ parameter: 'amountRequested' })
    })

    it('gives no more of the tax back than what earlier refunds of anything left of it', () => {
      const order = { lines: [line({ refunded: 400, openOf: { ...no, tax: 60, shipping: 30 } })], shipping: [] }
      expect(shareRefund(order, { type: 'tax' }).items).toMatchObject([{ amount: 60 }])
      expect(shareRefund(order, { type: 'shipping' }).items).toMatchObject([{ amount: 30 }])
    })

    it.each([
      ['by percent', [{ itemId: 'item_1', type: 'shipping' as const, percent: 100 }]],
      ['by pieces', [{ itemId: 'item_1', type: 'shipping' as const, quantity: 3, percent: 100 }]],
      ['whole', [{ itemId: 'item_1', type: 'shipping' as const }]],
    ])('gives shipping %s once only, in one refund as in two', (_how, items) => {
      const lines = [line({ captured: 10_000 })]
      const { items: given } = shareRefund({ lines, shipping: [] }, { items })
      expect(given).toMatchObject([{ type: 'shipping', amount: 50 }])
      expect(refusal(lines, { items: [...items, ...items] })).toMatchObject({ parameter: 'amountRequested' })
      const after = [line({ captured: 10_000, refunded: 50, openOf: { ...no, tax: 100 } })]
      expect(refusal(after, { items })).toMatchObject({ parameter: 'amountRequested' })
    })

    it('has nothing to give back of an order that was not captured', () => {
      expect(refusal([line({ captured: 0 })], {})).toMatchObject({ code: 'order_not_refundable', status: 409 })
    })
  })

  describe('R82 R83 R84 deciding about pieces', () => {
    const [line] = toLines([{ quantity: 3, total: 1_000 }])
    const decide = (decision: Partial<Decision>) =>
      decidePieces(line ? [{ ...line }] : [], [{ itemId: 'item_0', ...decision }])

    it('takes a fulfilled quantity, a cancelled one, or both', () => {
      expect(decide({ quantity: 1 })).toMatchObject([{ captureAmount: 333, cancelAmount: 0 }])
      expect(decide({ cancelQuantity: 1 })).toMatchObject([{ captureAmount: 0, cancelAmount: 333 }])
      expect(decide({ quantity: 2, cancelQuantity: 1 })).toMatchObject([{ captureAmount: 667, cancelAmount: 333 }])
    })

    it.each([[{}], [{ quantity: 0 }], [{ quantity: 4 }], [{ quantity: 2, cancelQuantity: 2 }]])(
      'refuses %o with invalid_quantity',
      (decision) => {
        expect(() => decide(decision)).toThrow(expect.objectContaining({ code: 'invalid_quantity' }))
      },
    )
  })
})
