import { beforeAll, describe, expect, it } from 'vitest'
import { demoSellingEntities } from '../../src/checkouts/demo-selling-entities.ts'
import { replaceSellingEntities } from '../../src/checkouts/selling-entities.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, type Json } from '../storefront.ts'
import { sendStripe, stripeEvent } from '../stripe-events.ts'

const germany = {
  name: 'Erika Muster',
  address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
}
const france = {
  ...germany,
  address: { line1: '1 rue Exemple', city: 'Lyon', postalCode: '69001', country: 'FR' },
}

type Share = { kind: string; recipient: string; sellerId: string; amount: number; reversed: number }

// Removes the risk that what is owed to an authority is paid out to a merchant as its revenue.
describe('R297 the tax of an order', () => {
  const { system, shop } = runningShop(merchantOrders)
  let house: string
  let second: string

  beforeAll(async () => {
    house = (await shop.must('GET', '/v2/merchants')).data[0].id
    second = (await shop.must('POST', '/v2/merchants', { name: 'Second seller', stripeAccountId: 'acct_second' })).id
    const digital = (id: string, price: number, more: Json = {}) =>
      shop.must('POST', '/v2/skus', {
        id,
        name: id,
        kind: 'digital',
        price,
        currency: 'USD',
        delivery: { contentType: 'text', content: `the content of ${id}` },
        ...more,
      })
    await digital('song', 10)
    await digital('font', 50, { merchantId: second })
  })

  const bought = async (skus: string[], more: Json = {}) => {
    const checkout = await shop.must('POST', '/v2/checkouts', {
      currency: 'USD',
      email: `${crypto.randomUUID()}@example.com`,
      items: skus.map((skuId) => ({ skuId })),
      billTo: germany,
      ...more,
    })
    const { id } = await shop.must('POST', '/v2/orders', { checkoutId: checkout.id })
    const { clientSecret } = await shop.must('POST', `/v2/orders/${id}/payment-intent`, { paymentMethod: 'STRIPE' })
    await shop.confirm(clientSecret)
    const { items } = await shop.until(id, ({ state }) => state === 'accepted', 'the payment')
    const pieces = items.map((item: { id: string }) => ({ itemId: item.id, quantity: 1 }))
    expect((await shop.fulfil(id, pieces)).status).toBe(201)
    return shop.settled(id)
  }
  const itemOf = (order: Json, skuId: string) =>
    (order.items as { id: string; skuId: string }[]).find((i) => i.skuId === skuId)
  const sharesOf = (orderId: string) =>
    system.database.sql<Share>(
      `select kind, recipient, seller_id as "sellerId", amount, reversed_amount as reversed from splits where order_id = $1 order by position`,
      [orderId],
    )
  const taxOf = async (orderId: string) =>
    (await sharesOf(orderId)).flatMap((share) =>
      share.kind === 'tax' ? [[share.sellerId, share.recipient, share.amount, share.reversed]] : [],
    )
  const owed = async (orderId: string, account: string) => {
    const [row] = await system.database.sql<{ balance: number }>(
      'select coalesce(sum(amount), 0) as balance from ledger_entries where order_id = $1 and account = $2',
      [orderId, account],
    )
    return row?.balance
  }
  const transferred = async (orderId: string) =>
    (await shop.books(orderId)).stripe.transfers.map(
      (made: { destination: string; amount: number; amount_reversed: number }) => [
        made.destination,
        made.amount - made.amount_reversed,
      ],
    )
  const refund = async (orderId: string, more: Json) => {
    const given = await shop.must('POST', '/v2/refunds', { orderId, ...more })
    await shop.settled(orderId)
    return given
  }

  /** The invoice of an order and its credit memos, once there are so many documents: they are made after the money has moved. */
  const documentsOf = (orderId: string, count: number) =>
    eventually(async () => {
      const documents = await system.database.sql<{ kind: string; tax: number }>(
        `select kind, (data -> 'totals' ->> 'tax')::int as tax from order_documents where order_id = $1 order by kind desc`,
        [orderId],
      )
      return documents.length === count ? documents : undefined
    }, `${count} documents of ${orderId}`)

  /** A bank takes so much of an order's payment, whatever is said against it. */
  const lose = async (order: Json & { id: string }, disputeId: string, amount: number) => {
    const [charge] = order.charges as { providerReference: string }[]
    for (const [event, status] of [
      ['created', 'needs_response'],
      ['closed', 'lost'],
    ] as const) {
      const dispute = { id: disputeId, object: 'dispute', amount, currency: 'usd', reason: 'fraudulent', metadata: {} }
      const seen = { ...dispute, status, payment_intent: charge?.providerReference }
      expect((await sendStripe(system, stripeEvent(`charge.dispute.${event}`, seen))).status).toBe(200)
    }
    await shop.until(order.id, ({ disputeState }) => disputeState === 'lost', 'the dispute to be lost')
    await shop.settled(order.id)
  }

  it('is owed to the authority of its place, line by line, and transferred to nobody', async () => {
    const order = await bought(['song', 'font'])
    expect(order.totalTax).toBe(11.4)
    expect(await taxOf(order.id)).toEqual([
      [house, 'tax:ORDERMILL_IE:DE', 190, 0],
      [second, 'tax:ORDERMILL_IE:DE', 950, 0],
    ])
    expect(await owed(order.id, 'tax:ORDERMILL_IE:DE')).toBe(1_140)
    const shares = await sharesOf(order.id)
    const ofMerchant = (merchant: string) =>
      shares.find(({ kind, sellerId }) => kind === 'merchant' && sellerId === merchant)?.amount ?? 0
    expect(await transferred(order.id)).toEqual([
      ['acct_millstore', ofMerchant(house)],
      ['acct_second', ofMerchant(second)],
    ])
    expect(ofMerchant(second)).toBeLessThan(5_000)
    expect(shares.reduce((sum, { amount }) => sum + amount, 0)).toBe(7_140)
  })

  it('goes back with its line, in proportion, and nobody else’s tax with it', async () => {
    const order = await bought(['song', 'font'])
    await refund(order.id, { items: [{ itemId: itemOf(order, 'font')?.id, percent: 50 }] })
    expect(await taxOf(order.id)).toEqual([
      [house, 'tax:ORDERMILL_IE:DE', 190, 0],
      [second, 'tax:ORDERMILL_IE:DE', 950, 475],
    ])
    await refund(order.id, {})
    expect((await sharesOf(order.id)).every(({ amount, reversed }) => amount === reversed)).toBe(true)
    expect(await owed(order.id, 'tax:ORDERMILL_IE:DE')).toBe(0)
  })

  it('alone is given back by whoever owes it, and the rest by the others', async () => {
    const order = await bought(['font'])
    await refund(order.id, { type: 'tax' })
    const reversed = (await sharesOf(order.id)).map((share) => [share.kind, share.reversed])
    expect(Object.fromEntries(reversed)).toEqual({ platform: 0, provider_fee: 0, tax: 950, merchant: 0 })
    await refund(order.id, {})
    expect((await sharesOf(order.id)).every(({ amount, reversed }) => amount === reversed)).toBe(true)
  })

  it('stays owed when a bank takes the money: the invoice stands, the report too, and the tax is a loss', async () => {
    const order = await bought(['font'])
    await lose(order, 'dp_taxed', 5_950)
    expect(await taxOf(order.id)).toEqual([[second, 'tax:ORDERMILL_IE:DE', 950, 0]])
    expect(await owed(order.id, 'tax:ORDERMILL_IE:DE')).toBe(950)
    expect(await owed(order.id, 'cost:bad_debt')).toBe(-950)
    const others = (await sharesOf(order.id)).filter(({ kind }) => kind !== 'tax')
    expect(others.every(({ amount, reversed }) => amount === reversed)).toBe(true)
    expect((await shop.audit(order.id)).charges).toMatchObject([{ balance: 0 }])
    expect(await documentsOf(order.id, 1)).toEqual([{ kind: 'invoice', tax: 950 }])
  })

  it('goes back with what a bank has left of the money, and no more is said to be there', async () => {
    const order = await bought(['font'])
    await lose(order, 'dp_in_part', 2_000)
    expect((await shop.read(order.id)).availableToRefundAmount).toBe(39.5)
    expect((await refund(order.id, {})).amount).toBe(39.5)
    const [, memo] = await documentsOf(order.id, 2)
    expect(950 - (memo?.tax ?? 0)).toBe(await owed(order.id, 'tax:ORDERMILL_IE:DE'))
    expect((await shop.audit(order.id)).charges).toMatchObject([{ balance: 0 }])
  })

  it('is reported by selling entity, place and month, as it was taken and given back', async () => {
    const email = 'admin@example.com'
    const password = 'correct horse battery'
    const signIn = await fetch(`${system.url}/v2/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    const headers = { cookie: signIn.headers.getSetCookie().join('; ').split(';')[0] ?? '' }
    const month = new Date().toISOString().slice(0, 7)
    const report = (query: string) => fetch(`${system.url}/v2/ops/tax-report?${query}`, { headers })
    const read = async (query: string) => ((await (await report(query)).json()) as { data: Json[] }).data
    const before = (await read(`month=${month}`)).find(({ country }) => country === 'DE')
    const order = await bought(['song', 'font'])
    await refund(order.id, { items: [{ itemId: itemOf(order, 'song')?.id }] })
    const after = (await read(`month=${month}`)).find(({ country }) => country === 'DE')
    expect(after).toMatchObject({ sellingEntity: 'ORDERMILL_IE', country: 'DE', region: null, currency: 'USD' })
    const grown = (name: string) => Math.round((Number(after?.[name]) - Number(before?.[name])) * 100)
    expect(['sales', 'refunds'].map((name) => grown(name) / 100)).toEqual([2, 1])
    expect(['collected', 'returned', 'owed'].map(grown)).toEqual([1_140, 190, 950])
    expect(await read('month=2026-01')).toEqual([])
    const csv = await (await report(`month=${month}&format=csv`)).text()
    expect(csv.split('\r\n')[1]).toMatch(/^ORDERMILL_IE,DE,,USD,/)
    expect((await report('month=2026-13')).status).toBe(400)
  })

  it('is the merchant’s to pay where it sells in its own name, and the share says so', async () => {
    const own = demoSellingEntities.map((entity) => ({ ...entity, id: 'OWN', name: 'The house itself' })).slice(2, 3)
    await system.database.transaction((tx) => replaceSellingEntities(tx, house, own))
    const order = await bought(['song', 'font'], { billTo: france })
    expect(await taxOf(order.id)).toEqual([
      [house, `merchant:${house}`, 200, 0],
      [second, `merchant:${house}`, 1_000, 0],
    ])
    expect(order.sellingEntity).not.toHaveProperty('ownerId')
  })
})
