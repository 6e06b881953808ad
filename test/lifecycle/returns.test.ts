import { describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import type { Answer, Json } from '../storefront.ts'

const mug = { productDetails: { name: 'Mug', physical: true, weight: 1, weightUnit: 'lb' } }
const code = (answer: Answer) => [answer.status, answer.body.errors?.[0]?.code]

// Removes the risk that goods are paid back that never came back, or more of them than were sold.
describe('returning goods', () => {
  const { shop } = runningShop(merchantOrders)

  const give = (body: Json) => shop.call('POST', '/v2/returns', body)
  const fulfilled = async (quantity: number, cancelQuantity = 0) => {
    const order = await shop.submit([{ ...mug, quantity: quantity + cancelQuantity, price: 10 }])
    await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity, cancelQuantity }])
    await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
    return shop.settled(order.id)
  }

  it('pays back when all of it is accepted, and returns the order with its last piece', async () => {
    const order = await fulfilled(3, 1)
    const [item] = order.items
    const location = { name: 'Depot', address: { line1: 'Dock 1', city: 'Salem', country: 'US' } }
    const made = await give({
      orderId: order.id,
      items: [{ itemId: item.id, quantity: 2 }],
      reason: 'too small',
      location,
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      orderId: order.id,
      currency: 'USD',
      state: 'created',
      reason: 'too small',
      items: [{ itemId: item.id, quantity: 2, quantityAccepted: 0, state: 'created' }],
      refundIds: [],
      location,
    })
    const accept = (body: Json, id = made.body.id) => shop.call('POST', `/v2/returns/${id}`, body)
    const part = await accept({ items: [{ itemId: item.id, quantity: 1, state: 'accepted' }] })
    expect(part.body).toMatchObject({
      state: 'created',
      items: [{ quantityAccepted: 1, state: 'created' }],
      refundIds: [],
    })
    expect((await shop.read(order.id)).items[0]).toMatchObject({ returnedQuantity: 1, state: 'fulfilled' })
    expect(code(await accept({ items: [{ itemId: item.id, quantity: 2 }] }))).toEqual([409, 'quantity_too_large'])

    const whole = await accept({ state: 'accepted' })
    expect(whole.body).toMatchObject({
      state: 'accepted',
      items: [{ quantityAccepted: 2, state: 'accepted', amount: 20 }],
    })
    expect(whole.body.refundIds).toHaveLength(1)
    expect((await accept({ state: 'accepted' })).body.refundIds).toEqual(whole.body.refundIds)
    expect(code(await accept({ items: [{ itemId: item.id, quantity: 1 }] }))).toEqual([409, 'return_accepted'])
    const refunded = await shop.until(order.id, (seen) => seen.refundedAmount === 20, 'the refund')
    expect([refunded.state, refunded.items[0].state]).toEqual(['complete', 'fulfilled'])

    const last = await give({ orderId: order.id, items: [{ itemId: item.id, quantity: 1 }] })
    await accept({ state: 'accepted' }, last.body.id)
    const returned = await shop.until(order.id, (seen) => seen.state === 'returned', 'state returned')
    expect(returned).toMatchObject({ refundedAmount: 30, items: [{ returnedQuantity: 3, state: 'returned' }] })
    await shop.settled(order.id)
    expect((await shop.audit(order.id)).charges).toMatchObject([{ refunded: 3_000, reversed: 3_000, balance: 0 }])
    await shop.heard(order.id, 'return.created', 'return.accepted', 'order.item.returned', 'order.refunded')
  })

  it('takes back no more than was fulfilled and is not back or announced already', async () => {
    const order = await fulfilled(2, 1)
    const items = (quantity: number) => [{ itemId: order.items[0].id, quantity }]
    expect(code(await give({ orderId: order.id, items: items(3) }))).toEqual([409, 'quantity_too_large'])
    const first = await give({ orderId: order.id, items: items(1) })
    expect(code(await give({ orderId: order.id, items: items(2) }))).toEqual([409, 'quantity_too_large'])
    await shop.must('POST', `/v2/returns/${first.body.id}`, { state: 'accepted' })
    expect(code(await give({ orderId: order.id, items: items(2) }))).toEqual([409, 'quantity_too_large'])
    expect((await give({ orderId: order.id, items: items(1) })).status).toBe(201)
    expect(code(await give({ orderId: order.id, items: [{ itemId: 'item_none', quantity: 1 }] }))).toEqual([
      404,
      'not_found',
    ])
    const held = await shop.submit([{ ...mug, price: 10 }])
    expect(code(await give({ orderId: held.id, items: [{ itemId: held.items[0].id, quantity: 1 }] }))).toEqual([
      409,
      'quantity_too_large',
    ])
  })

  it('gives nothing back for what was refunded before', async () => {
    const order = await fulfilled(1)
    await shop.must('POST', '/v2/refunds', { orderId: order.id, amount: 4 })
    await shop.settled(order.id)
    const made = await give({ orderId: order.id, items: [{ itemId: order.items[0].id, quantity: 1 }] })
    const accepted = await shop.must('POST', `/v2/returns/${made.body.id}`, { state: 'accepted' })
    expect(accepted.items).toMatchObject([{ amount: 6 }])
    expect((await shop.until(order.id, (seen) => seen.state === 'returned')).refundedAmount).toBe(10)
  })

  it('finds a line by its SKU, reads and lists returns', async () => {
    const order = await shop.submit([{ skuId: 'sku-physical', quantity: 2 }])
    await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 2 }])
    await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
    const made = await give({ orderId: order.id, items: [{ skuId: 'sku-physical', quantity: 1 }] })
    expect(made.body.items).toMatchObject([{ itemId: order.items[0].id, skuId: 'sku-physical' }])
    expect(await shop.must('GET', `/v2/returns/${made.body.id}`)).toEqual(made.body)
    expect((await shop.must('GET', `/v2/returns?orderId=${order.id}`)).data).toEqual([made.body])
    expect((await shop.must('GET', `/v2/returns?orderId=${order.id}&state=accepted`)).data).toEqual([])
    expect((await shop.call('GET', '/v2/returns/ret_none')).status).toBe(404)
  })
})
