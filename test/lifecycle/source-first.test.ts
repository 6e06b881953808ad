import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { address, shipFrom, storefront } from '../storefront.ts'

const customsTerms = { name: 'Mug', eccn: 'EAR99', taxCode: '4323.310_A', physical: true }

// Removes the risk that an order is made without its money being held, or money held without an order.
describe('an order of a checkout with a source', () => {
  const { shop } = runningShop(storefront)

  const source = async (paymentMethod = 'pm_card_visa') =>
    (await shop.must('POST', '/sources', { type: 'creditCard', paymentMethod })).id
  const checkout = async (more: object = {}) =>
    shop.must('POST', '/checkouts', {
      currency: 'USD',
      email: 'buyer@example.com',
      billTo: address,
      items: [{ productDetails: { name: 'Course', physical: false }, price: 100 }],
      ...more,
    })

  const submit = (checkoutId: string, options?: { headers?: Record<string, string> }) =>
    shop.call('POST', '/orders', { checkoutId }, options)
  const intents = async () => (await shop.sandbox('GET', '/sandbox/books')).stripe.paymentIntents
  const ordersOf = async (checkoutId: string) => (await shop.must('GET', `/orders?checkoutId=${checkoutId}`)).data

  it('R66 R67 R97 R124 R143 authorizes the source and answers 201 with an accepted order', async () => {
    const basket = await checkout({ sourceId: await source() })
    expect(basket.payment.session).toMatchObject({
      state: 'requires_confirmation',
      amountContributed: basket.totalAmount,
    })
    const { status, body } = await submit(basket.id)
    expect(body).toMatchObject({
      state: 'accepted',
      fraudState: 'passed',
      charges: [{ state: 'capturable', captured: false, refunded: false, amount: basket.totalAmount }],
      payment: { session: { state: 'complete' } },
    })
    expect(status).toBe(201)
    expect(body.charges[0].sourceId).toBe(body.payment.sources[0].id)
    expect(body.stateTransitions).toMatchObject({
      created: expect.any(String),
      submitted: expect.any(String),
      accepted: expect.any(String),
    })
    expect(body.fraudStateTransitions).toMatchObject({ passed: expect.any(String) })
  })

  it('R106 R107 R110 R115 answers a declined card with 409 and makes no order', async () => {
    const basket = await checkout({ sourceId: await source('pm_card_chargeDeclined') })
    const { status, body } = await submit(basket.id)
    expect(status).toBe(409)
    expect(body).toEqual({
      type: 'conflict',
      errors: [{ code: 'failed-request', message: 'Failed to charge source.' }],
    })
    expect(await ordersOf(basket.id)).toEqual([])
    const again = await submit(basket.id)
    expect(again.status).toBe(409)
  })

  it.each([
    ['pm_card_chargeDeclined', 'failed-request'],
    ['pm_card_radarBlock', 'order-fraud-failure'],
  ])('R106 R108 answers every one of ten requests at once with %s that no order was made', async (card, code) => {
    const basket = await checkout({ sourceId: await source(card) })
    const answers = await Promise.all(Array.from({ length: 10 }, () => submit(basket.id)))
    const seen = answers.map(({ status, body }) => `${status} ${body.errors?.[0].code}`)
    expect(seen).toContain(`409 ${code}`)
    expect(seen.filter((answer) => answer !== `409 ${code}`)).toEqual([])
    expect(await ordersOf(basket.id)).toEqual([])
    expect((await submit(basket.id)).body.errors[0].code).toBe(code)
  })

  it('R177 R178 R239 answers a consumed checkout with the 404 of the contract', async () => {
    const basket = await checkout({ sourceId: await source() })
    expect((await submit(basket.id)).status).toBe(201)
    const { status, body } = await submit(basket.id)
    expect(status).toBe(404)
    expect(body).toEqual({
      type: 'not_found',
      errors: [{ code: 'not_found', parameter: 'orderId', message: `Order ${basket.id} not found` }],
    })
  })

  it('makes one order and one authorization of ten requests at once', async () => {
    const basket = await checkout({ sourceId: await source() })
    const before = (await intents()).length
    const answers = await Promise.all(Array.from({ length: 10 }, () => submit(basket.id)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.every(({ status }) => [201, 404].includes(status))).toBe(true)
    expect(await ordersOf(basket.id)).toHaveLength(1)
    expect((await intents()).length).toBe(before + 1)
  })

  it('answers a repeated Idempotency-Key with the same order', async () => {
    const basket = await checkout({ sourceId: await source() })
    const options = { headers: { 'idempotency-key': `once-${basket.id}` } }
    const first = await submit(basket.id, options)
    const second = await submit(basket.id, options)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body.id).toBe(first.body.id)
  })

  it('R98 R99 R102 R103 ignores what stands beside the checkout', async () => {
    const basket = await checkout({ sourceId: await source() })
    const { status, body } = await shop.call('POST', '/orders', {
      checkoutId: basket.id,
      email: 'other@example.com',
      upstreamId: '1J9F17710A6',
    })
    expect(status).toBe(201)
    expect(body.email).toBe('buyer@example.com')
    expect(body.upstreamId).toBeUndefined()
  })

  it('R240 takes a body that is sent as text', async () => {
    const basket = await checkout({ sourceId: await source() })
    const body = JSON.stringify({ checkoutId: basket.id })
    const answer = await shop.call('POST', '/orders', body, { headers: { 'content-type': 'text/plain' } })
    expect(answer.status).toBe(201)
  })

  it('R94 refuses a request without a key', async () => {
    expect((await shop.call('POST', '/orders', { checkoutId: randomUUID() }, { key: null })).status).toBe(401)
  })

  it.each([
    ['R95 no email', { email: undefined }, 400, 'order_create_failed', 'email'],
    ['R95 no billing address', { billTo: undefined }, 400, 'missing_parameter', 'billTo.address'],
    ['R96 no source', { sourceId: undefined }, 400, 'order_submit_failed', undefined],
    [
      'R213 parcels without a shipping choice',
      { items: [{ skuId: 'sku-physical', price: 10 }], shipTo: address, shipFrom: { address: address.address } },
      400,
      'invalid_shipping_choice',
      'shippingChoice',
    ],
  ])('%s: refuses the checkout, which can be mended', async (_what, more, status, code, parameter) => {
    const basket = await checkout({ sourceId: await source(), ...more })
    const answer = await submit(basket.id)
    expect(answer.status).toBe(status)
    expect(answer.body.errors[0]).toMatchObject({ code, ...(parameter ? { parameter } : {}) })
    expect(await ordersOf(basket.id)).toEqual([])
  })

  describe('of goods that nobody says from where they leave', () => {
    const parcels = async (item: object) =>
      checkout({
        sourceId: await source(),
        items: [item],
        shipTo: address,
        shippingChoice: { amount: 5, description: 'Post', serviceLevel: 'ground' },
      })
    const merchantFrom = async (place: object | undefined) => {
      const [{ id, name, stripeAccountId }] = (await shop.must('GET', '/v2/merchants')).data
      await shop.must('POST', `/v2/merchants/${id}`, { name, stripeAccountId, ...(place ? { shipFrom: place } : {}) })
    }
    afterEach(() => merchantFrom(shipFrom))

    it('has them leave from the merchant, unless the checkout says otherwise later', async () => {
      const basket = await parcels({ skuId: 'sku-physical', price: 10 })
      expect(basket.shipFrom).toEqual({ name: shipFrom.name, address: shipFrom.address })
      const moved = await shop.must('POST', `/checkouts/${basket.id}`, { shipFrom: { address: { country: 'DE' } } })
      expect(moved.shipFrom).toEqual({ address: { country: 'DE' } })
      const { status, body } = await submit(basket.id)
      expect([status, body.shipFrom]).toEqual([201, { address: { country: 'DE' } }])
    })

    it('has them leave from the one country they come from, where the merchant has no address', async () => {
      await merchantFrom(undefined)
      const basket = await parcels({
        productDetails: { name: 'Mug', physical: true, countryOfOrigin: 'JP' },
        price: 10,
      })
      const { status, body } = await submit(basket.id)
      expect([status, body.shipFrom]).toEqual([201, { address: { country: 'JP' } }])
      await shop.must('POST', '/skus', { ...customsTerms, id: 'from-germany', countryOfOrigin: 'DE' })
      await shop.must('POST', '/skus', { ...customsTerms, id: 'from-france', countryOfOrigin: 'FR' })
      expect((await parcels({ skuId: 'from-germany', price: 10 })).shipFrom).toEqual({ address: { country: 'DE' } })
      const two = await checkout({
        items: ['from-germany', 'from-france'].map((skuId) => ({ skuId, price: 10 })),
        shipTo: address,
      })
      expect(two.shipFrom).toBeUndefined()
    })

    it('has them leave from the country of its only seller, where nothing else is known', async () => {
      await merchantFrom(undefined)
      await shop.must('POST', '/v2/selling-entities', {
        id: 'ONLY_ONE',
        name: 'Mühle GmbH',
        country: 'DE',
        shipFromCountries: ['*'],
        shipToCountries: ['*'],
        billToCountries: ['*'],
        address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
      })
      try {
        const basket = await parcels({ skuId: 'sku-physical', price: 10 })
        expect([basket.shipFrom, basket.sellingEntity.id]).toEqual([{ address: { country: 'DE' } }, 'ONLY_ONE'])
      } finally {
        await shop.must('DELETE', '/v2/selling-entities/ONLY_ONE')
      }
    })

    it('R95 refuses parcels from nowhere, where nothing is known of their way', async () => {
      await merchantFrom(undefined)
      const basket = await parcels({ skuId: 'sku-physical', price: 10 })
      const { status, body } = await submit(basket.id)
      expect([status, body.errors[0].code, body.errors[0].parameter]).toEqual([
        400,
        'missing_parameter',
        'shipFrom.address',
      ])
      expect(await ordersOf(basket.id)).toEqual([])
    })
  })

  it('finishes an order whose process died between authorization and answer', async () => {
    const basket = await checkout({ sourceId: await source() })
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'payment_intents.create',
      kind: 'drop_after',
      times: 10,
    })
    const lost = await submit(basket.id)
    expect(lost.status).toBe(503)
    expect(await ordersOf(basket.id)).toEqual([])
    await shop.sandbox('DELETE', '/sandbox/faults')
    const again = await submit(basket.id)
    expect(again.status).toBe(201)
    expect(again.body.state).toBe('accepted')
  })
})
