import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'
import { secretKey } from '../system.ts'

const home = {
  line1: '10380 Bren Road West',
  line2: '',
  city: 'Minnetonka',
  postalCode: '55343',
  state: 'MN',
  country: 'US',
}

// Removes the risk that a client written for Digital River gets stuck on its way from SKU to refund because it fills, leaves out or
// repeats what we do not expect. Every request is what the named public code sends.
describe("Digital River's own clients", () => {
  const { shop, system } = runningShop(storefront)

  const card = () =>
    shop.must('POST', '/sources', {
      type: 'creditCard',
      paymentMethod: 'pm_card_visa',
      owner: { firstName: 'Ada', lastName: 'Buyer', email: 'ada@example.com', address: home },
    })

  const captured = ({ id, totalAmount }: { id: string; totalAmount: number }) =>
    eventually(
      async () => (await shop.must('GET', `/orders/${id}`)).capturedAmount === totalAmount || undefined,
      'a capture of all',
    )

  it('sfcc_link_digitalriver (Salesforce B2C) gets from its SKU export to a fulfilled order', async () => {
    const productId = `sfcc-${randomUUID()}`
    const upsert = {
      countryOfOrigin: 'US',
      name: 'Mug',
      eccn: 'EAR99',
      taxCode: '4323.310_A',
      partNumber: 'P-1',
      weight: 12.5,
      weightUnit: 'oz',
      managedFulfillment: 'DRGlobalFulfillment',
      skuGroupId: 'group-1',
      description: 'A mug',
      itemBreadcrumb: 'Kitchen > Mugs',
      image: 'https://shop.example/mug.png',
      url: 'https://shop.example/mug',
    }
    const made = await shop.call('PUT', `/skus/${productId}`, upsert)
    const { itemBreadcrumb: _, ...kept } = upsert
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ ...kept, physical: true })])
    expect((await shop.call('PUT', `/skus/${productId}`, upsert)).status).toBe(200)

    const customerNo = `customer-${randomUUID().slice(0, 8)}`
    await shop.must('POST', '/customers', {
      id: customerNo,
      email: 'ada@example.com',
      metadata: { CustomerSegment: 'Consumer' },
    })
    const again = await shop.call('POST', '/customers', { id: customerNo, email: 'ada@example.com', metadata: {} })
    expect(again.status).toBe(409)

    const basketId = randomUUID()
    const crossCheckoutId = randomUUID()
    const checkout = await shop.must('POST', '/checkouts', {
      sourceId: '',
      upstreamId: basketId,
      currency: 'USD',
      taxInclusive: false,
      browserIp: '192.0.2.1',
      billTo: { address: { ...home, line2: null }, name: 'Ada Buyer', email: 'ada@example.com', phone: '9525550100' },
      items: [{ skuId: productId, quantity: 2, aggregatePrice: 39.98, metadata: { crossCheckoutId } }],
      locale: 'default',
      shippingChoice: { amount: 5, description: 'Ground', serviceLevel: '001_Ground' },
      shipTo: { address: { ...home, line2: null }, name: 'Ada Buyer', phone: '9525550100' },
      shipFrom: { address: { ...home, line2: null } },
      customerId: customerNo,
      email: 'ada@example.com',
    })
    expect(checkout).toMatchObject({ locale: 'en_US', items: [{ skuId: productId, metadata: { crossCheckoutId } }] })
    expect(checkout.payment.session.id).toBeTruthy()

    const source = await card()
    await shop.must('POST', `/checkouts/${checkout.id}/sources/${source.id}`)
    await shop.must('POST', `/checkouts/${checkout.id}`, {
      shippingChoice: { amount: 5, description: 'Ground', serviceLevel: '001' },
      sourceId: '',
    })
    const order = await shop.must('POST', '/orders', { checkoutId: checkout.id })
    expect(order).toMatchObject({ state: 'accepted', upstreamId: basketId, items: [{ metadata: { crossCheckoutId } }] })

    const orderNo = `00${randomUUID().slice(0, 6)}`
    expect((await shop.must('POST', `/orders/${order.id}`, { upstreamId: orderNo })).upstreamId).toBe(orderNo)
    const found = await shop.must('GET', `/orders?upstreamIds=${orderNo}&limit=100`)
    expect(found.data.map(({ id }: { id: string }) => id)).toEqual([order.id])

    await shop.must('POST', '/fulfillments', {
      orderId: order.id,
      items: [{ itemId: order.items[0].id, quantity: 2 }],
      trackingNumber: null,
    })
    await captured(order)
    await shop.must('GET', `/refunds?orderId=${order.id}&state=pending_information`)
  })

  it.each([
    ['pm_card_chargeDeclined', 'failed-request'],
    ['pm_card_radarBlock', 'order-fraud-failure'],
  ])('sfcc_link_digitalriver tells a payment with %s from the code %s', async (paymentMethod, code) => {
    const source = await shop.must('POST', '/sources', { type: 'creditCard', paymentMethod })
    const checkout = await shop.must('POST', '/checkouts', {
      sourceId: source.id,
      currency: 'USD',
      billTo: { address: home, name: 'Ada Buyer', email: 'ada@example.com' },
      items: [{ productDetails: { name: 'Course' }, quantity: 1, aggregatePrice: 20 }],
      email: 'ada@example.com',
    })
    const refused = await shop.call('POST', '/orders', { checkoutId: checkout.id })
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, code])
  })

  it('vtex-apps/digital-river gets from its catalogue to a settled and refunded order without a billing address', async () => {
    const skuId = `${Date.now()}`
    await shop.must('PUT', `/skus/${skuId}`, {
      eccn: '5D992.c',
      taxCode: '55111500.120',
      name: 'Phone',
      countryOfOrigin: 'CN',
      physical: true,
    })
    const checkout = await shop.must('POST', '/checkouts', {
      applicationId: 'VTEX',
      currency: 'USD',
      taxInclusive: true,
      email: 'ada@example.com',
      locale: 'en_US',
      shipFrom: { address: home },
      shipTo: { name: 'Ada Buyer', phone: '', address: home },
      items: [{ skuId, quantity: 2, price: 49.99, discount: { amountOff: 5, quantity: 2 } }],
      shippingChoice: { amount: 0, description: '', serviceLevel: '' },
    })
    await shop.must('POST', `/checkouts/${checkout.id}`, { sourceId: (await card()).id })
    const reference = `vtex-${randomUUID()}`
    await shop.must('POST', `/checkouts/${checkout.id}`, { upstreamId: reference })
    const order = await shop.must('POST', '/orders', { checkoutId: checkout.id })
    expect(order).toMatchObject({ state: 'accepted', billTo: { name: 'Ada Buyer', address: { country: 'US' } } })
    expect((await shop.must('GET', `/orders?upstreamIds=${reference}`)).data).toHaveLength(1)

    const read = await shop.must('GET', `/orders/${order.id}`)
    await shop.must('POST', '/fulfillments', {
      items: read.items.map((item: { id: string; quantity: number }) => ({ itemId: item.id, quantity: item.quantity })),
      orderId: read.id,
    })
    await captured(order)
    const refund = await shop.must('POST', '/refunds', {
      orderId: read.id,
      currency: read.currency,
      items: [{ itemId: read.items[0].id, quantity: 1, amount: 10 }],
      percent: null,
    })
    expect(refund).toMatchObject({ amount: 10, items: [{ quantity: 1, amount: 10 }] })
  })

  it('sells no SKU without a price for nothing', async () => {
    const sku = await shop.must('POST', '/skus', {
      name: 'Course',
      eccn: 'EAR99',
      taxCode: '4323.310_A',
      countryOfOrigin: 'US',
    })
    const items = [{ skuId: sku.id, quantity: 1 }]
    const cart = await shop.call('POST', '/v2/carts', { currency: 'USD', email: 'ada@example.com', items })
    expect([cart.status, cart.body.errors[0].code]).toEqual([400, 'currency_mismatch'])
    expect((await shop.call('POST', '/v2/carts', { currency: 'XXX', items })).status).toBe(400)
    const checkout = await shop.call('POST', '/checkouts', { currency: 'USD', items })
    expect(checkout.body.errors).toEqual([
      { code: 'missing_parameter', message: 'A required parameter is missing.', parameter: 'items[0].price' },
    ])
  })

  it('reads, changes, lists and deletes a SKU', async () => {
    const { id } = await shop.must('POST', '/skus', {
      name: 'Course',
      eccn: 'EAR99',
      taxCode: '4323.310_A',
      countryOfOrigin: 'US',
      metadata: { shelf: '', old: null },
    })
    expect(await shop.must('POST', `/skus/${id}`, { partNumber: 'P-2', url: null })).toMatchObject({
      name: 'Course',
      eccn: 'EAR99',
      partNumber: 'P-2',
      physical: false,
      metadata: { shelf: '' },
    })
    expect((await shop.must('GET', `/skus?ids=${id}`)).data).toEqual([await shop.must('GET', `/skus/${id}`)])
    expect(await shop.must('GET', '/sku-groups')).toEqual({ hasMore: false, data: [] })
    expect((await shop.call('DELETE', `/skus/${id}`)).status).toBe(204)
    expect((await shop.call('GET', `/skus/${id}`)).status).toBe(404)
  })

  it('names everything that is missing at once', async () => {
    const { status, body } = await shop.call('POST', '/skus', { name: '', weight: 3 })
    expect([status, body.errors.map((error: { parameter: string }) => error.parameter)]).toEqual([
      400,
      ['countryOfOrigin', 'eccn', 'name', 'taxCode'],
    ])
  })

  it('takes a request with two content types', async () => {
    const status = await new Promise((resolve, reject) => {
      const sending = request(
        new URL('/customers', system.url),
        {
          method: 'POST',
          headers: [
            ['Host', new URL(system.url).host],
            ['Authorization', `Bearer ${secretKey}`],
            ['Content-Type', 'application/json'],
            ['Content-Type', 'text/plain'],
          ].flat(),
        },
        (answer) => resolve(answer.resume().statusCode),
      )
      sending.on('error', reject).end(JSON.stringify({ email: 'ada@example.com' }))
    })
    expect(status).toBe(201)
  })

  it('keeps the version of the API that a webhook asks for', async () => {
    const hook = await shop.must('POST', '/webhooks', {
      types: ['order.accepted'],
      apiVersion: '2021-12-13',
      enabled: true,
      address: 'https://shop.example/digital-river',
    })
    expect(hook.apiVersion).toBe('2021-12-13')
    const changed = await shop.must('PATCH', `/webhooks/${hook.id}`, { apiVersion: '2021-03-23', address: null })
    expect(changed).toMatchObject({ apiVersion: '2021-03-23', address: hook.address })
  })
})
