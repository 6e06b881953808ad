import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import type { Answer, Json } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'

type Share = { kind: string; recipient: string; sellerId: string | null; amount: number; reversed: number }

// Removes the risk that one seller pays for another one's refund, or that somebody keeps its share of what went back.
describe('R286 whose money a refund takes', () => {
  let system: System
  let shop: ReturnType<typeof merchantOrders>
  let house: string
  let second: string

  beforeAll(async () => {
    system = await startSystem()
    shop = merchantOrders(system)
    house = (await shop.stock()).merchant.id
    second = (await shop.must('POST', '/v2/merchants', { name: 'Second seller', stripeAccountId: 'acct_second' })).id
    const digital = (id: string, price: number, more: Json) =>
      shop.must('POST', '/v2/skus', {
        id,
        name: id,
        kind: 'digital',
        price,
        currency: 'USD',
        delivery: { contentType: 'text', content: `the content of ${id}` },
        ...more,
      })
    await digital('font', 12.5, { merchantId: second, affiliateBps: 1_000 })
    await digital('album', 30, { affiliateBps: 2_000 })
    await digital('poster', 10, { affiliateBps: 500 })
  })
  afterAll(() => system?.close())

  const refund = (body: Json) => shop.call('POST', '/v2/refunds', body)
  const code = (answer: Answer) => [answer.status, answer.body.errors?.[0]?.code]
  const itemOf = (order: Answer['body'], skuId: string) =>
    order.items.find((item: { skuId: string }) => item.skuId === skuId)

  const paid = async (skus: string[], more: Json = {}) => {
    const order = await shop.order(
      skus.map((skuId) => ({ skuId })),
      { attribution: { affiliateId: 'blog' }, email: `${crypto.randomUUID()}@example.com`, ...more },
    )
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }

  /** The shares of an order by kind and seller, with what was taken back of each; in cents. */
  const sharesOf = async (orderId: string) => {
    const rows = await system.database.sql<Share>(
      `select kind, recipient, seller_id as "sellerId", amount, reversed_amount as reversed from splits where order_id = $1 order by position`,
      [orderId],
    )
    return (sellerId: string) =>
      Object.fromEntries(
        rows.flatMap((row) => (row.sellerId === sellerId ? [[row.kind, [row.amount, row.reversed]]] : [])),
      )
  }

  /** What each connected account still has of an order, by Stripe's books. */
  const keptOf = async (orderId: string): Promise<Record<string, number>> => {
    const { transfers } = (await shop.books(orderId)).stripe
    return Object.fromEntries(
      transfers.map((transfer: { destination: string; amount: number; amount_reversed: number }) => [
        transfer.destination,
        transfer.amount - transfer.amount_reversed,
      ]),
    )
  }

  const given = async (orderId: string, body: Json) => {
    const answer = await refund({ orderId, ...body })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    await shop.settled(orderId)
    return answer.body
  }

  /** A download of the second seller's at 12.50 and a mug of the house's at 35.00 that costs 5.57 to ship: 53.07. */
  const mixed = () => paid(['font', 'sku-physical'])

  it('gives 12.50 back for a download of 12.50, and takes it from its seller alone', async () => {
    const order = await mixed()
    expect(order.totalAmount).toBe(53.07)
    expect(order.shippingLines).toEqual([{ sellerId: house, amount: 5.57, availableToRefundAmount: 5.57 }])
    // Stripe 3 % of 53.07 is 1.59, of which the font's 12.50 carries 0.37; 1 % commission is 0.13 and 10 % for the affiliate 1.25.
    const sharesBefore = await sharesOf(order.id)
    expect(sharesBefore(second)).toEqual({
      platform: [13, 0],
      provider_fee: [37, 0],
      affiliate: [125, 0],
      merchant: [1_075, 0],
    })
    const kept = await keptOf(order.id)
    const answer = await given(order.id, { items: [{ itemId: itemOf(order, 'font').id }] })
    expect(answer).toMatchObject({ amount: 12.5, items: [{ amount: 12.5 }], origin: 'ordermill' })

    const sharesAfter = await sharesOf(order.id)
    expect(sharesAfter(second)).toEqual({
      platform: [13, 13],
      provider_fee: [37, 37],
      affiliate: [125, 125],
      merchant: [1_075, 1_075],
    })
    expect(sharesAfter(house)).toEqual(sharesBefore(house))
    expect(await keptOf(order.id)).toEqual({ ...kept, acct_second: 0 })
    expect((await shop.stripe(order.id)).refunds).toEqual([1_250])
    const [affiliate] = await system.database.sql<{ balance: number }>(
      `select sum(amount) as balance from ledger_entries where account = 'affiliate:blog' and order_id = $1`,
      [order.id],
    )
    expect(affiliate?.balance).toBe(0)
  })

  it('no longer serves a download that was given back, and goes on serving the others', async () => {
    const order = await paid(['album', 'poster'])
    await given(order.id, { items: [{ itemId: itemOf(order, 'album').id, amount: 29.99 }] })
    expect(itemOf(await shop.read(order.id), 'album').delivery).toBeDefined()
    await given(order.id, { items: [{ itemId: itemOf(order, 'album').id }] })
    const after = await shop.read(order.id)
    expect(itemOf(after, 'album').delivery).toBeUndefined()
    expect(itemOf(after, 'poster').delivery).toMatchObject({ content: 'the content of poster' })
    expect(after.status).toBe('CONFIRMED')
  })

  it('takes from an affiliate exactly what it got for the item, in thirds as in one', async () => {
    const order = await paid(['album', 'poster'])
    const album = itemOf(order, 'album').id
    // 20 % of 30.00 and 5 % of 10.00.
    expect((await sharesOf(order.id))(house).affiliate).toEqual([650, 0])
    const taken: (number | undefined)[] = []
    for (const amount of [10.01, 9.99, 10]) {
      await given(order.id, { items: [{ itemId: album, amount }] })
      taken.push((await sharesOf(order.id))(house).affiliate?.[1])
    }
    expect(taken).toEqual([200, 400, 600])
    expect((await shop.audit(order.id)).charges).toMatchObject([{ refunded: 3_000, reversed: 3_000, balance: 0 }])
  })

  it('shipping is a part of its own, and the whole is the sum of its parts to the cent', async () => {
    const order = await mixed()
    await given(order.id, { items: [{ itemId: itemOf(order, 'font').id }] })
    const some = await given(order.id, { shipping: 0.26 })
    expect(some).toMatchObject({ amount: 0.26, items: [], shipping: [{ sellerId: house, amount: 0.26 }] })
    expect((await shop.read(order.id)).shippingLines).toMatchObject([{ availableToRefundAmount: 5.31 }])
    expect(code(await refund({ orderId: order.id, shipping: 5.32 }))).toEqual([400, 'invalid_parameter'])
    expect(await given(order.id, { type: 'shipping', amount: 4 })).toMatchObject({ amount: 4 })
    expect(await given(order.id, { shipping: true })).toMatchObject({ amount: 1.31 })
    expect(code(await refund({ orderId: order.id, shipping: true }))).toEqual([400, 'invalid_parameter'])
    const after = await shop.read(order.id)
    expect(after).toMatchObject({ refundedAmount: 18.07, availableToRefundAmount: 35 })
    expect(itemOf(after, 'sku-physical').availableToRefundAmount).toBe(35)
    const { charges, balanced } = await shop.audit(order.id)
    expect([charges[0]?.refunded, charges[0]?.reversed, charges[0]?.balance, balanced]).toEqual([1_807, 1_807, 0, true])
    // The font's seller gave its 12.50 and not a cent of the shipping.
    expect(Object.values((await sharesOf(order.id))(second)).reduce((sum, [, taken]) => sum + (taken ?? 0), 0)).toBe(
      1_250,
    )
  })

  it('asks whose money an amount is when several sellers sold, and takes it from the one that is named', async () => {
    const order = await mixed()
    expect(code(await refund({ orderId: order.id, amount: 5 }))).toEqual([400, 'refund_needs_items'])
    expect(code(await refund({ orderId: order.id, sellerId: 'mer_none', amount: 5 }))).toEqual([404, 'not_found'])
    expect(code(await refund({ orderId: order.id, sellerId: second, amount: 12.51 }))).toEqual([
      400,
      'invalid_parameter',
    ])
    const sharesBefore = await sharesOf(order.id)
    await given(order.id, { sellerId: second, amount: 5 })
    const sharesAfter = await sharesOf(order.id)
    expect(sharesAfter(house)).toEqual(sharesBefore(house))
    // 40 % of each share.
    expect(sharesAfter(second)).toEqual({
      platform: [13, 5],
      provider_fee: [37, 15],
      affiliate: [125, 50],
      merchant: [1_075, 430],
    })
    // Ten percent of what each has sold: 1.25 of the font, 4.057 of the mug and its shipping.
    expect(await given(order.id, { percent: 10 })).toMatchObject({ amount: 1.25 + 4.06 })
    expect(await given(order.id, { sellerId: second })).toMatchObject({ amount: 12.5 - 5 - 1.25 })
    expect(Object.values((await sharesOf(order.id))(second)).every(([amount, taken]) => amount === taken)).toBe(true)
    // Only one seller's money is left.
    expect((await refund({ orderId: order.id, amount: 1 })).status).toBe(201)
  })

  it('an order whose shares were made before they knew their seller is given back to the last cent', async () => {
    const order = await mixed()
    // One platform, fee and affiliate share for both sellers, as they were made then.
    await system.database.sql(
      `update splits set lines = null, seller_id = case when kind = 'merchant' then seller_id end where order_id = $1`,
      [order.id],
    )
    const kept = await keptOf(order.id)
    await given(order.id, { items: [{ itemId: itemOf(order, 'font').id }] })
    expect((await keptOf(order.id)).acct_millstore).toBe(kept.acct_millstore)
    expect((await keptOf(order.id)).acct_second).toBeLessThan(100)
    await given(order.id, { sellerId: house, amount: 40.56 })
    const { charges, balanced } = await shop.audit(order.id)
    expect([charges[0]?.refunded, charges[0]?.reversed, charges[0]?.balance, balanced]).toEqual([5_306, 5_306, 0, true])
  })

  it('a refund of before that held shipping in its first line leaves the rest of the shipping to be given back', async () => {
    const order = await mixed()
    // Refunded then by its first item: 12.50 and 2.50 of the shipping.
    await system.database.sql('update order_items set refunded_amount = 1500 where id = $1', [itemOf(order, 'font').id])
    const after = await shop.read(order.id)
    expect(itemOf(after, 'font').availableToRefundAmount).toBe(0)
    expect(after.shippingLines).toMatchObject([{ amount: 5.57, availableToRefundAmount: 3.07 }])
    expect(after.availableToRefundAmount).toBe(38.07)
  })
})
