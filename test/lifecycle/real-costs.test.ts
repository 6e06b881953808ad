import { describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { eventually } from '../storefront.ts'

// Removes the risk that nobody can say what carriage and printing cost, and who paid for it.
describe('R297 what goods really cost', () => {
  const { system, shop } = runningShop(merchantOrders)

  const confirmed = async () => {
    const order = await shop.order([{ skuId: 'sku-physical' }, { skuId: 'sku-pod' }], {
      email: `${crypto.randomUUID()}@example.com`,
    })
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }
  const refunded = async () => {
    const order = await confirmed()
    await shop.must('POST', '/v2/refunds', { orderId: order.id })
    await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    return shop.settled(order.id)
  }
  /** What an order has left in the accounts of carriage and printing. */
  const costsOf = async (orderId: string): Promise<Record<string, number>> => {
    const rows = await system.database.sql<{ account: string; balance: number }>(
      `select account, sum(amount) as balance from ledger_entries
       where order_id = $1 and (account like 'cost:%' or account = 'platform:fulfilment') and account not like '%fee' group by account order by account`,
      [orderId],
    )
    return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]))
  }
  /** What the carrier and the printer took, by their own books. */
  const paidFor = async (orderId: string) => {
    const { easypost } = await shop.books(orderId)
    const { id } = (await shop.read(orderId)).shipments.find(({ path }: { path: string }) => path === 'pod')
    const job = await fetch(`${system.sandbox.url}/printful/orders/@${id}`, { headers: { authorization: 'Bearer x' } })
    const { result } = (await job.json()) as { result: { costs: { total: string } } }
    return { easypost: easypost.labels[0].amount, printful: Math.round(Number(result.costs.total) * 100) }
  }
  const answerOfCarrier = async (orderId: string, status: string) => {
    const [label] = (await shop.books(orderId)).easypost.labels
    await shop.sandbox('POST', `/sandbox/easypost/shipments/${label.shipment_id}/refund`, { status })
    const heard = `select 1 from inbox_events where type = 'refund.successful' and reference = $1 and handled_at is not null`
    await eventually(async () => {
      const [event] = await system.database.sql(heard, [label.shipment_id])
      return event
    }, 'the carrier’s answer to be handled')
  }

  it('is taken from what the payment gave for it, at the carrier’s and the printer’s own price', async () => {
    const order = await confirmed()
    const paid = await paidFor(order.id)
    const [taken] = await system.database.sql<{ amount: number }>(
      `select sum(amount) as amount from splits where order_id = $1 and kind = 'fulfilment'`,
      [order.id],
    )
    expect(paid.easypost).toBeGreaterThan(0)
    expect(paid.printful).toBeGreaterThan(0)
    expect(await costsOf(order.id)).toEqual({
      'cost:easypost': paid.easypost,
      'cost:printful': paid.printful,
      'platform:fulfilment': (taken?.amount ?? 0) - paid.easypost - paid.printful,
    })
  })

  it('comes back when a print job is cancelled, and when the carrier has paid for an unused label', async () => {
    // The printer's answer is enough; its webhook only says the same.
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'printful', mode: 'paused' })
    const order = await refunded()
    const { easypost } = await paidFor(order.id)
    expect(await costsOf(order.id)).toEqual({
      'cost:easypost': easypost,
      'cost:printful': 0,
      'platform:fulfilment': -easypost,
    })
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'printful', mode: 'normal' })
    await answerOfCarrier(order.id, 'refunded')
    expect(await costsOf(order.id)).toEqual({ 'cost:easypost': 0, 'cost:printful': 0, 'platform:fulfilment': 0 })
  })

  it('stays spent when the carrier says that the label was used', async () => {
    const order = await refunded()
    const { easypost } = await paidFor(order.id)
    await answerOfCarrier(order.id, 'rejected')
    expect((await costsOf(order.id))['cost:easypost']).toBe(easypost)
  })
})
