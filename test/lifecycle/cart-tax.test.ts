import { beforeAll, describe, expect, it } from 'vitest'
import { demoSellingEntities } from '../../src/checkouts/demo-selling-entities.ts'
import { replaceSellingEntities } from '../../src/checkouts/selling-entities.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, type Json, shipFrom } from '../storefront.ts'
import { publishableKey } from '../system.ts'

const germany = {
  name: 'Erika Muster',
  address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
}
const california = {
  name: 'Ada Buyer',
  phone: '4155550100',
  address: { line1: '417 Montgomery Street', city: 'San Francisco', state: 'CA', postalCode: '94104', country: 'US' },
}

// Removes the risk that a cart or a link sells without the tax that is owed for it, or that its tax is paid out as revenue.
describe('R297 the tax of carts and links', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox' } })
  let house: string

  beforeAll(async () => {
    house = (await shop.must('GET', '/v2/merchants')).data[0].id
    await shop.must('POST', '/v2/coupons', { code: 'TEN', percentOff: 10 })
  })

  const bear = (cartTax: 'none' | 'exclusive' | 'inclusive') =>
    shop.must('POST', `/v2/merchants/${house}`, {
      name: 'Mill Store',
      stripeAccountId: 'acct_millstore',
      shipFrom,
      cartTax,
    })
  const errorOf = ({ status, body }: Answer) => [status, (body.errors?.[0] ?? body.error).code]
  const cart = (more: Json = {}) =>
    shop.must(
      'POST',
      '/v2/carts',
      {
        currency: 'USD',
        email: `${crypto.randomUUID()}@example.com`,
        items: [{ skuId: 'sku-digital', quantity: 2 }],
        billTo: germany,
        ...more,
      },
      { key: publishableKey },
    )
  const tax = (id: string) => shop.call('POST', `/v2/carts/${id}/tax`, undefined, { key: publishableKey })
  const order = (cartId: string) => shop.call('POST', '/v2/orders', { cartId }, { key: publishableKey })
  const bought = async (cartId: string) => {
    const { body } = await order(cartId)
    await shop.pay(body.id)
    await shop.confirmed(body.id)
    return shop.settled(body.id)
  }
  const sharesOf = (orderId: string) =>
    system.database.sql<{ kind: string; recipient: string; amount: number }>(
      `select kind, recipient, amount from splits where order_id = $1 and amount > 0 order by kind, amount`,
      [orderId],
    )

  it('is none where the merchant has not asked for it', async () => {
    await bear('none')
    const { id, taxState } = await cart()
    expect([taxState, (await tax(id)).body.totalTax, (await order(id)).status]).toEqual(['none', 0, 201])
  })

  it('comes on top, is shown before it is ordered, and is owed to the authority', async () => {
    await bear('exclusive')
    const { id, totalAmount, taxState } = await cart()
    expect([totalAmount, taxState]).toEqual([40, 'needed'])
    expect(errorOf(await order(id))).toEqual([409, 'tax_not_calculated'])
    const { body } = await tax(id)
    expect(body).toMatchObject({ taxState: 'calculated', subtotal: 40, totalTax: 7.6, totalAmount: 47.6 })
    expect(body.items[0]).toMatchObject({ amount: 40, tax: { rate: 0.19, amount: 7.6 } })
    const sold = await bought(id)
    expect(sold).toMatchObject({ totalAmount: 47.6, totalTax: 7.6, subtotal: 40, taxInclusive: false })
    const shares = await sharesOf(sold.id)
    expect(shares.reduce((sum, { amount }) => sum + amount, 0)).toBe(4_760)
    expect(shares.filter(({ kind }) => kind === 'tax')).toMatchObject([{ amount: 760 }])
    // The same request again, and the tax of what is ordered already.
    expect((await order(id)).body.id).toBe(sold.id)
    expect(errorOf(await tax(id))).toEqual([409, 'cart_locked'])
  })

  it('is within the price, with its coupon taken off first, and goes back with the goods', async () => {
    await bear('inclusive')
    const { id } = await cart({ couponCode: 'TEN' })
    const { body } = await tax(id)
    expect(body).toMatchObject({ totalAmount: 36, totalTax: 5.75, subtotal: 30.25, totalDiscount: 4 })
    const sold = await bought(id)
    expect(sold).toMatchObject({ totalAmount: 36, totalTax: 5.75, taxInclusive: true })
    expect(await sharesOf(sold.id)).toContainEqual(expect.objectContaining({ kind: 'tax', amount: 575 }))
    await shop.must('POST', '/v2/refunds', { orderId: sold.id })
    await shop.until(sold.id, ({ refundedAmount }) => refundedAmount === 36, 'the refund')
    await shop.settled(sold.id)
    const [owed] = await system.database.sql<{ sum: number }>(
      `select coalesce(sum(amount), 0) as sum from ledger_entries where order_id = $1 and account like 'tax:%'`,
      [sold.id],
    )
    expect(owed?.sum).toBe(0)
  })

  it('of goods is that of where they go, with their shipping', async () => {
    await bear('exclusive')
    const goods = await shop.cart([{ skuId: 'sku-physical' }], { shipTo: california })
    const { body } = await tax(goods.id)
    expect([body.taxState, body.totalTax > 35 * 0.07, body.totalShipping]).toEqual([
      'calculated',
      true,
      goods.totalShipping,
    ])
    const sold = await bought(goods.id)
    expect(sold.totalAmount).toBe(body.totalAmount)
    const shares = await sharesOf(sold.id)
    expect(shares.reduce((sum, { amount }) => sum + amount, 0)).toBe(Math.round(body.totalAmount * 100))
  })

  it('is within the price of goods and of their shipping', async () => {
    await bear('inclusive')
    const goods = await shop.cart([{ skuId: 'sku-physical' }, { skuId: 'sku-digital' }], { shipTo: california })
    const { body } = await tax(goods.id)
    expect([body.taxState, body.totalAmount]).toEqual(['calculated', goods.totalAmount])
    const sold = await bought(goods.id)
    expect(sold.totalAmount).toBe(goods.totalAmount)
    const shares = await sharesOf(sold.id)
    expect(shares.reduce((sum, { amount }) => sum + amount, 0)).toBe(Math.round(goods.totalAmount * 100))
    const taxes = shares.filter(({ kind }) => kind === 'tax').reduce((sum, { amount }) => sum + amount, 0)
    expect(taxes).toBe(Math.round(sold.totalTax * 100))
  })

  it('is asked for again once the cart is another one', async () => {
    await bear('exclusive')
    const { id, items } = await cart()
    const change = (method: string, path: string, body: Json) =>
      shop.must(method, `/v2/carts/${id}${path}`, body, { key: publishableKey })
    for (const [what, changed] of [
      ['quantity', () => change('PATCH', `/items/${items[0].id}`, { quantity: 3 })],
      ['place', () => change('POST', '', { billTo: { ...germany, address: { ...germany.address, country: 'FR' } } })],
      ['coupon', () => change('POST', '', { couponCode: 'TEN' })],
      ['mode', () => bear('inclusive')],
    ] as const) {
      expect((await tax(id)).body.taxState).toBe('calculated')
      await changed()
      const seen = await shop.must('GET', `/v2/carts/${id}`)
      expect([what, seen.taxState, errorOf(await order(id))]).toEqual([what, 'needed', [409, 'tax_not_calculated']])
    }
    await change('POST', '', { metadata: { note: 'x' } })
    expect((await tax(id)).body.taxState).toBe('calculated')
    await change('POST', '', { metadata: { note: 'y' } })
    expect((await shop.must('GET', `/v2/carts/${id}`)).taxState).toBe('calculated')
  })

  it('needs to know where the buyer is, and an entity that sells there', async () => {
    await bear('exclusive')
    const { id } = await cart({ billTo: undefined })
    expect(errorOf(await tax(id))).toEqual([400, 'tax_location_required'])
    expect(errorOf(await order(id))).toEqual([409, 'tax_not_calculated'])
    expect((await shop.call('POST', `/v2/carts/${crypto.randomUUID()}/tax`)).status).toBe(404)
    await replaceSellingEntities(
      system.database,
      null,
      demoSellingEntities.map((entity) => ({ ...entity, billToCountries: ['JP'], shipToCountries: ['JP'] })),
    )
    const elsewhere = await cart()
    expect(errorOf(await tax(elsewhere.id))).toEqual([400, 'selling_entity_not_found'])
    await replaceSellingEntities(system.database, null, demoSellingEntities)
    expect((await tax(elsewhere.id)).body.taxState).toBe('calculated')
  })

  it('is nobody’s while it cannot be said who sells, and is asked for again once who sold it is removed', async () => {
    await bear('exclusive')
    const goods = (shipTo?: Json) =>
      cart({ items: [{ skuId: 'sku-physical', quantity: 1 }], shipTo, billTo: california })
    const billedOnly = await goods()
    expect(errorOf(await tax(billedOnly.id))).toEqual([400, 'tax_location_required'])
    await system.database.sql('update merchants set ship_from = null where id = $1', [house])
    const fromNowhere = await goods(california)
    const refused = await tax(fromNowhere.id)
    expect([errorOf(refused), refused.body.errors[0].message]).toEqual([
      [400, 'selling_entity_not_found'],
      expect.stringContaining('no shipFrom'),
    ])
    await bear('exclusive')
    expect((await tax(fromNowhere.id)).body.taxState).toBe('calculated')

    const { id } = await cart()
    expect((await tax(id)).body.taxState).toBe('calculated')
    const others = demoSellingEntities.map((entity) => ({ ...entity, id: `NEW_${entity.id}` }))
    await replaceSellingEntities(system.database, null, others)
    try {
      expect(errorOf(await order(id))).toEqual([409, 'tax_not_calculated'])
      expect((await tax(id)).status).toBe(200)
      const { status, body } = await order(id)
      expect(status).toBe(201)
      const sold = await shop.must('GET', `/v2/orders/${body.id}`)
      expect(sold.sellingEntity.id).toBe('NEW_ORDERMILL_IE')
    } finally {
      await replaceSellingEntities(system.database, null, demoSellingEntities)
    }
  })

  describe('of a checkout link', () => {
    const link = async () => {
      const { data } = await shop.must('POST', '/v2/digital/products', {
        name: 'Guide',
        price: 20,
        currency: 'USD',
        content_type: 'text',
        delivery_content: 'read me',
      })
      const slug = `guide-${crypto.randomUUID().slice(0, 8)}`
      await shop.must('POST', '/v2/digital/links', { product_id: data.id, slug, title: 'Guide' })
      return slug
    }
    const pay = (slug: string, more: Json = {}) =>
      shop.call(
        'POST',
        `/v2/public/checkout/${slug}/pay`,
        { buyer_email: `${crypto.randomUUID()}@example.com`, ...more },
        { key: null },
      )
    const offer = async (slug: string, query = '') =>
      (await shop.call('GET', `/v2/public/checkout/${slug}${query}`, undefined, { key: null })).body.data

    it('depends on the country, is shown for it, and is paid', async () => {
      await bear('exclusive')
      const slug = await link()
      expect(await offer(slug)).toMatchObject({ price: 20, tax: null, tax_behavior: 'exclusive' })
      expect(await offer(slug, '?buyer_country=DE')).toMatchObject({ price: 23.8, tax: 3.8 })
      expect(errorOf(await pay(slug))).toEqual([400, 'tax_location_required'])
      expect((await pay(slug, { buyer_country: 'Germany' })).status).toBe(400)
      const { body } = await pay(slug, { buyer_country: 'DE' })
      expect(body.data).toMatchObject({ amount: 23.8 })
      await shop.confirm(body.data.client_secret)
      await shop.confirmed(body.data.id)
      expect(await shop.settled(body.data.id)).toMatchObject({ totalTax: 3.8, billTo: { address: { country: 'DE' } } })
      expect(await sharesOf(body.data.id)).toContainEqual(expect.objectContaining({ kind: 'tax', amount: 380 }))
    })

    it('does not change a price that includes it', async () => {
      await bear('inclusive')
      const slug = await link()
      const { body } = await pay(slug, { buyer_country: 'DE' })
      expect(body.data).toMatchObject({ amount: 20 })
      expect(await shop.read(body.data.id)).toMatchObject({ totalTax: 3.19, totalAmount: 20 })
    })

    it('is on its page', async () => {
      await bear('exclusive')
      const slug = await link()
      const page = async (form?: Record<string, string>) => {
        const answer = await fetch(`${system.url}/c/${slug}`, {
          redirect: 'manual',
          ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
          headers: { origin: system.url },
        })
        return { status: answer.status, text: await answer.text(), next: answer.headers.get('location') }
      }
      const first = await page()
      expect(first.text).toContain('Tax is added for your country')
      expect(first.text).toContain('<option value="DE">Germany</option>')
      const form = { email: 'ada@example.com', name: '', method: 'STRIPE', seen: '2000' }
      expect((await page(form)).text).toContain('Please choose your country: the tax depends on it.')
      const changed = await page({ ...form, country: 'DE' })
      expect(changed.text).toContain('This is what it costs now.')
      expect(changed.text).toMatch(/Includes .{0,3}3\.80.{0,5} tax/)
      const paying = await page({ ...form, country: 'DE', seen: '2380' })
      expect([paying.status, paying.next]).toEqual([303, expect.stringContaining('/pay')])
    })
  })
})

// Removes the risk that a stranger who reads an offer has us ask for taxes without an end, or that a calculator that is away breaks a page.
describe('the tax of an offer, which anybody may read', () => {
  const { system, shop } = runningShop(merchantOrders, {
    env: { TAX_CALCULATOR: 'stripe', RATE_LIMITS: 'quotes:4/1m' },
  })

  it('is asked for so many times, and said to be unknown while nobody answers', async () => {
    const [{ id }] = (await shop.must('GET', '/v2/merchants')).data
    await shop.must('POST', `/v2/merchants/${id}`, { name: 'Mill Store', cartTax: 'exclusive' })
    const { data } = await shop.must('POST', '/v2/digital/products', {
      name: 'Guide',
      price: 20,
      currency: 'USD',
      content_type: 'text',
      delivery_content: 'read me',
    })
    await shop.must('POST', '/v2/digital/links', { product_id: data.id, slug: 'guide', title: 'Guide' })
    const offer = () =>
      shop
        .call('GET', '/v2/public/checkout/guide?buyer_country=DE', undefined, { key: null })
        .then(({ status }) => status)
    const page = () =>
      fetch(`${system.url}/c/guide`, {
        method: 'POST',
        headers: { origin: system.url },
        body: new URLSearchParams({ email: 'ada@example.com', name: '', apply: 'yes', country: 'DE' }),
      }).then(({ status }) => status)
    expect(await offer()).toBe(200)
    const down = { provider: 'stripe', operation: 'tax_calculations.create', kind: 'status', status: 500, times: 20 }
    await shop.sandbox('POST', '/sandbox/faults', down)
    expect([await offer(), await page()]).toEqual([503, 503])
    await shop.sandbox('DELETE', '/sandbox/faults')
    await offer()
    expect([await offer(), await page()]).toEqual([429, 429])
    expect((await shop.call('GET', '/v2/public/checkout/guide', undefined, { key: null })).status).toBe(200)
  })
})
