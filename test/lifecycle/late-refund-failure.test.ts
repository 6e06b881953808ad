import { beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'

// Removes the risk that a refund which the bank sends back days later robs the merchant, or that nothing can be done about it.
describe('R287 a refund that fails after it succeeded', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { REFUND_BEARER: 'platform' } })

  beforeAll(async () => {
    // Of one sale alone the provider's fee is missing: what is transferred again comes out of the platform's balance.
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 100_000 })
  })

  const paid = async (skus: string[]) => {
    const order = await shop.order(
      skus.map((skuId) => ({ skuId })),
      { email: `${crypto.randomUUID()}@example.com` },
    )
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }
  const refund = (body: Json) => shop.must('POST', '/v2/refunds', body)
  const fault = (operation: string, kind: string, times: number) =>
    shop.sandbox('POST', '/sandbox/faults', { provider: 'stripe', operation, kind, times })
  const sendBack = (order: Answer['body']) =>
    shop.sandbox('POST', `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}/refund-fail`, {})

  /** What the seller's account has of an order, by Stripe's books and by ours; what the ledger's charge holds, and what splits gave back. */
  const kept = async (orderId: string) => {
    const { transfers, transferReversals } = (await shop.books(orderId)).stripe
    const sum = (rows: { amount: number }[]) => rows.reduce((total, { amount }) => total + amount, 0)
    const [ours] = await system.database.sql<{ account: number }>(
      `select coalesce(sum(amount), 0) as account from ledger_entries where order_id = $1 and account like 'account:%'`,
      [orderId],
    )
    const { charges, balanced } = await shop.audit(orderId)
    expect(balanced).toBe(true)
    expect(ours?.account).toBe(sum(transfers) - sum(transferReversals))
    return {
      account: ours?.account,
      charge: charges[0]?.balance,
      reversed: charges[0]?.reversed,
      refunded: charges[0]?.refunded,
    }
  }

  it('puts shares, order, items and downloads back as they were, and can be given again at once', async () => {
    const order = await paid(['sku-digital'])
    // 20.00 less 1 % commission and 3 % for the provider.
    expect(await kept(order.id)).toEqual({ account: 1_920, charge: 0, reversed: 0, refunded: 0 })
    const first = await refund({ orderId: order.id })
    const returned = await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
    await shop.settled(order.id)
    expect(returned.items[0]).toMatchObject({ state: 'returned', returnedQuantity: 1 })
    expect(returned.items[0].delivery).toBeUndefined()
    expect(await kept(order.id)).toEqual({ account: 0, charge: 0, reversed: 2_000, refunded: 2_000 })

    await sendBack(order)
    const after = await shop.until(order.id, ({ state }) => state === 'complete', 'state complete')
    expect(after).toMatchObject({ status: 'CONFIRMED', refundedAmount: 0, availableToRefundAmount: 20 })
    expect(after.attention.reason).toBe('refund failed at the provider')
    expect(after.items[0]).toMatchObject({
      state: 'fulfilled',
      returnedQuantity: 0,
      delivery: { content: 'Chapter one' },
    })
    await shop.settled(order.id)
    expect(await kept(order.id)).toEqual({ account: 1_920, charge: 0, reversed: 0, refunded: 0 })
    const splits = (await shop.must('GET', `/v2/orders/${order.id}/distribution`)).data
    expect(new Set(splits.map(({ state }: { state: string }) => state))).toEqual(new Set(['executed']))
    expect(await shop.must('GET', `/v2/refunds/${first.id}`)).toMatchObject({ state: 'failed', refundedAmount: 0 })

    expect(await refund({ orderId: order.id })).toMatchObject({ amount: 20 })
    await shop.until(order.id, ({ state }) => state === 'returned', 'state returned again')
    await shop.settled(order.id)
    expect(await kept(order.id)).toEqual({ account: 0, charge: 0, reversed: 2_000, refunded: 2_000 })
    expect((await shop.stripe(order.id)).refunds).toEqual([2_000, 2_000])
  })

  it('returns an item of which only a part was handed over by way of fulfilled, and leaves no trace of it when it is open again', async () => {
    const order = await shop.submit(
      [{ productDetails: { name: 'Mug' }, quantity: 2, price: 30 }],
      {
        currency: 'EUR',
        shipTo: { name: 'Ada', address: { line1: 'Rue 1', city: 'Brussels', postalCode: '1000', country: 'BE' } },
      },
      { type: 'bancontact', flow: 'redirect', card: null },
    )
    const intent = order.charges[0].providerReference
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${intent}/buyer`, { action: 'complete' })
    await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted')
    const itemId = order.items[0].id
    expect((await shop.fulfil(order.id, [{ itemId, quantity: 1 }])).status).toBe(201)
    const stamps = async () => {
      const [item] = await system.database.sql<{ state: string; stamps: Record<string, string> }>(
        'select state, state_transitions as stamps from order_items where id = $1',
        [itemId],
      )
      return [item?.state, Object.keys(item?.stamps ?? {}).toSorted()]
    }
    await refund({ orderId: order.id })
    await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
    await shop.settled(order.id)
    expect(await stamps()).toEqual(['returned', ['created', 'fulfilled', 'returned']])

    await sendBack(order)
    const after = await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted again')
    expect(after.items[0]).toMatchObject({ fulfilledQuantity: 1, cancelledQuantity: 0, returnedQuantity: 0 })
    expect(await stamps()).toEqual(['created', ['created']])
    expect((await shop.fulfil(order.id, [{ itemId, quantity: 1 }])).status).toBe(201)
    expect(await stamps()).toEqual(['fulfilled', ['created', 'fulfilled']])
  })

  it('gives a part of an order back to those who had it, and its download too', async () => {
    const order = await paid(['sku-digital', 'sku-physical'])
    const { account } = await kept(order.id)
    const item = order.items.find(({ skuId }: { skuId: string }) => skuId === 'sku-digital')
    await refund({ orderId: order.id, items: [{ itemId: item.id }] })
    await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 20, 'the refund')
    await shop.settled(order.id)
    const served = async () =>
      (await shop.read(order.id)).items.some(({ delivery }: { delivery?: unknown }) => delivery !== undefined)
    expect(await served()).toBe(false)
    await sendBack(order)
    await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 0, 'the money to be back')
    await shop.settled(order.id)
    expect(await served()).toBe(true)
    expect(await kept(order.id)).toEqual({ account, charge: 0, reversed: 0, refunded: 0 })
  })

  it('of an item and shipping: what was given of the item before stays given', async () => {
    const order = await paid(['sku-digital', 'sku-physical'])
    const itemId = order.items.find(({ skuId }: { skuId: string }) => skuId === 'sku-digital').id
    const refunded = async (amount: number) => {
      await shop.until(order.id, ({ refundedAmount }) => refundedAmount === amount, `${amount} to be refunded`)
      await shop.settled(order.id)
    }
    await refund({ orderId: order.id, items: [{ itemId, amount: 15 }] })
    await refunded(15)
    const rest = await refund({ orderId: order.id, items: [{ itemId }], shipping: true })
    expect(rest.amount).toBeGreaterThan(10)
    await refunded(15 + rest.amount)
    await sendBack(order)
    await refunded(15)
    const after = await shop.read(order.id)
    const item = after.items.find(({ id }: { id: string }) => id === itemId)
    expect([item.availableToRefundAmount, after.shippingLines[0].availableToRefundAmount]).toEqual([5, rest.amount - 5])
    expect(
      (await shop.call('POST', '/v2/refunds', { orderId: order.id, items: [{ itemId, amount: 5.01 }] })).status,
    ).toBe(400)
  })

  it.each([
    ['transfers.create', 'drop_before'],
    ['transfers.create', 'drop_after'],
  ])(
    'I3 %s %s: what was reversed is transferred again once, also with the next refund under way',
    async (operation, kind) => {
      const order = await paid(['sku-digital'])
      await refund({ orderId: order.id })
      await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
      await shop.settled(order.id)
      await fault(operation, kind, 3)
      await sendBack(order)
      await shop.until(order.id, ({ state }) => state === 'complete', 'state complete')
      await refund({ orderId: order.id, amount: 5 })
      await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 5, 'the second refund')
      await shop.settled(order.id)
      await shop.sandbox('DELETE', '/sandbox/faults')
      // A quarter of 19.20 is taken back, once what the first refund took is there again.
      expect(await kept(order.id)).toEqual({ account: 1_440, charge: 0, reversed: 500, refunded: 500 })
      expect((await shop.stripe(order.id)).transfers).toEqual([1_920, 1_920])
    },
  )

  it.each(['drop_before', 'drop_after'])(
    'a reversal that is being made meanwhile (%s) is given back as well',
    async (kind) => {
      const order = await paid(['sku-digital'])
      await fault('transfer_reversals.create', kind, 2)
      await refund({ orderId: order.id })
      await eventually(async () => {
        const [row] = await system.database.sql<{ tried: number }>(
          `select count(*) as tried from operations where order_id = $1 and kind = 'transfer_reversal' and attempts > 0`,
          [order.id],
        )
        return row?.tried ? true : undefined
      }, 'the reversal to be tried')
      await sendBack(order)
      await shop.until(order.id, ({ state }) => state === 'complete', 'state complete')
      await shop.settled(order.id)
      await shop.sandbox('DELETE', '/sandbox/faults')
      expect(await kept(order.id)).toEqual({ account: 1_920, charge: 0, reversed: 0, refunded: 0 })
    },
  )

  it('opens an order again that the refund had cancelled, and only such a one', async () => {
    const order = await shop.submit(
      [{ productDetails: { name: 'Mug', physical: true }, quantity: 2, price: 1_500 }],
      { currency: 'JPY' },
      { type: 'konbini', flow: 'receiver', card: null },
    )
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}/pay-voucher`, {})
    await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted')
    await shop.settled(order.id)
    await refund({ orderId: order.id })
    const [sent] = await eventually(async () => {
      const { refunds } = (await shop.books(order.id)).stripe
      return refunds.length > 0 ? refunds : undefined
    }, 'the refund at the provider')
    await shop.sandbox('POST', `/sandbox/stripe/refunds/${sent.id}/finish`, {})
    const cancelled = await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    expect(cancelled.items[0]).toMatchObject({ state: 'cancelled', cancelledQuantity: 2 })
    await shop.settled(order.id)
    await shop.sandbox('POST', `/sandbox/stripe/refunds/${sent.id}/fail`, { reason: 'lost_or_stolen_card' })
    const after = await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted again')
    expect(after.items[0]).toMatchObject({ state: 'created', cancelledQuantity: 0 })
    await shop.settled(order.id)
    expect(await kept(order.id)).toMatchObject({ charge: 0, reversed: 0, refunded: 0 })
    expect((await refund({ orderId: order.id, currency: 'JPY' })).amount).toBe(3_000)
  })
})
