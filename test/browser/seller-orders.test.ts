import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { eventually } from '../storefront.ts'
import { openShop, pageText, type Shop, stranger } from './shop.ts'

type Visitor = Awaited<ReturnType<Shop['signedIn']>>

const cents = (text: string): number => Math.round(Number(/\$([\d,.]+)/.exec(text)?.[1]?.replaceAll(',', '')) * 100)
/** The amounts of a list, by what stands before them. */
const amountsIn = (page: string, id: string): [string, number][] =>
  [
    ...(new RegExp(`<ul class="rows" id="${id}">(.*?)</ul>`, 's').exec(page)?.[1] ?? '').matchAll(/<li>(.*?)<\/li>/gs),
  ].map(([, row = '']) => [
    row
      .replace(/<span class="num">.*/s, '')
      .replace(/<[^>]+>/g, '')
      .trim(),
    cents(row),
  ])

// Removes the risk that a seller has to leave the dashboard to learn what is to be done about an order, or to do it.
describe('a seller’s order', () => {
  let shop: Shop
  let visitor: Visitor

  beforeAll(async () => {
    shop = await openShop()
    visitor = await shop.signedIn()
    await shop.api.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 1_000_000 })
  })
  afterAll(() => shop?.close())

  const show = async (id: string, more = '') => pageText(await visitor.get(`/dashboard/orders/${id}${more}`))
  const mixed = async () => {
    const goods = [{ skuId: 'sku-digital' }, { skuId: 'sku-physical', quantity: 2 }, { skuId: 'sku-pod' }]
    const order = await shop.api.order(goods, { email: `${crypto.randomUUID()}@example.com` })
    await shop.api.pay(order.id)
    await shop.api.confirmed(order.id)
    return shop.api.read(order.id)
  }
  const refundField = (item: { id: string }) => `amount-${item.id}`

  it('of several kinds of goods is not delivered because its download is', async () => {
    const order = await mixed()
    const page = await show(order.id)
    for (const word of [
      'partly handed over',
      '>paid<',
      '2 × Mug',
      'parcel',
      'print job',
      '417 Montgomery Street',
      'USPS',
    ])
      expect(page).toContain(word)
    expect(page).toContain(
      `${order.shipments.find((each: { path: string }) => each.path === 'shipping').trackingNumber}`,
    )
    const list = await pageText(await visitor.get(`/dashboard/orders?search=${order.id}`))
    expect(list).toContain('partly delivered')
    expect(list).not.toContain('good">delivered<')
    const [row = ''] = /<dl class="facts" id="totals">.*?<\/dl>/s.exec(page) ?? []
    for (const label of ['Goods', 'Shipping', 'Total', 'Paid']) expect(row).toContain(`<dt>${label}</dt>`)
    const story = /<ol class="rows" id="story">.*?<\/ol>/s.exec(page)?.[0] ?? ''
    for (const word of ['Paid.', 'Handed over: E-book.', 'Label bought', 'Confirmed: the goods are under way'])
      expect(story).toContain(word.replace('Label bought', 'label bought'))
  })

  it('is refunded by the line, after a look at who pays what', async () => {
    const order = await mixed()
    const [ebook, mug] = order.items
    expect(await show(order.id, '/refund')).toContain('Mug, at most $70.00')
    const form = { [refundField(ebook)]: '5', [refundField(mug)]: '10,50', reason: 'chipped' }
    const preview = await pageText(await visitor.submit(`/dashboard/orders/${order.id}/refund/preview`, form))
    expect(preview).toContain('Refund $15.50?')
    expect(amountsIn(preview, 'refunded')).toEqual([
      ['E-book', 500],
      ['Mug', 1_050],
    ])
    const payers = amountsIn(preview, 'payers')
    expect(payers.map(([who]) => who)).toContain('You')
    expect(payers.reduce((sum, [, amount]) => sum + amount, 0)).toBe(1_550)
    // A look changes nothing.
    expect((await shop.api.must('GET', `/v2/refunds?orderId=${order.id}`)).data).toEqual([])

    // What a seller sends is what the preview's form holds.
    const held = Object.fromEntries(
      [...preview.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
    expect(held).toMatchObject(form)
    const sold = await shop.api.order([{ skuId: 'sku-digital' }], { email: `${crypto.randomUUID()}@example.com` })
    await shop.api.pay(sold.id)
    await shop.api.confirmed(sold.id)
    const [item] = sold.items
    const answer = await visitor.submit(`/dashboard/orders/${sold.id}/refund`, { [refundField(item)]: '5' })
    expect(answer.headers.get('location')).toBe(`/dashboard/orders/${sold.id}?done=refunding`)
    await shop.api.until(sold.id, ({ refundedAmount }) => refundedAmount === 5)
    const { stripe } = await shop.api.books(sold.id)
    expect(stripe.refunds.map(({ amount }: { amount: number }) => amount)).toEqual([500])
    await eventually(
      async () => ((await show(sold.id)).includes('partly refunded') ? true : undefined),
      'the page to say so',
    )
    // The rest, by the form as it comes.
    await visitor.submit(`/dashboard/orders/${sold.id}/refund`, {})
    await shop.api.until(sold.id, ({ state }) => state === 'returned')
  })

  /** What a form's button sends as it is drawn, for the fields that a person leaves alone. */
  const seenIn = (page: string) => ({ seen: /name="seen" value="(\d+)"/.exec(page)?.[1] ?? '' })

  it('is given back once and sent once, however often a button is pressed', async () => {
    const sold = await shop.api.order([{ skuId: 'sku-digital' }], { email: `${crypto.randomUUID()}@example.com` })
    await shop.api.pay(sold.id)
    await shop.api.confirmed(sold.id)
    const back = { [refundField(sold.items[0])]: '5', ...seenIn(await show(sold.id, '/refund')) }
    const pressed = await Promise.all([1, 2, 3].map(() => visitor.submit(`/dashboard/orders/${sold.id}/refund`, back)))
    expect(pressed.map((answer) => answer.headers.get('location')?.split('?')[1]).sort()).toEqual([
      'done=refunding',
      'problem=page_outdated',
      'problem=page_outdated',
    ])
    await shop.api.until(sold.id, ({ refundedAmount }) => refundedAmount === 5)
    expect((await shop.api.must('GET', `/v2/refunds?orderId=${sold.id}`)).data).toHaveLength(1)

    const orders = merchantOrders(shop.system)
    const order = await orders.submit([{ productDetails: { name: 'Stool', physical: true }, quantity: 3, price: 10 }])
    const one = { [`quantity-${order.items[0].id}`]: '1', ...seenIn(await show(order.id)) }
    const sent = await Promise.all([1, 2, 3].map(() => visitor.submit(`/dashboard/orders/${order.id}/ship`, one)))
    expect(sent.filter((answer) => answer.headers.get('location')?.endsWith('done=shipped'))).toHaveLength(1)
    await orders.settled(order.id)
    expect((await shop.api.read(order.id)).items[0].fulfilledQuantity).toBe(1)
  })

  it('is not refunded at all by a form that leaves every amount empty', async () => {
    const order = await mixed()
    const [ebook, mug] = order.items
    for (const amount of ['', '0']) {
      const form = { [refundField(ebook)]: amount, [refundField(mug)]: amount }
      const looked = await visitor.submit(`/dashboard/orders/${order.id}/refund/preview`, form)
      expect(looked.status).toBe(400)
      expect(await pageText(looked)).toContain('Say how much goes back.')
      const answer = await visitor.submit(`/dashboard/orders/${order.id}/refund`, form)
      expect(answer.headers.get('location')).toBe(`/dashboard/orders/${order.id}?problem=invalid_amount`)
    }
    expect((await shop.api.must('GET', `/v2/refunds?orderId=${order.id}`)).data).toEqual([])
  })

  it('is not refunded more than is left, and the form says at which line', async () => {
    const order = await mixed()
    const [ebook] = order.items
    const send = (amount: string) =>
      visitor.submit(`/dashboard/orders/${order.id}/refund/preview`, { [refundField(ebook)]: amount })
    for (const wrong of ['20.01', '1e9', '-1', 'x', '0.001', '٣']) {
      const answer = await send(wrong)
      expect([wrong, answer.status]).toEqual([wrong, 400])
      expect(await pageText(answer)).toContain('role="alert"')
    }
    expect((await shop.api.must('GET', `/v2/refunds?orderId=${order.id}`)).data).toEqual([])
  })

  it('whose goods the seller moves is handed over here, with its tracking', async () => {
    const orders = merchantOrders(shop.system)
    const order = await orders.submit([{ productDetails: { name: 'Chair', physical: true }, quantity: 3, price: 50 }])
    const [chair] = order.items
    expect(await show(order.id)).toContain('Pieces of Chair, of 3')
    const hand = (form: Record<string, string>) => visitor.submit(`/dashboard/orders/${order.id}/ship`, form)
    const wrongs: [Record<string, string>, string][] = [
      [{ [`quantity-${chair.id}`]: '4' }, 'invalid_quantity'],
      [{ [`quantity-${chair.id}`]: '1.5' }, 'invalid_quantity'],
      [{ [`quantity-${chair.id}`]: '0' }, 'missing_parameter'],
      [{ [`quantity-${chair.id}`]: '1', tracking_url: 'javascript:alert(1)' }, 'invalid_parameter'],
    ]
    for (const [form, problem] of wrongs)
      expect((await hand(form)).headers.get('location')).toBe(`/dashboard/orders/${order.id}?problem=${problem}`)
    const tracking = { tracking_company: 'DHL', tracking_number: 'JD01', tracking_url: 'https://dhl.example/JD01' }
    const answer = await hand({ [`quantity-${chair.id}`]: '2', ...tracking })
    expect(answer.headers.get('location')).toBe(`/dashboard/orders/${order.id}?done=shipped`)
    await orders.settled(order.id)
    const [fulfillment] = (await shop.api.must('GET', `/v2/fulfillments?orderId=${order.id}`)).data
    expect(fulfillment).toMatchObject({ trackingCompany: 'DHL', trackingNumber: 'JD01', items: [{ quantity: 2 }] })
    const page = await show(order.id)
    for (const word of ['1 open', '2 sent', 'partly handed over']) expect(page).toContain(word)
  })

  it('of somebody else is not there', async () => {
    const order = await mixed()
    const other = await shop.signedIn(stranger)
    const form = { [refundField(order.items[0])]: '1', [`quantity-${order.items[0].id}`]: '1' }
    for (const path of ['refund', 'refund/preview', 'ship'])
      expect((await other.submit(`/dashboard/orders/${order.id}/${path}`, form)).status, path).toBe(404)
    expect((await other.get(`/dashboard/orders/${order.id}/refund`)).status).toBe(404)
  })
})
