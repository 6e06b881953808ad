import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { type Answer, address, storefront } from '../storefront.ts'

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

// Removes the risk that a client stores fields of an order that are missing, belong to something else, or change by themselves.
describe('an order at the root, field by field', () => {
  const { shop } = runningShop(storefront)
  let customerId: string
  let sourceId: string
  let basket: Answer['body']
  let answer: Answer
  let order: Answer['body']

  const checkOut = async (more: object = {}) =>
    shop.must('POST', '/checkouts', {
      currency: 'USD',
      email: 'ada@example.com',
      billTo: address,
      shipTo: address,
      shipFrom: { address: { country: 'US', state: 'CA' } },
      shippingChoice: { amount: 5, description: 'USPS', serviceLevel: 'SG' },
      items: [
        { skuId: 'sku-digital', price: 100, quantity: 1 },
        { skuId: 'sku-physical', price: 75, quantity: 2 },
      ],
      ...more,
    })
  const card = async (paymentMethod = 'pm_card_visa') =>
    (await shop.must('POST', '/sources', { type: 'creditCard', paymentMethod, owner: { address: { country: 'US' } } }))
      .id

  beforeAll(async () => {
    customerId = (await shop.must('POST', '/customers', { email: 'ada@example.com' })).id
    sourceId = await card()
    basket = await checkOut({ customerId, sourceId })
    answer = await shop.call('POST', '/orders', { checkoutId: basket.id })
    order = answer.body
  })

  it('R118 R181 has an id of its own, by which it is read again', async () => {
    expect(answer.status).toBe(201)
    expect(order.id).not.toBe(basket.id)
    const other = await shop.must('POST', '/orders', { checkoutId: (await checkOut({ sourceId: await card() })).id })
    expect(other.id).not.toBe(order.id)
    expect({ ...(await shop.must('GET', `/orders/${order.id}`)), orderId: order.id }).toEqual(order)
  })

  it('R119 R120 R218 says its state and its fraud state', () => {
    expect([order.state, order.fraudState]).toEqual(['accepted', 'passed'])
  })

  it('R121 R223 R224 R225 R226 R227 R229 R230 has one charge, of the whole amount, by the source of the checkout', () => {
    expect(order.charges).toEqual([
      {
        id: expect.stringMatching(/./),
        createdTime: expect.stringMatching(isoTime),
        currency: 'USD',
        amount: 265.88,
        state: 'capturable',
        captured: false,
        refunded: false,
        sourceId,
        type: expect.anything(),
        ...rest(order.charges[0]),
      },
    ])
    // 100 and 150 of goods, 5 for their way, and California's 7.25 % of what is shipped.
    expect(order.totalAmount).toBe(265.88)
    expect(order.payment.sources.map(({ id }: { id: string }) => id)).toEqual([sourceId])
  })

  it('R185 names the customer of its checkout, and none where there is none', async () => {
    expect(order.customerId).toBe(customerId)
    const guest = await shop.must('POST', '/orders', { checkoutId: (await checkOut({ sourceId: await card() })).id })
    expect(guest.customerId).toBeUndefined()
  })

  it('R190 R196 R197 R198 has items with an id, what was ordered of what, and how far each is', () => {
    expect(
      order.items.map(({ skuId, amount, quantity, state }: Answer['body']) => [skuId, amount, quantity, state]),
    ).toEqual([
      ['sku-digital', 100, 1, 'created'],
      ['sku-physical', 150, 2, 'created'],
    ])
    expect(new Set(order.items.map(({ id }: { id: string }) => id)).size).toBe(2)
    for (const { stateTransitions } of order.items) {
      expect(Object.keys(stateTransitions)).toEqual(['created'])
      expect(stateTransitions.created).toMatch(isoTime)
    }
  })

  it('R221 R222 tells when it came into each state, in their order, and into no other', () => {
    const { created, submitted, accepted } = order.stateTransitions
    expect(Object.keys(order.stateTransitions).toSorted()).toEqual(['accepted', 'created', 'submitted'])
    expect([created, submitted, accepted].toSorted()).toEqual([created, submitted, accepted])
    for (const time of [created, submitted, accepted]) expect(time).toMatch(isoTime)
    expect(Object.keys(order.fraudStateTransitions)).toEqual(['passed'])
  })

  it.each([
    ['pm_card_threeDSecure2Required', 'pending_payment', 'passed'],
    ['pm_card_riskLevelElevated', 'in_review', 'review_opened'],
  ])('R219 can be made as %s', async (paymentMethod, state, fraudState) => {
    const made = await shop.call('POST', '/orders', {
      checkoutId: (await checkOut({ sourceId: await card(paymentMethod) })).id,
    })
    expect([made.status, made.body.state, made.body.fraudState]).toEqual([201, state, fraudState])
    expect(made.body.stateTransitions[state]).toMatch(isoTime)
    expect(Object.keys(made.body.fraudStateTransitions)).toEqual([fraudState])
  })

  it('R122 R160 waits for a card’s owner with nothing held and nothing fulfilled, after the fraud review', async () => {
    const waiting = await shop.must('POST', '/orders', {
      checkoutId: (await checkOut({ sourceId: await card('pm_card_threeDSecure2Required') })).id,
    })
    expect([waiting.state, waiting.fraudState]).toEqual(['pending_payment', 'passed'])
    expect(Object.keys(waiting.fraudStateTransitions)).toEqual(['passed'])
    expect(waiting.fraudStateTransitions.passed).toMatch(isoTime)
    expect(waiting.charges).toMatchObject([{ state: 'pending', captured: false, capturedAmount: 0 }])
    const [{ object: intent }] = (await shop.books(waiting.id)).stripe.paymentIntents
    expect([intent.status, intent.amount_capturable]).toEqual(['requires_action', 0])
    const early = await shop.call('POST', '/fulfillments', {
      orderId: waiting.id,
      items: [{ itemId: waiting.items[0].id, quantity: 1 }],
    })
    expect([early.status, early.body.errors[0].code]).toEqual([409, 'order_not_accepted'])
    const after = await shop.must('GET', `/orders/${waiting.id}`)
    expect([after.state, after.fraudState]).toEqual(['pending_payment', 'passed'])
    expect(after.items.map(({ state }: { state: string }) => state)).toEqual(['created', 'created'])
  })

  const unchangeable = {
    email: 'not-taken@example.com',
    currency: 'EUR',
    state: 'complete',
    fraudState: 'blocked',
    totalAmount: 1,
    customerId: randomUUID(),
    checkoutId: randomUUID(),
    locale: 'fr_FR',
    items: [],
    charges: [],
    billTo: { name: 'Somebody else' },
    shipTo: { name: 'Somebody else' },
    createdTime: '2020-01-01T00:00:00Z',
    id: 'ord_other',
  }

  it('R180 R232 R233 R237 takes metadata, the client’s own number and the wish to be forgotten by POST, and changes nothing else', async () => {
    const { id } = await shop.must('POST', '/orders', { checkoutId: (await checkOut({ sourceId: await card() })).id })
    const made = await shop.must('GET', `/orders/${id}`)
    const changed = await shop.must('POST', `/orders/${made.id}`, { ...unchangeable, metadata: { ticket: 7 } })
    expect(changed).toEqual({ ...made, metadata: { ticket: 7 }, updatedTime: changed.updatedTime })
    const numbered = await shop.must('POST', `/orders/${made.id}`, { upstreamId: 'U-7' })
    expect(numbered).toEqual({ ...changed, upstreamId: 'U-7', updatedTime: numbered.updatedTime })
    const forgotten = await shop.must('POST', `/orders/${made.id}`, { requestToBeForgotten: true })
    expect(forgotten.requestToBeForgotten).toBe(true)
    for (const [field, value] of Object.entries(unchangeable))
      if (field !== 'email') expect(forgotten[field], field).not.toEqual(value)
  })

  const rest = (charge: Record<string, unknown>) => {
    const { id, createdTime, currency, amount, state, captured, refunded, sourceId: by, ...others } = charge
    return others
  }
})
