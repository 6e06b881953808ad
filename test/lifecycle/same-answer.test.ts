import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { secretKey } from '../system.ts'

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Every text in an answer that begins like a date, with its place. */
function timesIn(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d[T ]/.test(value) ? [[path, value]] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, entry]) => timesIn(entry, `${path}.${key}`))
}

const without = (body: Json, ...names: string[]): Json =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))

// Removes the risk that one resource looks different to who makes it and to who reads it, or that a time is no ISO 8601.
describe('R300 one resource, one answer', () => {
  // Without workers nothing changes between two answers.
  const { system, shop } = runningShop(merchantOrders, { workers: false })

  const expectSame = async (made: Answer, path: string, ...onlyOnce: string[]) => {
    expect([path, made.status], JSON.stringify(made.body)).toEqual([path, 201])
    const read = await shop.must('GET', path)
    expect(JSON.stringify(without(made.body.data ?? made.body, ...onlyOnce))).toBe(JSON.stringify(read.data ?? read))
    for (const [place, text] of timesIn(read)) expect([place, text]).toEqual([place, expect.stringMatching(isoTime)])
    return read
  }
  const make = (path: string, body: Json) => shop.call('POST', path, body)

  it('an order of a cart', async () => {
    const cart = await shop.cart([{ skuId: 'sku-digital', quantity: 2 }, { skuId: 'sku-pod' }], { metadata: { a: 1 } })
    const made = await make('/v2/orders', { cartId: cart.id })
    const order = await expectSame(made, `/v2/orders/${made.body.id}`, 'orderId')
    expect(order.items).toHaveLength(2)
    for (const { stateTransitions } of order.items) expect(stateTransitions.created).toMatch(isoTime)
    expect(JSON.stringify((await shop.must('GET', '/v2/orders?limit=1')).data[0])).toBe(JSON.stringify(order))
  })

  it('an order of a checkout, its charge, a fulfillment, a refund and a return', async () => {
    const made = await shop.submit([{ skuId: 'sku-physical', price: 35, quantity: 2 }])
    expect(JSON.stringify(without(made, 'orderId'))).toBe(JSON.stringify(await shop.read(made.id)))
    const [item] = made.items
    const fulfilled = await shop.fulfil(made.id, [{ itemId: item.id, quantity: 1 }])
    await expectSame(fulfilled, `/v2/fulfillments/${fulfilled.body.id}`)
    const given = await make('/v2/returns', { orderId: made.id, items: [{ itemId: item.id, quantity: 1 }] })
    await expectSame(given, `/v2/returns/${given.body.id}`)
    await shop.fulfil(made.id, [{ itemId: item.id, quantity: 1 }])
    await system.startWorkers()
    try {
      await eventually(
        async () => ((await shop.read(made.id)).capturedAmount > 0 ? true : undefined),
        'the fulfilled piece to be captured',
      )
      await shop.settled(made.id)
    } finally {
      await system.stopWorkers()
    }
    const refunded = await make('/v2/refunds', { orderId: made.id, amount: 5 })
    await expectSame(refunded, `/v2/refunds/${refunded.body.id}`)
    const [charge] = (await shop.read(made.id)).charges
    expect(JSON.stringify(await shop.must('GET', `/v2/charges/${charge.id}`))).toBe(JSON.stringify(charge))
    for (const path of ['timeline', 'distribution']) {
      const times = timesIn(await shop.must('GET', `/v2/orders/${made.id}/${path}`))
      for (const time of times) expect(time[1], time[0]).toMatch(isoTime)
    }
  })

  it.each<[string, () => [path: string, body: Json], ...string[]]>([
    [
      'a SKU',
      () => [
        '/v2/skus',
        { id: `s-${randomUUID().slice(0, 8)}`, name: 'Cup', kind: 'digital', price: 3, currency: 'USD' },
      ],
    ],
    [
      'a cart',
      () => ['/v2/carts', { currency: 'USD', email: 'a@example.com', items: [{ skuId: 'sku-digital', quantity: 1 }] }],
    ],
    [
      'a checkout',
      () => ['/v2/checkouts', { currency: 'USD', items: [{ skuId: 'sku-digital', price: 20, quantity: 1 }] }],
    ],
    ['a customer', () => ['/v2/customers', { email: `${randomUUID()}@example.com`, metadata: { tier: 'gold' } }]],
    [
      'a source',
      () => [
        '/v2/sources',
        {
          type: 'wireTransfer',
          owner: { firstName: 'A', lastName: 'B', email: 'a@example.com', address: { country: 'DE' } },
        },
      ],
    ],
    ['a tax identifier', () => ['/v2/tax-identifiers', { type: 'de', value: 'DE136695976' }]],
    ['a merchant', () => ['/v2/merchants', { name: 'Second Mill' }]],
    ['a webhook endpoint', () => ['/v2/webhook-endpoints', { url: 'https://93.184.216.34/events' }], 'secret'],
    [
      'a product',
      () => [
        '/v2/digital/products',
        { name: 'Song', price: 2, currency: 'USD', content_type: 'text', delivery_content: 'la' },
      ],
    ],
  ])('%s', async (_name, wanted, ...onlyOnce) => {
    const [path, body] = wanted()
    const made = await make(path, body)
    await expectSame(made, `${path}/${(made.body.data ?? made.body).id}`, ...onlyOnce)
  })

  it('a checkout link', async () => {
    const product = await shop.must('POST', '/v2/digital/products', {
      name: 'Book',
      price: 2,
      currency: 'USD',
      content_type: 'text',
      delivery_content: 'once',
    })
    const expires = new Date(Date.now() + 86_400_000).toISOString()
    const link = {
      product_id: product.data.id,
      slug: `s-${randomUUID().slice(0, 8)}`,
      title: 'Book',
      expires_at: expires,
    }
    const made = await make('/v2/digital/links', link)
    await expectSame(made, `/v2/digital/links/${made.body.data.id}`)
  })

  it('a file and a link to it', async () => {
    const form = new FormData()
    form.set('file', new File(['terms'], 'terms.txt', { type: 'text/plain' }))
    form.set('purpose', 'customer_invoice')
    const response = await fetch(`${system.url}/v2/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}` },
      body: form,
    })
    const file: Answer = { status: response.status, headers: response.headers, body: await response.json() }
    await expectSame(file, `/v2/files/${file.body.id}`)
    const link = await make('/v2/file-links', { fileId: file.body.id })
    await expectSame(link, `/v2/file-links/${link.body.id}`)
  })

  it('lists of operations tell times in ISO 8601, too', async () => {
    for (const path of [
      '/v2/orders',
      '/v2/events',
      '/v2/settlements',
      '/v2/digital/orders',
      '/v2/files',
      '/v2/returns',
    ]) {
      for (const [place, text] of timesIn(await shop.must('GET', path)))
        expect([path + place, text]).toEqual([path + place, expect.stringMatching(isoTime)])
    }
  })
})
