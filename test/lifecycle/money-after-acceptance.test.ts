import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

// Prices that split badly, in amounts that Stripe charges: whole yen, cents, and tens of fils.
const currencies = {
  JPY: { digits: 0, prices: [101, 1_003, 77] },
  USD: { digits: 2, prices: [10.01, 3.33, 0.07] },
  KWD: { digits: 3, prices: [1.01, 3.33, 0.07] },
} as const

const stories = fc.record({
  quantities: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 3 }),
  decisions: fc.array(fc.record({ line: fc.nat(2), pieces: fc.nat(3), cancel: fc.nat(3) }), { maxLength: 4 }),
  percents: fc.array(fc.integer({ min: 100, max: 6_000 }), { maxLength: 2 }),
  shipping: fc.nat(9),
})

// Removes the risk that money disappears or appears between the first piece that is fulfilled and the last refund.
describe('the money of orders that take a random course', () => {
  const { system, shop } = runningShop(merchantOrders)

  const cases = (['JPY', 'USD', 'KWD'] as const).flatMap((currency) =>
    (['acct_millstore', null] as const).map((account) => ({ currency, account })),
  )

  it.each(cases)('I6 I9 adds up in $currency, with shares paid out to $account', async ({ currency, account }) => {
    await system.database.sql('update merchants set stripe_account_id = $1', [account])
    const { prices, digits } = currencies[currency]
    for (const story of fc.sample(stories, { numRuns: 4, seed: 20_261_121 })) {
      const order = await shop.submit(
        story.quantities.map((quantity, index) => ({
          productDetails: { name: `Mug ${index}`, physical: true },
          quantity,
          price: prices[index] ?? 1,
        })),
        { currency, shippingChoice: { amount: story.shipping, description: 'Parcel', serviceLevel: 'SG' } },
      )
      const open = order.items.map((item: { id: string; quantity: number }) => ({ id: item.id, left: item.quantity }))
      const decide = async (line: { id: string; left: number }, quantity: number, cancelQuantity: number) => {
        const answer = await shop.fulfil(order.id, [{ itemId: line.id, quantity, cancelQuantity }])
        expect(answer.status, JSON.stringify(answer.body)).toBe(201)
        line.left -= quantity + cancelQuantity
      }
      for (const { line, pieces, cancel } of story.decisions) {
        const chosen = open[line % open.length]
        if (!chosen || chosen.left === 0) continue
        const count = 1 + (pieces % chosen.left)
        await decide(chosen, count - (cancel % (count + 1)), cancel % (count + 1))
        await shop.settled(order.id)
      }
      for (const line of open) if (line.left > 0) await decide(line, line.left, 0)
      const settled = await shop.settled(order.id)
      expect(['complete', 'cancelled']).toContain(settled.state)
      expect(settled.attention).toBeUndefined()
      for (const percent of settled.state === 'complete' ? story.percents : []) {
        await shop.call('POST', '/v2/refunds', { orderId: order.id, currency, percent: percent / 100 })
      }
      const end = await shop.settled(order.id)

      const { charges, balanced } = await shop.audit(order.id)
      expect(balanced).toBe(true)
      for (const charge of charges) {
        expect(charge.captured + charge.cancelled).toBe(charge.amount)
        expect([charge.taken, charge.given]).toEqual([charge.captured, charge.cancelled])
        expect([charge.executed, charge.released]).toEqual([charge.captured, charge.cancelled])
        expect([charge.reversed, charge.balance]).toEqual([charge.refunded, 0])
      }
      const books = await shop.stripe(order.id)
      const minor = (major: number) => Math.round(major * 10 ** digits)
      expect(sum(books.captures)).toBe(minor(end.capturedAmount))
      expect(sum(books.refunds)).toBe(minor(end.refundedAmount))
      expect(minor(end.capturedAmount) + minor(end.cancelledAmount)).toBe(minor(end.totalAmount))
    }
  })
})
