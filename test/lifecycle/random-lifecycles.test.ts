import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storefront } from '../storefront.ts'
import { startSystem } from '../system.ts'
import { liveAnOrder } from './lifecycle-actor.ts'
import { lifecycleBooks } from './lifecycle-books.ts'

const atOnce = 8
const seed = 20_261_121

/** A system with a shop, its books, and orders that live in it. */
async function startLives() {
  const system = await startSystem()
  const shop = storefront(system)
  const made: string[] = []
  const settleWith = async (stripeAccountId: string | null) => {
    const [merchant] = (await shop.must('GET', '/v2/merchants')).data
    await shop.must('POST', `/v2/merchants/${merchant.id}`, {
      name: 'Mill Store',
      ...(stripeAccountId === null ? {} : { stripeAccountId }),
    })
  }
  await settleWith('acct_millstore')
  await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 1_000_000_000 })
  return {
    system,
    shop,
    made,
    settleWith,
    books: lifecycleBooks(system, shop),
    webhooks: (mode: 'shuffle' | 'normal') =>
      shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode, delayMs: 40, copies: 2, seed }),
    async live(from: number, count: number) {
      let next = from
      const worker = async () => {
        while (next < from + count) {
          const life = next
          next += 1
          const id = await liveAnOrder(shop, life).catch((error: Error) => {
            throw new Error(`life ${life}: ${error.message}`, { cause: error })
          })
          if (id) made.push(id)
        }
      }
      await Promise.all(Array.from({ length: atOnce }, worker))
    },
  }
}

type Lives = Awaited<ReturnType<typeof startLives>>

// Removes the risk that some order of events, partial captures, cancellations and refunds leaves us with other books than the provider.
describe('240 random lives of orders', () => {
  const lives = 240
  let on: Lives

  beforeAll(async () => {
    on = await startLives()
  })
  afterAll(() => on?.system.close())

  it('end in a state that the books of the provider agree with, whatever order events come in', async () => {
    await on.webhooks('shuffle')
    await on.live(seed, lives / 2)
    // Without a connected account nothing is transferred, and Stripe lets a card be captured in several parts.
    await on.settleWith(null)
    await on.live(seed + lives / 2, lives / 2)
    await on.webhooks('normal')
    await on.books.quiet()
    // Vouchers and bank transfers are given back when their buyers have named an account; a tenth of the banks sends it back.
    const { refunds } = await on.books.theirs()
    const waiting = refunds.filter(({ status }) => status === 'requires_action' || status === 'pending')
    for (const [index, { id }] of waiting.entries())
      await on.shop.sandbox('POST', `/sandbox/stripe/refunds/${id}/${index % 10 === 9 ? 'fail' : 'finish'}`)
    await on.books.quiet()
    expect(on.made.length).toBeGreaterThan(lives * 0.6)
    expect(await on.books.failedTasks(), 'failed tasks').toEqual([])
  }, 300_000)

  it('I6 I9 agree with the sandbox to the minor unit: captured, cancelled, given back, paid out', async () => {
    expect(await on.books.complaints()).toEqual([])
  })

  it('B1 agree with the provider’s own books line by line', async () => {
    expect(await on.books.disagreements()).toEqual([])
  })

  it('leave no order between its states', async () => {
    expect(await on.books.stuckOrders()).toEqual([])
  })
})

// Removes the risk that money moves twice or an order hangs when the provider, the workers and Redis fail in the middle of it.
describe('60 random lives among failures', () => {
  const lives = 60
  let on: Lives

  beforeAll(async () => {
    on = await startLives()
  })
  afterAll(() => on?.system.close())

  const fail = (kind: string, rate: number, more: object = {}) =>
    on.shop.sandbox('POST', '/sandbox/faults', { provider: 'stripe', operation: '*', kind, rate, seed, ...more })

  it('I1 I3 come to rest without a double payment, capture, refund or transfer', async () => {
    await on.webhooks('shuffle')
    await fail('drop_after', 0.06)
    await fail('drop_before', 0.04)
    await fail('status', 0.04, { after: true })
    await fail('status', 0.03)
    const living = on.live(seed + 10_000, lives)
    for (let round = 0; round < 3; round += 1) {
      await on.system.stopWorkers()
      await on.system.redis.flushAll()
      await on.system.startWorkers()
    }
    await living
    await on.shop.sandbox('DELETE', '/sandbox/faults')
    await on.webhooks('normal')
    await on.books.quiet(120_000)
    const { refunds } = await on.books.theirs()
    for (const { id, status } of refunds)
      if (status === 'requires_action' || status === 'pending')
        await on.shop.sandbox('POST', `/sandbox/stripe/refunds/${id}/finish`)
    await on.books.quiet(120_000)
    expect(on.made.length).toBeGreaterThan(lives * 0.4)
    expect(await on.books.failedTasks(), 'failed tasks').toEqual([])
    expect(await on.books.complaints()).toEqual([])
    expect(await on.books.disagreements()).toEqual([])
    expect(await on.books.stuckOrders()).toEqual([])
  }, 300_000)
})
