// Risk removed: orders that a client written for Digital River cannot read, or states it does not expect.
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { address, eventually, storefront } from '../storefront.ts'
import { type DigitalRiverClient, digitalRiverClient } from './digital-river-client.ts'
import { documentsPresent } from './documents.ts'

const present = documentsPresent("Contract with Digital River's clients: orders")

describe.skipIf(!present)("Digital River's orders answer as their document says", () => {
  const { system, shop } = runningShop(storefront)
  let client: DigitalRiverClient
  let merchantId: string

  beforeAll(async () => {
    merchantId = (await shop.must('GET', '/v2/merchants')).data[0].id
    client = await digitalRiverClient(system)
  })

  const source = async (type = 'creditCard', flow = 'standard', reference: string | null = 'pm_card_visa') => {
    const id = randomUUID()
    await system.database.sql(
      `insert into sources (id, merchant_id, type, flow, state, provider, provider_reference, owner, live_mode)
       values ($1, $2, $3, $4, 'chargeable', 'stripe', $5, '{"firstName":"Ada","lastName":"Buyer","address":{"country":"US"}}', false)`,
      [id, merchantId, type, flow, reference],
    )
    return id
  }
  const checkout = async (more: object = {}) =>
    client.must('POST', '/checkouts', {
      currency: 'USD',
      email: 'buyer@example.com',
      billTo: address,
      shipTo: address,
      shipFrom: { address: { country: 'US', state: 'CA' } },
      shippingChoice: { amount: 5, description: 'USPS: Priority (1 day delivery)', serviceLevel: 'SG' },
      locale: 'de_DE',
      items: [
        {
          skuId: 'sku-digital',
          price: 100,
          quantity: 1,
          subscriptionInfo: { terms: 'Yearly', autoRenewal: true, freeTrial: false, subscriptionId: 'sub-7' },
        },
        { skuId: 'sku-physical', price: 75, quantity: 1, discount: { percentOff: 10, quantity: 1 } },
      ],
      sourceId: await source(),
      ...more,
    })
  const place = async (more: object = {}) => client.must('POST', '/orders', { checkoutId: (await checkout(more)).id })

  it('R118 R119 R120 R121 R181 R185 R190 R196 R197 R198 R218 R221 R222 R223 R224 R225 R226 R227 R229 R230 shows all a client stores of a new order', async () => {
    const basket = await checkout()
    const order = await client.must('POST', '/orders', { checkoutId: basket.id })
    expect(order).toMatchObject({
      id: expect.any(String),
      checkoutId: basket.id,
      state: 'accepted',
      fraudState: 'passed',
      stateTransitions: { created: expect.any(String), submitted: expect.any(String), accepted: expect.any(String) },
      fraudStateTransitions: { passed: expect.any(String) },
      requestToBeForgotten: false,
      locale: 'de_DE',
    })
    for (const name of [
      'totalAmount',
      'subtotal',
      'totalFees',
      'totalTax',
      'totalDuty',
      'totalDiscount',
      'totalShipping',
    ])
      expect(order[name], `R187 R188 ${name}`).toBe(basket[name])
    expect(order.charges).toHaveLength(1)
    expect(order.charges).toEqual(order.payment.charges)
    expect(order.charges[0]).toMatchObject({
      amount: order.totalAmount,
      state: 'capturable',
      captured: false,
      refunded: false,
      sourceId: order.payment.sources[0].id,
      currency: 'USD',
    })
    expect(new Set(order.items.map((item: { id: string }) => item.id)).size).toBe(2)
    expect(order.items[0]).toMatchObject({
      skuId: 'sku-digital',
      amount: 100,
      quantity: 1,
      state: 'created',
      stateTransitions: { created: expect.any(String) },
      tax: { rate: expect.any(Number), amount: expect.any(Number) },
      subscriptionInfo: { subscriptionId: 'sub-7', billingAgreementId: expect.any(String), terms: 'Yearly' },
    })
    expect(order.items[1]).toMatchObject({ amount: 67.5, discount: { percentOff: 10, quantity: 1 } })
    expect(order.shippingChoice).toMatchObject({ amount: 5, serviceLevel: 'SG', taxAmount: expect.any(Number) })
    expect(order.shipTo).toEqual(address)
    expect(order.invoicePDFs).toBeUndefined()
    expect(order.creditMemoPDFs).toBeUndefined()
  })

  it('R146 R147 R148 says of every product whether it is physical', async () => {
    const order = await place()
    const read = await client.must('GET', `/orders/${order.id}?expand=true`)
    expect(read.items.map((item: { productDetails: { physical: boolean } }) => item.productDetails.physical)).toEqual([
      false,
      true,
    ])
  })

  it('R106 R109 R110 refuses a declined card in the words of the document', async () => {
    const basket = await checkout({ sourceId: await source('creditCard', 'standard', 'pm_card_chargeDeclined') })
    const answer = await client.call('POST', '/orders', { checkoutId: basket.id })
    expect(answer.status).toBe(409)
  })

  it('R177 R178 answers a consumed checkout in the words of the document', async () => {
    const basket = await checkout()
    await client.must('POST', '/orders', { checkoutId: basket.id })
    expect((await client.call('POST', '/orders', { checkoutId: basket.id })).status).toBe(404)
  })

  it('R180 R231 R232 R233 R237 R238 changes metadata, the number a client has for it and the wish to be forgotten, and nothing else', async () => {
    const order = await place()
    const changed = await client.must('POST', `/orders/${order.id}`, {
      metadata: { ticket: 7 },
      upstreamId: `U-${order.id}`,
      email: 'not-taken@example.com',
    })
    expect(changed).toMatchObject({ metadata: { ticket: 7 }, requestToBeForgotten: false, state: order.state })
    expect(changed).toMatchObject({ upstreamId: `U-${order.id}`, email: order.email })
    const forgotten = await client.must('POST', `/orders/${order.id}`, { requestToBeForgotten: true })
    expect(forgotten.requestToBeForgotten).toBe(true)
    expect((await client.must('GET', `/orders/${order.id}`)).requestToBeForgotten).toBe(true)
    expect((await client.call('POST', '/orders/ord_nobody', { metadata: {} })).status).toBe(404)
  })

  it('lists orders by what clients filter by', async () => {
    const order = await place({ upstreamId: `U-${randomUUID()}` })
    for (const query of [
      `ids=${order.id}`,
      `upstreamIds=${order.upstreamId}`,
      `checkoutId=${order.checkoutId}`,
      `email=buyer@example.com&limit=1`,
      `state=accepted&currency=USD&fraudState=passed&skuId=sku-digital&limit=1`,
    ]) {
      const listed = await client.must('GET', `/orders?${query}`)
      expect(listed.data[0]?.id, query).toBe(order.id)
    }
    expect((await client.must('GET', `/orders?ids=ord_nobody`)).data).toEqual([])
  })

  it('R155 R161 R219 shows an order that waits for its money, its source and what to do', async () => {
    const order = await place({
      currency: 'JPY',
      items: [{ skuId: 'sku-digital', price: 5000, quantity: 1 }],
      shippingChoice: undefined,
      sourceId: await source('konbini', 'receiver', null),
    })
    expect(order.state).toBe('pending_payment')
    expect(order.payment.session.nextAction.action).toBe('show_payment_instructions')
    const refreshed = await shop.must('POST', `/orders/${order.id}/refresh`)
    expect(refreshed.state).toBe('pending_payment')
  })

  it('takes a customer credit beside a card, from its session to its order, its capture and its refund', async () => {
    const basket = await checkout()
    const credit = await client.must('POST', '/sources', {
      type: 'customerCredit',
      paymentSessionId: basket.payment.session.id,
      amount: 12.5,
      upstreamId: '76-87-1298',
      customerCredit: {},
    })
    expect(credit).toMatchObject({
      type: 'customerCredit',
      state: 'chargeable',
      currency: 'USD',
      upstreamId: '76-87-1298',
    })
    await client.must('POST', `/checkouts/${basket.id}/sources/${credit.id}`)
    const paid = await client.must('GET', `/checkouts/${basket.id}`)
    expect(paid.payment.session).toMatchObject({
      amountContributed: basket.totalAmount,
      amountRemainingToBeContributed: 0,
    })
    const order = await client.must('POST', '/orders', { checkoutId: basket.id })
    expect(order.payment.sources.map(({ type, amount }: { type: string; amount: number }) => [type, amount])).toEqual([
      ['creditCard', basket.totalAmount - 12.5],
      ['customerCredit', 12.5],
    ])
    const items = order.items.map(({ id, quantity }: { id: string; quantity: number }) => ({ itemId: id, quantity }))
    await client.must('POST', '/fulfillments', { orderId: order.id, items })
    const captured = await eventually(async () => {
      const read = await client.must('GET', `/orders/${order.id}`)
      return read.state === 'complete' ? read : undefined
    }, 'the order to be complete')
    expect(captured.capturedAmount).toBe(basket.totalAmount)
    const refund = await client.must('POST', '/refunds', { orderId: order.id, currency: 'USD', percent: 100 })
    expect(refund).toMatchObject({ amount: basket.totalAmount, creditAmount: 12.5 })
  })

  it('shows an order of a cart in their words too', async () => {
    const made = await shop.order([{ skuId: 'sku-digital' }])
    const read = await client.must('GET', `/orders/${made.id}`)
    expect(read.state).toBe('pending_payment')
  })
})
