import { createHmac, randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { digitalRiverClient } from '../contract/digital-river-client.ts'
import { documentsFound } from '../contract/documents.ts'
import { startReceiver } from '../event-receiver.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, storefront } from '../storefront.ts'

type Call = (
  method: string,
  path: string,
  body?: unknown,
  options?: { headers?: Record<string, string>; unchecked?: boolean },
) => Promise<Answer>

// Removes the risk that Digital River's own connector for Magento 2 gets stuck. Every request is what its `Helper/Drapi.php` sends, in
// the version of `vmarianiello/magento-connector-v2x` and in the later one that names items by their ids; where the document of
// 2021-12-13 is beside this clone every exchange is held against it.
describe("Digital River's connector for Magento 2", () => {
  const { shop, system } = runningShop(storefront)
  let call: Call = shop.call
  const must: Call = async (method, path, body, options) => {
    const answer = await call(method, path, body, options)
    expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300)
    return answer
  }
  const post = async (path: string, body: unknown) => (await must('POST', `/${path}`, body)).body
  const get = async (path: string) => (await must('GET', `/${path}`)).body

  beforeAll(async () => {
    if (documentsFound()) call = (await digitalRiverClient(system)).call
  })

  const store = {
    address: {
      line1: '10380 Bren Road West',
      line2: '',
      city: 'Minnetonka',
      country: 'US',
      state: 'MN',
      postalCode: '55343',
    },
  }
  const shipTo = { ...store, phone: '9525550100', name: 'Ada Buyer', email: 'ada@example.com', organization: '' }
  const owner = { firstName: 'Ada', lastName: 'Buyer', email: 'ada@example.com', address: store.address }

  const sku = async (id: string) =>
    (
      await must('PUT', `/skus/${id}`, {
        eccn: 'EAR99',
        taxCode: '4323.310_A',
        countryOfOrigin: 'US',
        name: 'Mug',
        fulfill: false,
        partNumber: 'MUG-1',
        hsCode: '6912.00',
      })
    ).body

  const basket = (skuId: string, more: object = {}) => ({
    email: 'ada@example.com',
    metadata: { QuoteID: '71', subTotalDiscount: 4, shippingDiscount: 0, shippingAmount: 5 },
    taxInclusive: false,
    currency: 'USD',
    shipFrom: store,
    browserIp: '192.0.2.1',
    shipTo,
    purchaseLocation: { country: 'US', state: 'MN', postalCode: '55343' },
    locale: 'en_US',
    items: [
      {
        quantity: 2,
        metadata: { productPriceSubTotal: 40, magento_quote_item_id: '181', productDiscount: 4 },
        skuId,
        aggregatePrice: 36,
      },
    ],
    shippingChoice: { amount: 5, description: 'Flat Rate - Fixed', serviceLevel: 'SG' },
    ...more,
  })

  const card = () => shop.must('POST', '/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa', owner })

  const until = (id: string, fits: (order: Answer['body']) => boolean, what: string) =>
    eventually(async () => {
      const order = await get(`orders/${id}`)
      return fits(order) ? order : undefined
    }, what)

  it('gets from a SKU to the refund of a credit memo, and names items by their SKU', async () => {
    const skuId = `mug-${randomUUID()}`
    expect(await sku(skuId)).toMatchObject({ id: skuId, hsCode: '6912.00', physical: true })
    expect((await get(`skus/${skuId}`)).partNumber).toBe('MUG-1')

    const customer = {
      id: randomUUID().replaceAll('-', ''),
      type: 'individual',
      email: 'ada@example.com',
      locale: 'en_US',
      metadata: { CustomerSegment: 'CustomerSegment' },
    }
    await post('customers', customer)
    const again = await call('POST', '/customers', customer)
    expect([again.status, again.body.errors[0].code]).toEqual([409, 'already_exists'])

    const checkout = await post('checkouts', basket(skuId, { customerId: customer.id }))
    // What the connector reads of it; older versions look for the session's id beside the basket.
    expect(checkout).toMatchObject({
      paymentSessionId: checkout.payment.session.id,
      totalDuty: 0,
      items: [{ tax: { amount: expect.any(Number) }, metadata: { magento_quote_item_id: '181' } }],
      shippingChoice: { amount: 5, taxAmount: expect.any(Number) },
    })
    expect(checkout.sellingEntity.id).toBeTruthy()

    const source = await card()
    await post(`customers/${customer.id}/sources/${source.id}`, [])
    const saved = (await get(`customers/${customer.id}`)).sources
    expect(saved).toEqual([expect.objectContaining({ id: source.id, type: 'creditCard', reusable: true })])
    expect(saved[0].creditCard.lastFourDigits).toBe('4242')
    await post(`checkouts/${checkout.id}`, {
      sourceId: source.id,
      upstreamId: '000000071',
      email: 'ada@example.com',
      shipTo,
    })
    const order = await post('orders', { checkoutId: checkout.id })
    expect(order).toMatchObject({ state: 'accepted', upstreamId: '000000071', totalTax: expect.any(Number) })
    expect((await get(`sources/${source.id}`)).owner).toMatchObject({ firstName: 'Ada', lastName: 'Buyer' })

    expect((await get(`fulfillments?orderId=${order.id}`)).data).toEqual([])
    await post('fulfillments', { orderId: order.id, items: [{ skuId, quantity: 1 }] })
    await post('fulfillments', { orderId: order.id, items: [{ skuId, quantity: 1 }] })
    const fulfilled = (await get(`fulfillments?orderId=${order.id}`)).data
    expect(fulfilled.map(({ items }: { items: object[] }) => items)).toEqual([
      [expect.objectContaining({ skuId, quantity: 1 })],
      [expect.objectContaining({ skuId, quantity: 1 })],
    ])
    await until(order.id, ({ capturedAmount }) => capturedAmount === order.totalAmount, 'a capture of all')

    const unit = 10
    const refunded = await must(
      'POST',
      '/refunds',
      {
        orderId: order.id,
        currency: 'USD',
        reason: 'CUSTOMER_SATISFACTION_ISSUE',
        items: [{ skuId, amount: unit, quantity: 2 }],
        metadata: {
          magentoOrderId: '12',
          magentoOrderItemId: '31',
          subTotal: 20,
          subTotalDiscount: 0,
          type: 'product',
        },
      },
      // An older version of the document knew items without an id.
      { unchecked: true },
    )
    expect(refunded.body.items).toEqual([expect.objectContaining({ skuId, quantity: 2, amount: 2 * unit })])
    await post('refunds', {
      orderId: order.id,
      currency: 'USD',
      type: 'shipping',
      amount: 5,
      reason: 'CUSTOMER_SATISFACTION_ISSUE',
      metadata: { magentoOrderId: '12', shippingInclTax: 5, shippingDiscount: 0, type: 'shipping' },
    })
    await post('refunds', {
      orderId: order.id,
      currency: 'USD',
      amount: 1,
      reason: 'CUSTOMER_SATISFACTION_ISSUE',
      metadata: { magentoOrderId: '12', type: 'adjustment' },
    })
    await until(order.id, ({ refundedAmount }) => refundedAmount === 26, 'three refunds')
    expect((await get(`refunds?orderId=${order.id}`)).data).toHaveLength(3)
  })

  it('gives up an order that Magento could not store', async () => {
    const skuId = `mug-${randomUUID()}`
    await sku(skuId)
    const checkout = await post('checkouts', basket(skuId, { sourceId: (await card()).id }))
    const order = await post('orders', { checkoutId: checkout.id })
    await post('fulfillments', {
      orderId: order.id,
      items: order.items.map((item: { skuId: string; quantity: number }) => ({
        skuId: item.skuId,
        cancelQuantity: item.quantity,
      })),
    })
    await until(order.id, ({ state }) => state === 'cancelled', 'the order to be cancelled')
  })

  it('goes the same way with the ids of items, slashes at the end, and numbers as texts, and hears of it', async () => {
    const receiver = await startReceiver()
    // The document asks for other fields than any client sends, and than its own answers have.
    const hook = await shop.must('POST', '/webhooks', {
      types: ['order.accepted', 'order.complete', 'refund.complete', 'order.invoice.created'],
      apiVersion: '2021-12-13',
      enabled: true,
      address: receiver.url,
    })
    const skuId = `mug-${randomUUID()}`
    await sku(skuId)
    const customerId = randomUUID().replaceAll('-', '')
    expect((await call('GET', `/customers/${customerId}`)).status).toBe(404)
    await post('customers', { id: customerId, email: 'ada@example.com' })
    const taxId = (await shop.must('POST', '/tax-identifiers/', { type: 'br_natural', value: '12345678909' })) as object
    expect(taxId).toMatchObject({ type: 'br_natural' })

    const { items } = basket(skuId)
    const checkout = await post(
      'checkouts',
      basket(skuId, {
        sourceId: '',
        customerId,
        billTo: shipTo,
        taxIdentifiers: [],
        customerType: 'individual',
        items: items.map((item) => ({ ...item, shipFrom: store })),
      }),
    )
    const source = await shop.must('POST', '/sources/', {
      type: 'creditCard',
      paymentMethod: 'pm_card_visa',
      owner,
      paymentSessionId: checkout.payment.session.id,
    })
    await post(`checkouts/${checkout.id}/sources/${source.id}`, [])
    expect((await shop.must('GET', `//payments/sources/${source.id}`)).id).toBe(source.id)
    const order = await post('orders', { checkoutId: checkout.id, upstreamId: '000000072' })
    expect((await shop.must('POST', `/orders/${order.id}/refresh`, [])).id).toBe(order.id)

    const [line] = order.items
    await post('fulfillments', {
      orderId: order.id,
      items: [{ itemId: line.id, quantity: 2 }],
      metadata: { storecode: 'default' },
      trackingCompany: '',
      trackingNumber: '',
    })
    const captured = await until(order.id, ({ state }) => state === 'complete', 'the order to be complete')
    expect(captured.availableToRefundAmount).toBe(order.totalAmount)

    const half = await shop.must('POST', '/refunds', {
      orderId: order.id,
      currency: 'USD',
      items: [{ itemId: line.id, quantity: '2', percent: 50 }],
    })
    expect(half.items).toEqual([expect.objectContaining({ quantity: 2, percent: 50 })])
    expect(half.items[0].amount).toBeCloseTo(captured.items[0].availableToRefundAmount / 2, 1)
    const rest = await shop.must('POST', '/refunds', { orderId: order.id, currency: 'USD', amount: '3.00' })
    await post(`refunds/${rest.id}`, { metadata: { magentoCreditmemoId: 7, storecode: 'default' } })

    const told = await eventually(async () => {
      const events = receiver.received.map(({ event }) => event)
      const mine = events.filter(({ data }) => [data.object.id, data.object.orderId].includes(order.id))
      return new Set(mine.map(({ type }) => type)).size === 4 ? mine : undefined
    }, 'the events of the order')
    expect(told.find(({ type }) => type === 'order.accepted')?.data.object).toMatchObject({ state: 'accepted' })
    expect(told.find(({ type }) => type === 'refund.complete')?.data.object).toMatchObject({
      orderId: order.id,
      currency: 'USD',
      state: 'succeeded',
      refundedAmount: expect.any(Number),
    })
    const invoiced = told.find(({ type }) => type === 'order.invoice.created')
    const [file] = invoiced?.data.object.invoicePDFs ?? []
    const link = await post('file-links', { fileId: file.id, expiresTime: '2036-11-30T10:00:00Z' })
    expect((await fetch(link.url)).status).toBe(200)
    const [delivery] = receiver.received
    const [timestamp, signature] = (delivery?.headers['digitalriver-signature'] ?? '').split(', ')
    expect(signature).toBe(createHmac('sha256', hook.secret).update(`${timestamp}.${delivery?.body}`).digest('base64'))
    await receiver.stop()
  })
})
