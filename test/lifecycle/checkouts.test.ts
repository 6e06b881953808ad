import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { address, storefront } from '../storefront.ts'

const german = {
  name: 'Erika Muster',
  address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
}

// Removes the risk that a buyer is shown another price, tax or seller than the order will have.
describe('checkouts', () => {
  const { shop } = runningShop(storefront, { workers: false })

  const create = (more: object = {}) =>
    shop.call('POST', '/checkouts', {
      currency: 'EUR',
      email: 'erika@example.com',
      billTo: german,
      items: [{ productDetails: { name: 'Kurs' }, price: 100, quantity: 2 }],
      ...more,
    })

  it('R56 R57 R58 R59 has tax, a selling entity with disclosures and a payment session', async () => {
    const { status, body } = await create()
    expect(status).toBe(201)
    expect(body).toMatchObject({
      currency: 'EUR',
      subtotal: 200,
      totalTax: 38,
      totalAmount: 238,
      items: [{ amount: 200, tax: { rate: 0.19, amount: 38 } }],
      sellingEntity: { id: expect.any(String), name: expect.any(String) },
      payment: { sources: [], session: { state: 'requires_source', amountRemainingToBeContributed: 238 } },
    })
    expect(body.sellingEntity.disclosures.length).toBeGreaterThan(0)
    expect(body.sellingEntity.disclosures[0]).toMatchObject({ type: expect.any(String) })
    expect((await shop.must('GET', `/checkouts/${body.id}`)).totalAmount).toBe(238)
  })

  it('R52 takes products by SKU and by inline details, with prices of one piece or of all', async () => {
    const { body } = await create({
      currency: 'USD',
      items: [
        { skuId: 'sku-digital' },
        { skuId: 'sku-digital', price: 5, quantity: 2 },
        { productDetails: { name: 'Bundle', description: 'Three parts' }, aggregatePrice: 19.98, quantity: 3 },
      ],
    })
    expect(body.items.map((item: { amount: number }) => item.amount)).toEqual([20, 10, 19.98])
    expect(body.items[0].productDetails).toMatchObject({ name: 'E-book', physical: false })
    expect(body.items[2].productDetails).toMatchObject({ name: 'Bundle', physical: false })
  })

  it('leaves the selling entity open until enough is known, and refuses what nobody sells', async () => {
    const { body } = await create({ billTo: undefined })
    expect(body.sellingEntity).toEqual({})
    expect(body.totalTax).toBe(0)
  })

  it('takes the tax out of prices that include it', async () => {
    const { body } = await create({ taxInclusive: true, items: [{ productDetails: { name: 'Kurs' }, price: 119 }] })
    expect(body).toMatchObject({ subtotal: 100, totalTax: 19, totalAmount: 119 })
  })

  it('R199 R200 takes discounts off before tax', async () => {
    const { body } = await create({
      items: [
        { productDetails: { name: 'A' }, price: 75, discount: { percentOff: 10, quantity: 1 } },
        { productDetails: { name: 'B' }, price: 50 },
      ],
      discount: { amountOff: 17.5 },
    })
    expect(body).toMatchObject({ totalDiscount: 25, subtotal: 100, totalTax: 19, totalAmount: 119 })
    expect(body.items[0].discount).toEqual({ percentOff: 10, quantity: 1 })
  })

  it('R214 shows the tax on shipping', async () => {
    const { body } = await create({
      items: [{ productDetails: { name: 'Buch', physical: true, weight: 1, weightUnit: 'kg' }, price: 100 }],
      shipTo: german,
      shipFrom: { address: { country: 'DE' } },
      shippingChoice: { amount: 10, description: 'DHL', serviceLevel: 'standard' },
    })
    expect(body.shippingChoice).toMatchObject({
      amount: 10,
      taxAmount: 1.9,
      description: 'DHL',
      serviceLevel: 'standard',
    })
    expect(body).toMatchObject({ totalShipping: 10, subtotal: 110, totalAmount: 130.9 })
    expect(body.items[0].shipping).toEqual({ amount: 10, taxAmount: 1.9 })
  })

  it.each([false, true])(
    'R188 charges fees and duties beside the price, the same after a change (tax inclusive: %s)',
    async (taxInclusive) => {
      const { body } = await create({
        taxInclusive,
        items: [{ productDetails: { name: 'Akku' }, price: 119, fees: { amount: 11.9 }, duties: { amount: 7 } }],
      })
      const expected = taxInclusive
        ? { subtotal: 100, totalFees: 10, totalTax: 20.9, totalDuty: 7, totalAmount: 137.9 }
        : { subtotal: 119, totalFees: 11.9, totalTax: 24.87, totalDuty: 7, totalAmount: 162.77 }
      expect(body).toMatchObject(expected)
      expect(await shop.must('POST', `/checkouts/${body.id}`, { metadata: { touched: true } })).toMatchObject(expected)
    },
  )

  it('R192 R193 R194 R195 gives a subscription line an agreement, or keeps the one it renews', async () => {
    const subscription = { autoRenewal: true, freeTrial: false, terms: 'Yearly', subscriptionId: 'sub-1' }
    const { body } = await create({
      items: [{ productDetails: { name: 'Plan' }, price: 10, subscriptionInfo: subscription }],
    })
    const [{ subscriptionInfo }] = body.items
    expect(subscriptionInfo).toMatchObject({ ...subscription, billingAgreementId: expect.any(String) })
    const renewal = await create({
      items: [
        {
          productDetails: { name: 'Plan' },
          price: 10,
          subscriptionInfo: { ...subscription, billingAgreementId: subscriptionInfo.billingAgreementId },
        },
      ],
    })
    expect(renewal.body.items[0].subscriptionInfo.billingAgreementId).toBe(subscriptionInfo.billingAgreementId)
  })

  it('R101 is priced anew by every change', async () => {
    const { body } = await create()
    const changed = await shop.must('POST', `/checkouts/${body.id}`, {
      billTo: { ...german, address: { ...german.address, country: 'FR' } },
      discount: { percentOff: 50 },
      metadata: { campaign: 'x' },
    })
    expect(changed).toMatchObject({ subtotal: 100, totalTax: 20, totalAmount: 120, metadata: { campaign: 'x' } })
    expect(changed.updatedTime > body.updatedTime).toBe(true)
  })

  it('R101 takes no change any more once its order was made', async () => {
    const { body } = await create()
    const sourceId = await visa()
    await shop.must('POST', `/checkouts/${body.id}`, { sourceId })
    const order = await shop.must('POST', '/orders', { checkoutId: body.id })
    const late = await shop.call('POST', `/checkouts/${body.id}`, { discount: { percentOff: 50 } })
    expect([late.status, late.body.errors[0].code]).toEqual([409, 'cart_locked'])
    expect((await shop.must('GET', `/orders/${order.id}`)).totalAmount).toBe(238)
  })

  it('R65 says its tax and who sells again when a source is applied, and again after a change', async () => {
    const { body } = await create()
    const applied = await shop.must('POST', `/checkouts/${body.id}/sources/${await visa()}`)
    const after = await shop.must('GET', `/checkouts/${body.id}`)
    expect(after.payment.sources).toHaveLength(1)
    expect(applied.id).toBe(after.payment.sources[0].id)
    expect(after).toMatchObject({
      totalTax: 38,
      totalAmount: 238,
      sellingEntity: body.sellingEntity,
      payment: { session: { state: 'requires_confirmation', amountRemainingToBeContributed: 0 } },
    })
    const moved = await shop.must('POST', `/checkouts/${body.id}`, {
      billTo: { ...german, address: { ...german.address, country: 'FR' } },
    })
    expect(moved).toMatchObject({ totalTax: 40, totalAmount: 240, payment: { sources: [{ id: applied.id }] } })
  })

  const visa = async (): Promise<string> =>
    (await shop.must('POST', '/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa' })).id

  it('survives twenty changes at once', async () => {
    const { body } = await create()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        shop.call('POST', `/checkouts/${body.id}`, { metadata: { [`k${index % 4}`]: index } }),
      ),
    )
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true)
    expect((await shop.must('GET', `/checkouts/${body.id}`)).totalAmount).toBe(238)
  })

  it('is deleted once and found no more', async () => {
    const { body } = await create()
    expect((await shop.call('DELETE', `/checkouts/${body.id}`)).status).toBe(204)
    expect((await shop.call('GET', `/checkouts/${body.id}`)).status).toBe(404)
    expect((await shop.call('DELETE', `/checkouts/${body.id}`)).status).toBe(404)
    expect((await shop.call('POST', '/orders', { checkoutId: body.id })).status).toBe(404)
  })

  it('lists the newest first, by page and by filter', async () => {
    const upstreamId = randomUUID()
    const first = (await create({ upstreamId })).body
    const second = (await create({ upstreamId })).body
    const listed = await shop.must('GET', `/checkouts?upstreamIds=${upstreamId}&limit=1`)
    expect(listed).toMatchObject({ hasMore: true, data: [{ id: second.id, upstreamId }] })
    const rest = await shop.must('GET', `/checkouts?upstreamIds=${upstreamId}&startingAfter=${second.id}`)
    expect(rest).toMatchObject({ hasMore: false, data: [{ id: first.id }] })
  })

  it.each([
    ['no currency', { currency: undefined }, 'currency'],
    ['no items', { items: [] }, 'items'],
    ['an unknown SKU', { items: [{ skuId: 'nothing' }] }, 'items[0].skuId'],
    ['neither SKU nor product', { items: [{ price: 5 }] }, 'items[0].skuId'],
    ['a product without a price', { items: [{ productDetails: { name: 'x' } }] }, 'items[0].price'],
    ['too many decimals', { items: [{ productDetails: { name: 'x' }, price: 1.234 }] }, 'items[0].price'],
    ['an unknown customer', { customerId: 'nobody' }, 'customerId'],
    ['a country that is none', { billTo: { ...german, address: { country: 'Germany' } } }, 'billTo.address.country'],
    ['two discounts in one', { discount: { amountOff: 1, percentOff: 1 } }, 'discount'],
  ])('refuses %s by name', async (_what, more, parameter) => {
    const { status, body } = await create(more)
    expect(status).toBe(400)
    expect(body.errors[0].parameter).toBe(parameter)
  })

  it('is not for publishable keys', async () => {
    const answer = await shop.call('POST', '/checkouts', {}, { key: 'pk_test_system' })
    expect(answer.status).toBe(403)
  })

  it('becomes an unpaid order without a source at our own path, taxed as it was shown', async () => {
    const { body } = await create({ billTo: { ...address, address: { ...address.address, country: 'DE' } } })
    const order = await shop.must('POST', '/v2/orders', { checkoutId: body.id })
    expect(order).toMatchObject({ state: 'pending', totalAmount: 238, totalTax: 38, status: 'PENDING' })
    expect(order.items[0]).toMatchObject({ amount: 200, tax: { rate: 0.19, amount: 38 } })
    const intent = await shop.must('POST', `/v2/orders/${order.id}/payment-intent`, { paymentMethod: 'STRIPE' })
    expect(intent.distribution.reduce((sum: number, split: { amount: number }) => sum + split.amount, 0)).toBeCloseTo(
      238,
    )
  })
})
