import { beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'

const berlin = {
  name: 'Erika Muster',
  address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
}

type Transaction = { id: string; reference: string; type: string; amount: number }

// Removes the risk that the tax returns say anything else than what was sold, taken and given back.
describe('R297 what Stripe Tax keeps of a sale', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { TAX_CALCULATOR: 'stripe' } })

  beforeAll(() =>
    shop.must('POST', '/v2/skus', {
      id: 'song',
      name: 'Song',
      kind: 'digital',
      price: 100,
      currency: 'USD',
      delivery: { contentType: 'text', content: 'la la la' },
    }),
  )

  const ordered = async (quantity = 1): Promise<Answer['body']> => {
    const checkout = await shop.must('POST', '/v2/checkouts', {
      currency: 'USD',
      email: `${crypto.randomUUID()}@example.com`,
      items: [{ skuId: 'song', quantity }],
      billTo: berlin,
    })
    const { id } = await shop.must('POST', '/v2/orders', { checkoutId: checkout.id })
    const { clientSecret } = await shop.must('POST', `/v2/orders/${id}/payment-intent`, { paymentMethod: 'STRIPE' })
    await shop.confirm(clientSecret)
    return shop.until(id, ({ state }) => state === 'accepted', 'the payment')
  }
  const fulfil = (order: Answer['body'], piece: Json) =>
    shop.fulfil(order.id, [{ itemId: order.items[0].id, ...piece }])
  /** Every transaction that is about an order, and the sum of what they record with their tax. */
  const records = async (orderId: string, refunds: readonly string[] = []) => {
    const { stripe } = await shop.sandbox('GET', '/sandbox/books')
    const mine = (stripe.taxTransactions as { id: string; reference: string }[]).filter(({ reference }) =>
      [orderId, `${orderId}-not-taken`, ...refunds].includes(reference),
    )
    const whole = await Promise.all(mine.map(({ id }) => transaction(id)))
    return { count: mine.length, sum: whole.reduce((sum, { amount }) => sum + amount, 0) }
  }
  const transaction = async (id: string): Promise<Transaction> => {
    const response = await fetch(`${system.sandbox.url}/v1/tax/transactions/${id}?expand[]=line_items`, {
      headers: { authorization: 'Bearer sk_test_sandbox' },
    })
    const { line_items, ...found } = (await response.json()) as Answer['body']
    const amount = line_items.data.reduce(
      (sum: number, line: { amount: number; amount_tax: number }) => sum + line.amount + line.amount_tax,
      0,
    )
    return { ...found, amount }
  }
  const untilRecorded = (orderId: string, sum: number, refunds: readonly string[] = []) =>
    eventually(
      async () => ((await records(orderId, refunds)).sum === sum ? true : undefined),
      async () => `${sum} to be recorded; there is ${JSON.stringify(await records(orderId, refunds))}`,
    )

  it('is the whole sale once it is complete, once', async () => {
    const order = await ordered()
    expect((await records(order.id)).count).toBe(0)
    await fulfil(order, { quantity: 1 })
    await untilRecorded(order.id, 11_900)
    await system.database.sql(
      `update tasks set state = 'pending', run_at = now() where dedupe_key = $1 and state = 'done'`,
      [`${order.id}-tax-1`],
    )
    await shop.settled(order.id)
    expect(await records(order.id)).toEqual({ count: 1, sum: 11_900 })
  })

  it('is less by what went back afterwards, in part and whole, and once when the answer was lost', async () => {
    const order = await ordered()
    await fulfil(order, { quantity: 1 })
    await untilRecorded(order.id, 11_900)
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'tax_transactions.create_reversal',
      kind: 'drop_after',
    })
    const part = await shop.must('POST', '/v2/refunds', { orderId: order.id, percent: 50 })
    await untilRecorded(order.id, 5_950, [part.id])
    const rest = await shop.must('POST', '/v2/refunds', { orderId: order.id })
    await untilRecorded(order.id, 0, [part.id, rest.id])
    await shop.settled(order.id)
  })

  it('is without what was cancelled before it was complete', async () => {
    const order = await ordered(2)
    await fulfil(order, { cancelQuantity: 1 })
    await fulfil(order, { quantity: 1 })
    await shop.until(order.id, ({ state }) => state === 'complete', 'the order to be complete')
    await shop.settled(order.id)
    const { data } = await shop.must('GET', `/v2/refunds?orderId=${order.id}`)
    await untilRecorded(
      order.id,
      11_900,
      data.map(({ id }: { id: string }) => id),
    )
  })
})
