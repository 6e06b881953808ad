import { beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import type { KeyScope } from '../../src/merchants/key-scopes.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, storefront } from '../storefront.ts'
import { publishableKey } from '../system.ts'

// Removes the risk that what is shown beside an order is another one's, costs a statement for each, or is shown to whoever may not see it.
describe('orders with more of them', () => {
  const { system, shop } = runningShop(storefront)
  let orders: Answer['body'][]
  let refund: Answer['body']

  const expanded = (query: string, key?: string) =>
    shop.call('GET', `/v2/orders${query}`, undefined, key ? { key } : {})

  beforeAll(async () => {
    orders = []
    for (const quantity of [1, 2, 3]) {
      const order = await shop.order([{ skuId: 'sku-digital', quantity }])
      await shop.pay(order.id)
      orders.push(await shop.confirmed(order.id))
    }
    const { id } = await shop.must('POST', '/v2/refunds', { orderId: orders[1].id, amount: 5 })
    const made = async () => {
      const read = await shop.must('GET', `/v2/refunds/${id}`)
      return read.state === 'succeeded' && read.costs ? read : undefined
    }
    refund = await eventually(made, 'the refund')
    const [charge] = await system.database.sql<{ reference: string }>(
      'select provider_reference as reference from charges where order_id = $1',
      [orders[2].id],
    )
    const bank = { payment_intent: charge?.reference, reason: 'product_not_received' }
    await shop.sandbox('POST', '/sandbox/stripe/disputes', bank)
    await shop.until(orders[2].id, ({ disputeState }) => disputeState === 'needs_response', 'the dispute')
  })

  it('show them as they are shown by themselves', async () => {
    expect((await expanded(`/${orders[1].id}?expand=refunds`)).body.refunds).toEqual([refund])
    const [dispute] = (await shop.must('GET', `/v2/disputes?orderId=${orders[2].id}`)).data
    const { body } = await expanded(`/${orders[2].id}?expand=refunds,disputes`)
    expect([body.refunds, body.disputes]).toEqual([[], [dispute]])
    expect((await expanded(`/${orders[1].id}`)).body).not.toHaveProperty('refunds')
  })

  it('are listed with one statement more for all of them', async () => {
    const cost = async (query: string) => {
      const before = system.database.counters.statements
      const { data } = (await expanded(query)).body
      return { data, statements: system.database.counters.statements - before }
    }
    await system.stopWorkers()
    const plain = await cost('?limit=3')
    const both = await cost('?limit=3&expand=refunds,disputes')
    await system.startWorkers()
    expect(both.statements - plain.statements).toBe(2)
    expect(both.data.map((order: Answer['body']) => [order.refunds.length, order.disputes.length])).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ])
  })

  it('say what could be meant', async () => {
    for (const query of [`/${orders[0].id}?expand=refund`, '?expand=refunds,refund']) {
      const { status, body } = await expanded(query)
      expect([status, body.errors[0].code, body.errors[0].parameter]).toEqual([400, 'invalid_parameter', 'expand'])
      expect(body.errors[0].message).toContain('Did you mean `refunds`?')
    }
  })

  it('show no more than a key may see', async () => {
    const [merchant] = (await shop.must('GET', '/v2/merchants')).data
    const keyFor = async (scopes: KeyScope[]) =>
      (await createApiKey(system.database, { merchantId: merchant.id, kind: 'secret', liveMode: false, scopes })).key
    const onlyOrders = await keyFor(['orders'])
    const path = `/${orders[1].id}?expand=refunds`
    expect((await expanded(`/${orders[1].id}`, onlyOrders)).status).toBe(200)
    const refused = await expanded(path, onlyOrders)
    expect([refused.status, refused.body.errors[0].code]).toEqual([403, 'scope_missing'])
    expect((await expanded(path, await keyFor(['orders', 'refunds']))).body.refunds).toHaveLength(1)
    expect((await expanded(path, await keyFor(['read']))).body.refunds).toHaveLength(1)
    expect((await expanded(path, publishableKey)).body).not.toHaveProperty('refunds')
  })
})
