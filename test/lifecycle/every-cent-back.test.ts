import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { retryTask } from '../../src/tasks/tasks.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { intentObject, sendStripe, stripeEvent } from '../stripe-events.ts'

// Removes the risk that money of a buyer is caught in an order that can neither be finished nor given back.
describe('R290 every captured cent has a way back', () => {
  const { system, shop } = runningShop(merchantOrders)

  beforeAll(async () => {
    const second = await shop.must('POST', '/v2/merchants', { name: 'Second seller', stripeAccountId: 'acct_second' })
    await shop.must('POST', '/v2/skus', {
      id: 'font',
      merchantId: second.id,
      name: 'Font',
      kind: 'digital',
      price: 12.5,
      currency: 'USD',
      delivery: { contentType: 'text', content: 'glyphs' },
    })
  })
  afterEach(() => shop.sandbox('DELETE', '/sandbox/faults'))

  // Whatever left already: the money goes back all the same.
  const refund = (orderId: string, body: Json = {}) =>
    shop.must('POST', '/v2/refunds', { orderId, force: true, ...body })
  const ordered = (skus: string[]) =>
    shop.order(
      skus.map((skuId) => ({ skuId })),
      { email: `${crypto.randomUUID()}@example.com` },
    )
  const refuse = (provider: string, operation: string) =>
    shop.sandbox('POST', '/sandbox/faults', { provider, operation, kind: 'status', status: 400, times: 1 })
  const inAttention = (orderId: string) => shop.until(orderId, ({ attention }) => attention !== undefined, 'attention')

  /** Waits until nothing is left to be done but what waits for a person. */
  const still = async (orderId: string) => {
    await eventually(async () => {
      const [row] = await system.database.sql<{ open: number }>(
        `select count(*) as open from tasks where order_id = $1 and state in ('pending', 'enqueued')`,
        [orderId],
      )
      return row?.open === 0 ? true : undefined
    }, `the tasks of ${orderId} to end`)
    return shop.read(orderId)
  }

  /** Nothing of an order's money is left with anybody. */
  const isGivenBack = async (order: Answer['body']) => {
    const after = await still(order.id)
    expect(after).toMatchObject({ refundedAmount: order.totalAmount, availableToRefundAmount: 0 })
    const { charges, balanced } = await shop.audit(order.id)
    expect(balanced).toBe(true)
    for (const { captured, refunded, executed, reversed, balance } of charges)
      expect([refunded, executed - reversed, balance]).toEqual([captured, 0, 0])
    const { refunds, transfers, reversals } = await shop.stripe(order.id)
    const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
    expect(sum(refunds)).toBe(Math.round(order.totalAmount * 100))
    expect(sum(transfers)).toBe(sum(reversals))
    return after
  }

  const printJobRefused = async () => {
    const order = await ordered(['sku-digital', 'sku-pod'])
    await refuse('printful', 'orders.create')
    await shop.pay(order.id)
    await inAttention(order.id)
    await still(order.id)
    return order
  }

  it('of a mixed order whose print job was refused: all of it, and the download is taken away', async () => {
    const order = await printJobRefused()
    await refund(order.id)
    await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
    const after = await isGivenBack(order)
    expect(after.attention).toBeUndefined()
    expect(after.items.map(({ state }: { state: string }) => state).toSorted()).toEqual(['cancelled', 'returned'])
    expect(after.items.some(({ delivery }: { delivery?: unknown }) => delivery)).toBe(false)
  })

  it('of an accepted order: first the shirt that is not printed, then the rest', async () => {
    const order = await printJobRefused()
    const shirt = order.items.find(({ skuId }: { skuId: string }) => skuId === 'sku-pod')
    expect(await refund(order.id, { items: [{ itemId: shirt.id }] })).toMatchObject({ amount: 45 })
    expect(await still(order.id)).toMatchObject({ state: 'accepted', refundedAmount: 45 })
    await refund(order.id)
    await isGivenBack(order)
  })

  it('of a part of an accepted order that is shared out later: its recipients give that part back', async () => {
    const order = await ordered(['sku-digital', 'font'])
    await refuse('stripe', 'transfers.create')
    await shop.pay(order.id)
    const waiting = await inAttention(order.id)
    await still(order.id)
    const font = order.items.find(({ skuId }: { skuId: string }) => skuId === 'font')
    await refund(order.id, { items: [{ itemId: font.id }] })
    await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 12.5, 'the refund')
    await still(order.id)
    await retryTask(system.parts, waiting.attention.taskId)
    await shop.confirmed(order.id)
    await shop.settled(order.id)
    const { charges, balanced } = await shop.audit(order.id)
    expect([charges[0]?.executed, charges[0]?.reversed, charges[0]?.balance, balanced]).toEqual([3_250, 1_250, 0, true])
    const { transfers } = (await shop.books(order.id)).stripe
    const left = transfers.map((transfer: { destination: string; amount: number; amount_reversed: number }) => [
      transfer.destination,
      transfer.amount - transfer.amount_reversed,
    ])
    // 20.00 less 1 % and 3 % stay with the house; of the font's 12.50 nothing.
    expect(Object.fromEntries(left)).toEqual({ acct_millstore: 1_920, acct_second: 0 })
  })

  it('of an order whose shares went out in part only', async () => {
    const order = await ordered(['sku-digital', 'font'])
    await refuse('stripe', 'transfers.create')
    await shop.pay(order.id)
    await inAttention(order.id)
    await still(order.id)
    expect((await shop.stripe(order.id)).transfers).toHaveLength(1)
    await refund(order.id)
    await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
    await isGivenBack(order)
  })

  it.each([
    ['with a part handed over', ['sku-digital', 'sku-physical'], 'returned'],
    ['with nothing handed over', ['sku-physical'], 'cancelled'],
  ])('of a confirmed order %s', async (_what, skus, state) => {
    const order = await ordered(skus)
    await shop.pay(order.id)
    expect((await shop.confirmed(order.id)).state).toBe('confirmed')
    await shop.settled(order.id)
    expect((await refund(order.id)).amount).toBe(order.totalAmount)
    await shop.until(order.id, (seen) => seen.state === state, `state ${state}`)
    await isGivenBack(order)
  })

  it('of a payment that came too late, after its own way back was refused', async () => {
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
    const order = await ordered(['sku-digital'])
    const { clientSecret } = await shop.pay(order.id)
    await system.database.sql(`update orders set state = 'cancelled' where id = $1`, [order.id])
    await refuse('stripe', 'refunds.create')
    await sendStripe(system, stripeEvent('payment_intent.succeeded', await intentObject(shop, clientSecret)))
    await inAttention(order.id)
    expect(await still(order.id)).toMatchObject({ state: 'cancelled', refundedAmount: 0, availableToRefundAmount: 20 })
    await refund(order.id)
    await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 20, 'the refund')
    await isGivenBack(order)
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
  })

  it('of a payment that waits for a review, which ends the order', async () => {
    const order = await ordered(['sku-digital'])
    await shop.pay(order.id, 'pm_card_riskLevelElevated')
    await shop.until(order.id, ({ state }) => state === 'in_review', 'state in_review')
    await still(order.id)
    await refund(order.id)
    await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    await isGivenBack(order)
  })
})
