import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'
import { publishableKey } from '../system.ts'

// Removes the risk that whoever reads a shop's page, and the publishable key in it, reads or changes what is not theirs.
describe('R293 a publishable key', () => {
  const { system, shop } = runningShop(storefront)

  const anotherStorefront = async () => {
    const [owner] = await system.database.sql<{ merchantId: string }>(
      `select merchant_id as "merchantId" from api_keys where kind = 'publishable' order by created_at limit 1`,
    )
    if (!owner) throw new Error('there is no publishable key')
    return (await createApiKey(system.database, { ...owner, kind: 'publishable', liveMode: false })).key
  }
  /** What a storefront can do with a cart's or checkout's id. */
  const everyTouch = (id: string, itemId: string) =>
    [
      ['GET', `/v2/carts/${id}`],
      ['POST', `/v2/carts/${id}`, { email: 'thief@example.com' }],
      ['POST', `/v2/carts/${id}/items`, { skuId: 'sku-digital', quantity: 9 }],
      ['PATCH', `/v2/carts/${id}/items/${itemId}`, { quantity: 10 }],
      ['DELETE', `/v2/carts/${id}/items/${itemId}`],
      ['GET', `/v2/carts/${id}/shipping-rates`],
      ['POST', '/v2/orders', { cartId: id }],
    ] as const

  it('neither reads nor rewrites a checkout that was priced, nor makes an order of it', async () => {
    const checkout = await shop.must('POST', '/v2/checkouts', {
      currency: 'USD',
      email: 'ada@example.com',
      items: [{ skuId: 'sku-digital', quantity: 1 }],
      shipTo: { address: { line1: '1 Main Street', city: 'Salem', state: 'OR', postalCode: '97301', country: 'US' } },
    })
    const [{ itemId }] = (await system.database.sql<{ itemId: string }>(
      'select id as "itemId" from checkout_items where checkout_id = $1',
      [checkout.id],
    )) as [{ itemId: string }]
    for (const [method, path, body] of everyTouch(checkout.id, itemId)) {
      const { status } = await shop.call(method, path, body, { key: publishableKey })
      expect([method, path, status]).toEqual([method, path, 404])
    }
    // Nor does the merchant's own server by mistake: what was priced for one piece is not delivered ten times.
    expect((await shop.call('PATCH', `/v2/carts/${checkout.id}/items/${itemId}`, { quantity: 10 })).status).toBe(404)
    expect((await shop.must('GET', `/v2/checkouts/${checkout.id}`)).items[0].quantity).toBe(1)
  })

  it('sees and touches no cart that was made with another key, and no order that became of one', async () => {
    const other = await anotherStorefront()
    const cart = await shop.cart([{ skuId: 'sku-digital' }])
    for (const [method, path, body] of everyTouch(cart.id, cart.items[0].id)) {
      const { status } = await shop.call(method, path, body, { key: other })
      expect([method, path, status]).toEqual([method, path, 404])
    }
    const order = await shop.must('POST', '/v2/orders', { cartId: cart.id }, { key: publishableKey })
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    expect((await shop.call('POST', '/v2/orders', { cartId: cart.id }, { key: other })).status).toBe(404)
    expect((await shop.call('GET', `/v2/orders/${order.id}`, undefined, { key: other })).status).toBe(404)
    expect(
      (await shop.call('POST', `/v2/orders/${order.id}/payment-intent`, { paymentMethod: 'STRIPE' }, { key: other }))
        .status,
    ).toBe(404)
    const again = await shop.call('POST', '/v2/orders', { cartId: cart.id }, { key: publishableKey })
    expect([again.status, again.body.id]).toEqual([200, order.id])
  })

  it('shows a buyer neither the plan of the money nor what only the merchant may know', async () => {
    const cart = await shop.cart([{ skuId: 'sku-digital' }, { skuId: 'sku-pod' }])
    const created = await shop.must('POST', '/v2/orders', { cartId: cart.id }, { key: publishableKey })
    await shop.must('POST', `/v2/orders/${created.id}`, { metadata: { margin: 'forty percent' } })
    const intent = await shop.intent(created.id)
    expect(intent.distribution).toBeUndefined()
    const asMerchant = await shop.must('POST', `/v2/orders/${created.id}/payment-intent`, { paymentMethod: 'STRIPE' })
    expect(asMerchant.distribution.length).toBeGreaterThan(1)
    const seen = await shop.must('GET', `/v2/orders/${created.id}`, undefined, { key: publishableKey })
    for (const answer of [cart, created, intent, seen]) {
      expect(
        JSON.stringify(answer).match(
          /art\.png|"printful"|variantId|margin|commission|affiliate|platform|licensed|Chapter one|"parts"|"cost"|pi_[a-z0-9]+"/gi,
        ),
      ).toBeNull()
    }
    expect(Object.keys(seen)).not.toContain('fraudState')
    expect(seen.items.map((item: { productDetails: { name: string } }) => item.productDetails.name).sort()).toEqual([
      'E-book',
      'T-shirt',
    ])
    const merchantSees = await shop.read(created.id)
    expect(merchantSees.items.some((item: { productDetails: object }) => 'printful' in item.productDetails)).toBe(true)
  })

  it('lists what is on sale without delivery, cost or commission, and nothing that only a link sells', async () => {
    const { data: product } = await shop.must('POST', '/v2/digital/products', {
      name: 'Only by link',
      price: 3,
      currency: 'USD',
      content_type: 'text',
      delivery_content: 'hidden words',
    })
    await shop.must('POST', '/v2/skus', {
      id: 'sku-full',
      name: 'Poster',
      kind: 'digital',
      price: 5,
      currency: 'USD',
      delivery: { contentType: 'text', content: 'hidden words' },
      affiliateBps: 100,
      licensed: true,
      downloadLimit: 3,
      metadata: { supplier: 'secret supplier' },
    })
    await shop.must('POST', '/v2/skus', { id: 'sku-gone', name: 'Gone', kind: 'digital', price: 5, currency: 'USD' })
    await shop.call('DELETE', '/v2/skus/sku-gone')
    const { data } = await shop.must('GET', '/v2/skus?limit=100', undefined, { key: publishableKey })
    expect(data.map(({ id }: { id: string }) => id).sort()).toEqual([
      'sku-digital',
      'sku-full',
      'sku-physical',
      'sku-pod',
    ])
    const one = await shop.must('GET', '/v2/skus/sku-full', undefined, { key: publishableKey })
    expect(one).toEqual(data.find(({ id }: { id: string }) => id === 'sku-full'))
    expect(Object.keys(one).sort()).toEqual([
      'createdTime',
      'currency',
      'id',
      'inStock',
      'kind',
      'merchantId',
      'name',
      'physical',
      'price',
      'updatedTime',
    ])
    expect(JSON.stringify(data)).not.toMatch(/hidden words|supplier|Bps|printful|Chapter one/)
    expect((await shop.call('GET', `/v2/skus/${product.id}`, undefined, { key: publishableKey })).status).toBe(404)
    expect((await shop.must('GET', '/v2/skus/sku-full')).delivery.content).toBe('hidden words')
    expect((await shop.call('POST', '/v2/skus', { name: 'x' }, { key: publishableKey })).status).toBe(403)
  })

  it('lets no buyer say who earns by the sale', async () => {
    const named = { attribution: { affiliateId: 'blog', referrerId: 'friend' } }
    const cart = await shop.cart([{ skuId: 'sku-digital' }])
    const whole = { currency: 'USD', email: 'ada@example.com', items: [{ skuId: 'sku-digital' }], ...named }
    for (const [path, body] of [
      ['/v2/carts', whole],
      [`/v2/carts/${cart.id}`, named],
    ] as const) {
      const { status, body: answer } = await shop.call('POST', path, body, { key: publishableKey })
      expect([status, answer.errors[0]]).toMatchObject([
        400,
        { code: 'not_allowed_with_publishable_key', parameter: 'attribution' },
      ])
    }
    for (const attribution of [{ affiliateId: 'nobody' }, { affiliateId: 'blog', referrerId: 'nobody' }]) {
      const { status, body: answer } = await shop.call('POST', `/v2/carts/${cart.id}`, { attribution })
      expect([status, answer.errors[0].code]).toEqual([400, 'invalid_parameter'])
    }
  })

  it('pays nobody a share of what was sold to the own address', async () => {
    await shop.must('POST', '/v2/skus', {
      id: 'sku-shared',
      name: 'Font',
      kind: 'digital',
      price: 50,
      currency: 'USD',
      affiliateBps: 1_000,
    })
    const earners = async (email: string, attribution: object) => {
      const order = await shop.order([{ skuId: 'sku-shared' }], { email, attribution })
      const { distribution } = await shop.must('POST', `/v2/orders/${order.id}/payment-intent`, {
        paymentMethod: 'STRIPE',
      })
      return distribution
        .map(({ recipient }: { recipient: string }) => recipient)
        .filter((recipient: string) => /^(affiliate|referrer):/.test(recipient))
    }
    const both = { affiliateId: 'blog', referrerId: 'friend' }
    expect(await earners('ada@example.com', both)).toEqual(['affiliate:blog', 'referrer:friend'])
    expect(await earners('Blog+me@Example.com', both)).toEqual(['referrer:friend'])
    expect(await earners('friend@example.com', both)).toEqual(['affiliate:blog'])
    await shop.must('POST', '/v2/recipients', { id: 'late', name: 'Late', email: 'late@example.com' })
    const cart = await shop.cart([{ skuId: 'sku-shared' }], { attribution: { affiliateId: 'late' } })
    expect((await shop.call('DELETE', '/v2/recipients/late')).status).toBe(204)
    const order = await shop.must('POST', '/v2/orders', { cartId: cart.id })
    const { distribution } = await shop.must('POST', `/v2/orders/${order.id}/payment-intent`, {
      paymentMethod: 'STRIPE',
    })
    expect(JSON.stringify(distribution)).not.toContain('late')
  })

  it('is not given the order that the server made of its cart', async () => {
    const cart = await shop.cart([{ skuId: 'sku-digital' }])
    await shop.must('POST', '/v2/orders', { cartId: cart.id })
    expect((await shop.call('POST', '/v2/orders', { cartId: cart.id }, { key: publishableKey })).status).toBe(404)
  })

  it('neither takes the answer that the server stored for an Idempotency-Key, nor stands in the way of one', async () => {
    const body = { currency: 'USD', email: 'server@example.com', items: [{ skuId: 'sku-digital', quantity: 1 }] }
    const post = (key: string | undefined, content: object) =>
      shop.call('POST', '/v2/carts', content, {
        ...(key ? { key } : {}),
        headers: { 'idempotency-key': 'guessable-1' },
      })
    const first = await post(undefined, body)
    const stranger = await post(publishableKey, body)
    expect([stranger.status, stranger.headers.get('idempotent-replayed')]).toEqual([201, null])
    expect(stranger.body.id).not.toBe(first.body.id)
    expect((await post(publishableKey, { ...body, email: 'other@example.com' })).status).toBe(409)
    const again = await post(undefined, body)
    expect([again.body.id, again.headers.get('idempotent-replayed')]).toEqual([first.body.id, 'true'])
  })
})
