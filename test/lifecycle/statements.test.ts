import { beforeAll, describe, expect, it } from 'vitest'
import { applyPaymentEvent } from '../../src/confirmation/apply-payment-event.ts'
import { distributeRevenue } from '../../src/confirmation/distribute-revenue.ts'
import { deliverDigital } from '../../src/goods/deliver-digital.ts'
import { inTransaction } from '../../src/tasks/transaction.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'
import { intentObject, sendStripe, stripeEvent } from '../stripe-events.ts'

// Removes the risk that a hot path quietly grows a statement per row or a second transaction.
describe('statements per step', () => {
  const { system, shop } = runningShop(storefront, { workers: false })

  beforeAll(async () => {
    for (let index = 0; index < 40; index += 1) {
      await shop.must('POST', '/v2/skus', {
        id: `many-${index}`,
        name: `Track ${index}`,
        kind: 'digital',
        price: 1,
        currency: 'USD',
        delivery: { contentType: 'text', content: 'la' },
      })
    }
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
  })

  const measure = async <T>(work: () => Promise<T>) => {
    const { counters } = system.database
    const before = { ...counters }
    const value = await work()
    return {
      value,
      cost: { statements: counters.statements - before.statements, commits: counters.commits - before.commits },
    }
  }

  it.each([1, 40])('costs the same for an order of %i lines', async (lines) => {
    const { parts } = system
    const cart = await shop.cart(Array.from({ length: lines }, (_, index) => ({ skuId: `many-${index}` })))
    const made = await measure(() => shop.must('POST', '/v2/orders', { cartId: cart.id }))
    expect(made.cost).toEqual({ statements: 4, commits: 1 })
    const order = made.value

    const intent = await measure(() =>
      shop.must('POST', `/v2/orders/${order.id}/payment-intent`, { paymentMethod: 'STRIPE' }),
    )
    expect(intent.cost).toEqual({ statements: 4, commits: 2 })

    await shop.confirm(intent.value.clientSecret)
    const body = stripeEvent('payment_intent.succeeded', await intentObject(shop, intent.value.clientSecret))
    const received = await measure(() => sendStripe(system, body))
    expect(received.cost).toEqual({ statements: 1, commits: 1 })

    const task = async (job: string) => {
      const [row] = await system.database.sql<{ id: string; payload: { inboxEventId: string; sellerId: string } }>(
        `select id, payload from tasks where job = $1 and state <> 'done' order by id desc limit 1`,
        [job],
      )
      if (!row) throw new Error(`no task ${job}`)
      return row
    }
    const step = async (
      job: string,
      work: (task: { id: string; payload: { inboxEventId: string; sellerId: string } }) => Promise<unknown>,
    ) => {
      const due = await task(job)
      return (await measure(() => work(due))).cost
    }
    expect(
      await step('apply-payment-event', ({ id, payload }) =>
        inTransaction(parts, async (tx) => {
          await applyPaymentEvent(tx, parts, payload.inboxEventId)
          tx.finish(id)
        }),
      ),
    ).toEqual({ statements: 5, commits: 1 })
    expect(
      await step('deliver-digital', ({ id, payload }) =>
        inTransaction(parts, (tx) => deliverDigital(tx, { orderId: order.id, sellerId: payload.sellerId, taskId: id })),
      ),
    ).toEqual({ statements: 3, commits: 1 })
    expect(
      await step('distribute-revenue', ({ id }) => distributeRevenue(parts, { orderId: order.id, taskId: id })),
    ).toEqual({ statements: 6, commits: 3 })
    expect((await shop.read(order.id)).status).toBe('CONFIRMED')
  })

  it('lists any number of orders with one statement', async () => {
    const listed = await measure(() => shop.must('GET', '/v2/orders?limit=100'))
    expect(listed.value.data.length).toBeGreaterThanOrEqual(2)
    expect(listed.cost).toEqual({ statements: 1, commits: 1 })
  })
})
