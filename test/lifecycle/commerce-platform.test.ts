import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCommercePlatform } from '../commerce-platform.ts'
import { sendStripe, stripeEvent } from '../stripe-events.ts'
import { type System, startSystem } from '../system.ts'

// Removes the risk that an integration which does only what the documentation says ends with another order than ours.
describe('a commerce platform that follows the documentation', () => {
  let system: System
  let platform: Awaited<ReturnType<typeof startCommercePlatform>>

  beforeAll(async () => {
    system = await startSystem({ env: { WEBHOOKS_ALLOW_PRIVATE: 'true' } })
    platform = await startCommercePlatform(system)
  })
  afterAll(async () => {
    await platform?.close()
    await system?.close()
  })

  const visa = { type: 'creditCard', paymentMethod: 'pm_card_visa' }
  const buyer = (orderId: string | undefined, action: string) =>
    platform.shop.read(orderId ?? '').then(({ charges }) =>
      platform.shop.sandbox('POST', `/sandbox/stripe/payment_intents/${charges[0].providerReference}/buyer`, {
        action,
      }),
    )

  it('R69 R70 R71 R88 R93 R105 R116 R117 R167 R182 is ready to fulfil after an immediate acceptance', async () => {
    const { upstream, answer } = await platform.checkOut(visa)
    expect(answer.status).toBe(201)
    expect(upstream).toMatchObject({
      id: answer.body.id,
      status: 'ready_to_fulfil',
      paymentStatus: 'capturable',
      fraudStatus: 'passed',
      buyerSees: 'Thank you for your order.',
    })
    // What is physical goes to the warehouse, what is not to the buyer.
    expect(upstream.shipRequests).toEqual([answer.body.items[1].id])
    expect(upstream.digitalDeliveries).toEqual([answer.body.items[0].id])
  })

  it('R68 R109 R111 R112 R114 R115 learns why nothing was ordered, and what it may tell the buyer', async () => {
    const { upstream, answer } = await platform.checkOut({
      type: 'creditCard',
      paymentMethod: 'pm_card_chargeDeclined',
    })
    expect(answer.status).toBe(409)
    expect(upstream).toMatchObject({
      id: undefined,
      status: 'cancelled',
      paymentStatus: 'failed',
      fraudStatus: 'unknown',
    })
    expect(upstream.buyerSees).toBe('Failed to charge source.')
    expect(upstream.buyerSees).not.toContain('failed-request')
  })

  it('R113 learns from the code of the 409 that it was fraud, and from another that nobody looked for it', async () => {
    const blocked = await platform.checkOut({ type: 'creditCard', paymentMethod: 'pm_card_radarBlock' })
    expect([blocked.answer.status, blocked.answer.body.errors[0].code]).toEqual([409, 'order-fraud-failure'])
    expect(blocked.upstream).toMatchObject({
      status: 'cancelled',
      fraudStatus: 'blocked',
      paymentStatus: 'not charged',
    })
    const declined = await platform.checkOut({ type: 'creditCard', paymentMethod: 'pm_card_chargeDeclined' })
    expect(declined.answer.body.errors[0].code).toBe('failed-request')
    expect(declined.upstream).toMatchObject({ fraudStatus: 'unknown', paymentStatus: 'failed' })
  })

  it('R100 R104 is answered 201 or 409 and nothing else for a checkout that meets the requirements', async () => {
    const cards = ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_threeDSecure2Required', 'pm_card_radarBlock']
    const answers = await Promise.all(
      cards.map((paymentMethod) => platform.checkOut({ type: 'creditCard', paymentMethod })),
    )
    expect(answers.map(({ answer }) => answer.status).sort()).toEqual([201, 201, 409, 409])
    const broken = await platform.shop.call('POST', '/orders', { checkoutId: 7 })
    expect(broken.status).toBe(400)
  })

  it('R72 R73 R76 R77 R144 R145 R165 R220 waits for its buyer and fulfils when it hears of the acceptance', async () => {
    const { upstream } = await platform.checkOut({ type: 'creditCard', paymentMethod: 'pm_card_threeDSecure2Required' })
    expect(upstream).toMatchObject({ status: 'awaiting_payment', shipRequests: [], digitalDeliveries: [] })
    await buyer(upstream.id, 'complete')
    await platform.told(upstream, 'ready_to_fulfil')
    expect(upstream.shipRequests).toHaveLength(1)
    expect(upstream.buyerSees).toBe('Thank you for your order.')
  })

  it('R75 R76 R77 R131 hears of a failed payment and shows the message that is meant for the buyer', async () => {
    const { upstream } = await platform.checkOut({ type: 'creditCard', paymentMethod: 'pm_card_threeDSecure2Required' })
    await buyer(upstream.id, 'fail')
    await platform.told(upstream, 'cancelled')
    expect(upstream.buyerSees.length).toBeGreaterThan(0)
    expect(upstream.buyerSees).not.toMatch(/^[a-z]+(_[a-z]+)+$/)
    expect(upstream.shipRequests).toEqual([])
  })

  it('R72 R76 R77 R126 R133 R135 R136 hears of a review and of its end in a block', async () => {
    const { upstream, answer } = await platform.checkOut({
      type: 'creditCard',
      paymentMethod: 'pm_card_riskLevelElevated',
    })
    expect(answer.body).toMatchObject({ state: 'in_review', fraudState: 'review_opened' })
    expect(upstream).toMatchObject({ status: 'in_review', shipRequests: [] })
    await platform.shop.must('POST', `/v2/orders/${upstream.id}/review`, { decision: 'block' })
    await platform.told(upstream, 'blocked')
    expect(upstream.fraudStatus).toBe('blocked')
    expect(upstream.buyerSees).toBe('This transaction has failed.')
  })

  it('R168 updates its record when an order is cancelled', async () => {
    const { upstream } = await platform.checkOut(visa)
    await platform.shop.must('POST', `/v2/orders/${upstream.id}/cancel`, { reason: 'changed my mind' })
    await platform.told(upstream, 'cancelled')
    expect(upstream.buyerSees).toContain('nothing was collected')
  })

  it('R79 R80 R81 R84 R85 R86 R186 R191 reports what it ships and what it gives up by item, and the money follows', async () => {
    const { upstream, answer } = await platform.checkOut(visa)
    const [course, book] = answer.body.items
    const made = await platform.shop.must('POST', '/fulfillments', {
      orderId: upstream.id,
      items: [
        { itemId: course.id, quantity: 1 },
        { itemId: book.id, quantity: 1, cancelQuantity: 1 },
      ],
    })
    expect(made.items).toHaveLength(2)
    const done = await platform.shop.until(upstream.id ?? '', ({ state }) => state === 'complete', 'the capture')
    expect(done.shipTo).toMatchObject({ name: 'Ada Buyer', phone: expect.any(String), address: { country: 'US' } })
    expect(done.capturedAmount + done.cancelledAmount).toBeCloseTo(done.totalAmount, 2)
    expect(done.items.map(({ state }: { state: string }) => state)).toEqual(['fulfilled', 'fulfilled'])
    await expect
      .poll(() => platform.receiver.received.map(({ event }) => [event.type, event.data.object.id]), {
        timeout: 10_000,
      })
      .toContainEqual(['order.complete', upstream.id])
  })

  it('R154 R179 R183 R234 R235 R236 orders for a customer with a saved source, by checkout or without one', async () => {
    const { shop } = platform
    const customer = await shop.must('POST', '/customers', {
      email: 'jane@example.com',
      shipping: {
        name: 'Jane Doe',
        phone: '952-111-1111',
        organization: 'Digital River',
        address: { line1: '10380 Bren Rd W', city: 'Minnetonka', postalCode: '55129', state: 'MN', country: 'US' },
      },
    })
    const refused = await shop.call('POST', '/orders', {
      customerId: customer.id,
      currency: 'USD',
      items: [{ productDetails: { name: 'Plan' }, price: 100 }],
    })
    expect(refused.status).toBe(400)
    const card = await shop.must('POST', '/sources', { ...visa, owner: { address: { country: 'US' } } })
    expect(card.flow).toBe('standard')
    await shop.must('POST', `/customers/${customer.id}/sources/${card.id}`)
    const answer = await shop.call('POST', '/orders', {
      customerId: customer.id,
      currency: 'USD',
      items: [{ productDetails: { name: 'Plan' }, price: 100 }],
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    expect(answer.body).toMatchObject({
      customerId: customer.id,
      email: 'jane@example.com',
      shipTo: {
        name: 'Jane Doe',
        phone: '952-111-1111',
        organization: 'Digital River',
        address: { city: 'Minnetonka' },
      },
      payment: { sources: [{ id: card.id, reusable: true, state: 'chargeable' }] },
    })
    const unknown = await shop.call('POST', '/orders', { customerId: 'nobody', currency: 'USD', items: [{ price: 1 }] })
    expect(unknown.status).toBe(400)
  })

  it('R137 changes nothing more about a blocked order, whatever the provider still says', async () => {
    const { upstream } = await platform.checkOut({ type: 'creditCard', paymentMethod: 'pm_card_riskLevelElevated' })
    await platform.shop.must('POST', `/v2/orders/${upstream.id}/review`, { decision: 'block' })
    await platform.told(upstream, 'blocked')
    const { charges } = await platform.shop.read(upstream.id ?? '')
    const late = stripeEvent('payment_intent.amount_capturable_updated', {
      id: charges[0].providerReference,
      object: 'payment_intent',
      status: 'requires_capture',
      amount: 8500,
      amount_capturable: 8500,
      amount_received: 0,
      latest_charge: null,
      last_payment_error: null,
      review: null,
      metadata: { chargeId: charges[0].id },
    })
    await sendStripe(system, late)
    const after = await platform.shop.until(
      upstream.id ?? '',
      ({ charges: [charge] }) => charge.state === 'cancelled',
      'the authorization to be given up',
    )
    expect(after).toMatchObject({ state: 'blocked', fraudState: 'blocked' })
  })
})
