// Risk removed: fulfillments, refunds, returns and charges that a client written for Digital River cannot read.
import { beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type DigitalRiverClient, digitalRiverClient } from './digital-river-client.ts'
import { documentsPresent } from './documents.ts'

const present = documentsPresent("Contract with Digital River's clients: fulfilment")
const mug = { productDetails: { name: 'Mug', physical: true, weight: 1, weightUnit: 'lb' } }

describe.skipIf(!present)("Digital River's resources after acceptance answer as their document says", () => {
  const { system, shop } = runningShop(merchantOrders)
  let client: DigitalRiverClient

  beforeAll(async () => {
    client = await digitalRiverClient(system)
  })

  const complete = async () => {
    const order = await shop.submit([{ ...mug, quantity: 2, price: 10 }])
    const fulfillment = await client.must('POST', '/fulfillments', {
      orderId: order.id,
      items: [{ itemId: order.items[0].id, quantity: 2 }],
      trackingCompany: 'USPS',
      trackingNumber: '9400',
      trackingUrl: 'https://tools.usps.com/go/9400',
      metadata: { shelf: 'A7' },
    })
    await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
    await shop.settled(order.id)
    return { order, fulfillment }
  }

  it('R82 R83 R84 fulfillments, and a charge with its captures and cancellations', async () => {
    const order = await shop.submit([{ ...mug, quantity: 3, price: 10 }])
    const wish = { orderId: order.id, items: [{ itemId: order.items[0].id, quantity: 2, cancelQuantity: 1 }] }
    const made = await client.must('POST', '/fulfillments', wish)
    await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
    expect(await client.must('GET', `/fulfillments/${made.id}`)).toEqual(made)
    expect((await client.must('GET', `/fulfillments?orderId=${order.id}`)).data).toEqual([made])
    const again = await client.call('POST', '/fulfillments', wish)
    expect([again.status, again.body.errors[0].code]).toEqual([409, 'order_fulfilled'])
    expect((await client.call('GET', '/fulfillments/ful_0')).status).toBe(404)
    const charge = await client.must('GET', `/charges/${order.charges[0].id}`)
    expect(charge).toMatchObject({ captures: [{ amount: 20 }], cancels: [{ amount: 10 }], captured: true })
    expect(await client.must('GET', `/orders/${order.id}`)).toMatchObject({ state: 'complete' })
  })

  it('refunds', async () => {
    const { order } = await complete()
    const wish = { orderId: order.id, currency: 'USD', amount: 5, reason: 'scratched', metadata: { ticket: 7 } }
    const made = await client.must('POST', '/refunds', wish)
    await shop.until(order.id, (seen) => seen.refundedAmount === 5, 'the refund')
    expect(await client.must('GET', `/refunds/${made.id}`)).toMatchObject({ state: 'succeeded', refundedAmount: 5 })
    expect((await client.must('GET', `/refunds?orderId=${order.id}`)).data).toHaveLength(1)
    expect(await client.must('POST', `/refunds/${made.id}`, { metadata: { note: 'called' } })).toMatchObject({
      metadata: { ticket: 7, note: 'called' },
    })
    const [{ id: itemId }] = order.items
    const items = await client.must('POST', '/refunds', {
      orderId: order.id,
      currency: 'USD',
      items: [{ itemId, quantity: 1 }],
    })
    expect(items.items).toMatchObject([{ itemId, quantity: 1, amount: 10 }])
    const refused = await client.call('POST', '/refunds', { orderId: order.id, currency: 'USD', amount: 99 })
    expect([refused.status, refused.body.errors[0].parameter]).toEqual([400, 'amountRequested'])
  })

  it('returns', async () => {
    const { order } = await complete()
    const [{ id: itemId }] = order.items
    const made = await client.must('POST', '/returns', {
      orderId: order.id,
      items: [{ itemId, quantity: 2 }],
      reason: 'too small',
    })
    const refused = await client.call('POST', '/returns', { orderId: order.id, items: [{ itemId, quantity: 1 }] })
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'quantity_too_large'])
    const accepted = await client.must('POST', `/returns/${made.id}`, { state: 'accepted' })
    expect(accepted).toMatchObject({ state: 'accepted', refundIds: [expect.any(String)] })
    expect(await client.must('GET', `/returns/${made.id}`)).toEqual(accepted)
    expect((await client.must('GET', `/returns?orderId=${order.id}`)).data).toEqual([accepted])
    await shop.until(order.id, (seen) => seen.state === 'returned', 'state returned')
    expect(await client.must('GET', `/orders/${order.id}`)).toMatchObject({ state: 'returned' })
  })
})
