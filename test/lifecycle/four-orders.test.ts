import { describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { type Answer, address, storefront } from '../storefront.ts'
import { publishableKey, secretKey } from '../system.ts'

// Removes the risk that the parts work and the whole does not: real orders from cart to CONFIRMED through HTTP only.
describe('an order from cart to CONFIRMED', () => {
  const { system, shop } = runningShop(storefront)

  it('R3 R39 R43 delivers a digital order once the webhook has confirmed the payment', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(order.id)
    const confirmed = await shop.confirmed(order.id)
    expect(confirmed.items[0].delivery).toEqual({ contentType: 'text', content: 'Chapter one' })
  })

  it('R38 buys one label for a physical order', async () => {
    const order = await shop.order([{ skuId: 'sku-physical', quantity: 2 }])
    await shop.pay(order.id)
    const confirmed = await shop.confirmed(order.id)
    expect(confirmed.shipments).toHaveLength(1)
    expect(confirmed.shipments[0].trackingNumber).toBeTruthy()
  })

  it('R37 places one print job for a print-on-demand order', async () => {
    const order = await shop.order([{ skuId: 'sku-pod' }])
    await shop.pay(order.id)
    const [shipment] = (await shop.confirmed(order.id)).shipments
    const { printful } = await shop.sandbox('GET', '/sandbox/books')
    const jobs = printful.orders.filter((job: { external_id: string }) => job.external_id === shipment.id)
    expect(jobs).toHaveLength(1)
    expect(jobs[0].count).toBe(1)
  })

  it('R40 takes every path for a mixed order', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }, { skuId: 'sku-physical' }, { skuId: 'sku-pod' }])
    await shop.pay(order.id)
    const confirmed = await shop.confirmed(order.id)
    expect(confirmed.shipments.map((shipment: { path: string }) => shipment.path).sort()).toEqual(['pod', 'shipping'])
  })

  it('R147 R148 asks the carrier to ship what is physical alone, and mails what is not', async () => {
    const order = await shop.order([
      { skuId: 'sku-digital', quantity: 3 },
      { skuId: 'sku-physical', quantity: 2 },
    ])
    await shop.pay(order.id)
    const confirmed = await shop.confirmed(order.id)
    const { shipments } = (await shop.books(order.id)).easypost
    const bought = shipments.filter(({ object }: Answer['body']) => object.selected_rate !== null)
    expect(bought).toHaveLength(1)
    expect(bought[0].object).toMatchObject({
      to_address: { name: address.name, street1: address.address.line1, zip: address.address.postalCode },
      parcel: { weight: 24 },
    })
    const [digital, physical] = confirmed.items
    expect(digital.delivery).toEqual({ contentType: 'text', content: 'Chapter one' })
    expect(physical.delivery).toBeUndefined()
  })

  it('M11 serves storefronts, webhook senders and operations, each with its own credential', async () => {
    const storefrontCall = await shop.call('POST', '/v2/carts', { currency: 'USD' }, { key: publishableKey })
    expect(storefrontCall.status).toBe(201)
    expect((await shop.call('POST', '/webhooks/stripe', {}, { key: null })).body.errors[0].code).toBe(
      'invalid_signature',
    )
    for (const key of [null, publishableKey, secretKey]) {
      expect((await shop.call('GET', '/v2/ops/tasks', undefined, { key })).status).toBe(401)
    }
    const board = await fetch(`${system.url}/ops/queues`, { redirect: 'manual', headers: { accept: 'text/html' } })
    expect([board.status, board.headers.get('location')?.split('?')[0]]).toEqual([303, '/ops/login'])
  })
})
