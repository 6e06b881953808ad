import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { createMerchant } from '../../src/merchants/merchants.ts'
import { runningShop } from '../running-shop.ts'
import { address, eventually, storefront } from '../storefront.ts'
import { publishableKey } from '../system.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

// Removes the risk that an order is not what the buyer saw in the cart.
describe('carts and orders', () => {
  const { system, shop } = runningShop(storefront, { workers: false })

  const stranger = async () => {
    const merchant = await createMerchant(system.database.em(), null, {
      name: 'Other',
      email: null,
      commissionBps: null,
      commissionFixed: null,
      stripeAccountId: null,
      shipFrom: null,
    })
    return createApiKey(system.database, { merchantId: merchant.id, kind: 'secret', liveMode: false })
  }

  describe('making an order', () => {
    it('R1 R2 R4 R10 R12 POST /v2/orders takes a cartId and answers at once with a PENDING order and its orderId', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital' }])
      const answer = await shop.call('POST', '/v2/orders', { cartId: cart.id })
      expect(answer.status).toBe(201)
      expect(answer.body).toMatchObject({ status: 'PENDING', state: 'pending', checkoutId: cart.id })
      expect(answer.body.orderId).toBe(answer.body.id)
      expect(answer.body.id).toMatch(/^ord_\w{26}$/)
      expect(answer.body.stateTransitions.pending).toBeTruthy()
    })

    it('answers under /api too', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital' }])
      expect((await shop.call('POST', '/api/v2/orders', { cartId: cart.id })).status).toBe(201)
      expect((await shop.call('GET', `/api/v2/carts/${cart.id}`)).body.id).toBe(cart.id)
    })

    it('R5 takes only UUIDs for cartId', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital' }])
      expect(cart.id).toMatch(uuid)
      for (const cartId of ['42', '', 'not-a-uuid', 7, null, [cart.id]]) {
        const answer = await shop.call('POST', '/v2/orders', { cartId })
        expect(answer.status).toBe(400)
        expect(answer.body).toMatchObject({ type: 'bad_request', errors: [{ parameter: 'cartId' }] })
      }
      expect((await shop.call('POST', '/v2/orders', {})).body.errors[0].code).toBe('missing_parameter')
    })

    it('R6 R7 R8 snapshots items, shipping and totals', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital', quantity: 3 }, { skuId: 'sku-physical' }])
      const order = await shop.must('POST', '/v2/orders', { cartId: cart.id })
      expect(
        order.items.map((item: { skuId: string; quantity: number; amount: number }) => [
          item.skuId,
          item.quantity,
          item.amount,
        ]),
      ).toEqual([
        ['sku-digital', 3, 60],
        ['sku-physical', 1, 35],
      ])
      expect(order.shippingChoice).toEqual(cart.shippingChoice)
      expect(order.totalShipping).toBe(cart.totalShipping)
      expect(order.totalShipping).toBeGreaterThan(0)
      expect(order.totalAmount).toBe(cart.totalAmount)
      expect([cart.subtotal, order.subtotal]).toEqual([95, 95])
      expect(order.shipTo).toEqual(address)
    })

    it('R9 keeps the snapshot when the catalogue changes afterwards', async () => {
      await shop.must('POST', '/v2/skus', {
        id: 'sku-changing',
        name: 'Old name',
        kind: 'digital',
        price: 10,
        currency: 'USD',
        affiliateBps: 500,
      })
      const cart = await shop.cart([{ skuId: 'sku-changing' }])
      await shop.must('POST', '/v2/skus/sku-changing', {
        name: 'Old name',
        kind: 'digital',
        price: 12,
        currency: 'USD',
        affiliateBps: 900,
      })
      const order = await shop.must('POST', '/v2/orders', { cartId: cart.id })
      expect(order.totalAmount).toBe(10)
      await shop.must('POST', '/v2/skus/sku-changing', {
        name: 'New name',
        kind: 'digital',
        price: 99,
        currency: 'USD',
      })
      await shop.must('DELETE', '/v2/skus/sku-changing')
      const after = await shop.read(order.id)
      expect(after.items[0].productDetails.name).toBe('Old name')
      expect(after.totalAmount).toBe(10)
    })

    it('R11 refuses every change to the cart of an order', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital' }])
      await shop.must('POST', '/v2/orders', { cartId: cart.id })
      const item = cart.items[0].id
      const changes = [
        shop.call('POST', `/v2/carts/${cart.id}`, { email: 'new@example.com' }),
        shop.call('POST', `/v2/carts/${cart.id}/items`, { skuId: 'sku-digital', quantity: 1 }),
        shop.call('PATCH', `/v2/carts/${cart.id}/items/${item}`, { quantity: 9 }),
        shop.call('DELETE', `/v2/carts/${cart.id}/items/${item}`),
      ]
      for (const answer of await Promise.all(changes)) {
        expect(answer.status).toBe(409)
        expect(answer.body.errors[0].code).toBe('cart_locked')
      }
      expect((await shop.must('GET', `/v2/carts/${cart.id}`)).locked).toBe(true)
    })

    it('makes one order of one cart, however often and at the same time it is asked', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital' }])
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => shop.call('POST', '/v2/orders', { cartId: cart.id })),
      )
      expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(11).fill(200), 201])
      expect(new Set(answers.map((answer) => answer.body.orderId)).size).toBe(1)
    })

    it('never misses an item that was added at the same moment', async () => {
      for (let round = 0; round < 10; round += 1) {
        const cart = await shop.cart([{ skuId: 'sku-digital' }])
        const [added, made] = await Promise.all([
          shop.call('POST', `/v2/carts/${cart.id}/items`, { skuId: 'sku-digital', quantity: 1 }),
          shop.call('POST', '/v2/orders', { cartId: cart.id }),
        ])
        const seen = await shop.must('GET', `/v2/carts/${cart.id}`)
        expect(made.body.totalAmount).toBe(seen.totalAmount)
        expect(added.status === 200 ? 40 : 20).toBe(seen.totalAmount)
      }
    })

    it('needs items, an email, and for goods that are shipped an address and a shipping choice', async () => {
      const order = async (cart: object) => {
        const { id } = await shop.must('POST', '/v2/carts', { currency: 'USD', ...cart })
        const answer = await shop.call('POST', '/v2/orders', { cartId: id })
        return [answer.status, answer.body.errors?.[0].code]
      }
      const email = 'ada@example.com'
      expect(await order({ email })).toEqual([400, 'cart_empty'])
      expect(await order({ items: [{ skuId: 'sku-digital' }] })).toEqual([400, 'email_required'])
      expect(await order({ email, items: [{ skuId: 'sku-physical' }] })).toEqual([400, 'ship_to_required'])
      expect(await order({ email, items: [{ skuId: 'sku-physical' }], shipTo: address })).toEqual([
        400,
        'invalid_shipping_choice',
      ])
    })

    it('tolerates other fields, and by Digital River’s path unknown ones, and a JSON body sent as text/plain', async () => {
      const headers = { 'content-type': 'text/plain' }
      const others = { email: 'other@example.com', items: 'no list', discount: { percentOff: 100 } }
      const sent = { '/v2/orders': others, '/orders': { ...others, total: 1, nonsense: {} } }
      for (const [path, beside] of Object.entries(sent)) {
        const cart = await shop.cart([{ skuId: 'sku-digital' }])
        const answer = await shop.call('POST', path, JSON.stringify({ cartId: cart.id, ...beside }), { headers })
        expect(answer.status, path).toBe(201)
        expect(answer.body.email, path).toBe('ada@example.com')
        expect(answer.body.totalAmount, path).toBe(20)
      }
    })
  })

  describe('carts', () => {
    it('keeps the price of the moment an item was added, one line per SKU', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital' }, { skuId: 'sku-digital', quantity: 2 }])
      expect(cart.items).toHaveLength(1)
      expect(cart.items[0]).toMatchObject({ quantity: 3, price: 20, amount: 60 })
      const more = await shop.must('POST', `/v2/carts/${cart.id}/items`, { skuId: 'sku-digital', quantity: 4 })
      expect(more.items[0].quantity).toBe(7)
      const less = await shop.must('PATCH', `/v2/carts/${cart.id}/items/${more.items[0].id}`, { quantity: 1 })
      expect(less.totalAmount).toBe(20)
      const empty = await shop.must('DELETE', `/v2/carts/${cart.id}/items/${more.items[0].id}`)
      expect(empty.items).toEqual([])
    })

    it('drops the shipping choice when items or the address change', async () => {
      const cart = await shop.cart([{ skuId: 'sku-physical' }])
      expect(cart.shippingChoice).not.toBeNull()
      expect(
        (await shop.must('POST', `/v2/carts/${cart.id}/items`, { skuId: 'sku-physical', quantity: 1 })).shippingChoice,
      ).toBeNull()
    })

    it('takes no offer that was made for other goods or for another address', async () => {
      const cart = await shop.cart([{ skuId: 'sku-physical' }])
      const change = (body: object) => shop.call('POST', `/v2/carts/${cart.id}`, body)
      const offers = () => shop.must('GET', `/v2/carts/${cart.id}/shipping-rates`)
      const [near] = await offers()
      const far = { ...address, address: { ...address.address, line1: '1 Far Road', postalCode: '10001', state: 'NY' } }
      const stale = [{ shipTo: far, shippingChoice: { id: near.id } }]
      expect((await change({ shipTo: far })).body.shippingChoice).toBeNull()
      for (const body of [...stale, { shippingChoice: { id: near.id } }]) {
        expect((await change(body)).body.errors[0].code).toBe('invalid_shipping_choice')
      }
      const [offer] = await offers()
      expect((await change({ shippingChoice: { id: offer.id } })).body.shippingChoice.id).toBe(offer.id)
      // The address it has already changes nothing.
      expect((await change({ shipTo: far })).body.shippingChoice.id).toBe(offer.id)
      await shop.must('POST', `/v2/carts/${cart.id}/items`, { skuId: 'sku-physical', quantity: 1 })
      expect((await change({ shippingChoice: { id: offer.id } })).body.errors[0].code).toBe('invalid_shipping_choice')
    })

    it('keeps no offer of a cart that was changed while the carriers were asked', async () => {
      const cart = await shop.cart([{ skuId: 'sku-physical' }])
      await system.database.sql('delete from shipping_rates where checkout_id = $1', [cart.id])
      const slow = { provider: 'easypost', operation: 'shipments.create', kind: 'slow', delayMs: 1_000, times: 1 }
      await shop.sandbox('POST', '/sandbox/faults', slow)
      const asked = shop.call('GET', `/v2/carts/${cart.id}/shipping-rates`)
      await eventually(async () => {
        const { faults } = await shop.sandbox('GET', '/sandbox/faults')
        return faults.at(-1).fired === 1 ? true : undefined
      }, 'the carrier to be asked')
      const far = { ...address, address: { ...address.address, line1: '1 Far Road', postalCode: '10001', state: 'NY' } }
      await shop.must('POST', `/v2/carts/${cart.id}`, { shipTo: far })
      const { status, body } = await asked
      expect([status, body.errors?.[0].code]).toEqual([409, 'cart_changed'])
      expect(await system.database.sql('select id from shipping_rates where checkout_id = $1', [cart.id])).toEqual([])
    })

    it('lets a storefront choose a rate, and only a secret key set an amount', async () => {
      const cart = await shop.cart([{ skuId: 'sku-physical' }])
      const free = { shippingChoice: { amount: 0, description: 'Free', serviceLevel: 'free' } }
      const refused = await shop.call('POST', `/v2/carts/${cart.id}`, free, { key: publishableKey })
      expect([refused.status, refused.body.errors[0].code]).toEqual([400, 'not_allowed_with_publishable_key'])
      expect((await shop.must('POST', `/v2/carts/${cart.id}`, free)).totalShipping).toBe(0)
      const other = await shop.cart([{ skuId: 'sku-physical' }])
      const foreign = await shop.call('POST', `/v2/carts/${cart.id}`, {
        shippingChoice: { id: other.shippingChoice.id },
      })
      expect(foreign.body.errors[0].code).toBe('invalid_shipping_choice')
    })

    it('offers several rates, cheapest first, and for parcels of two kinds a combination', async () => {
      const single = await shop.cart([{ skuId: 'sku-physical' }])
      const rates = await shop.must('GET', `/v2/carts/${single.id}/shipping-rates`)
      expect(rates.length).toBeGreaterThanOrEqual(3)
      expect(rates.map((rate: { amount: number }) => rate.amount)).toEqual(
        rates.map((rate: { amount: number }) => rate.amount).toSorted((a: number, b: number) => a - b),
      )
      const mixed = await shop.cart([{ skuId: 'sku-physical' }, { skuId: 'sku-pod' }, { skuId: 'sku-digital' }])
      const combined = await shop.must('GET', `/v2/carts/${mixed.id}/shipping-rates`)
      expect(combined[0].carrier).toContain('Printful')
      expect(
        await shop.must('GET', `/v2/carts/${(await shop.cart([{ skuId: 'sku-digital' }])).id}/shipping-rates`),
      ).toEqual([])
    })

    it('says why nobody can be asked what shipping costs', async () => {
      const seller = await shop.must('POST', '/v2/merchants', { name: 'Nowhere' })
      const sku = (id: string, more: Record<string, unknown>) =>
        shop.must('POST', '/v2/skus', {
          id,
          name: id,
          kind: 'physical',
          price: 10,
          currency: 'USD',
          weight: 4,
          weightUnit: 'oz',
          ...more,
        })
      await sku('from-nowhere', { merchantId: seller.id })
      await sku('anvil', { weight: 2_000 })
      await sku('in-euro', { currency: 'EUR' })
      const ask = async (skuIds: string[], currency = 'USD') => {
        const cart = await shop.must('POST', '/v2/carts', {
          currency,
          shipTo: address,
          items: skuIds.map((skuId) => ({ skuId })),
        })
        const { status, body, headers } = await shop.call('GET', `/v2/carts/${cart.id}/shipping-rates`)
        return [
          status,
          body.length > 0,
          headers.get('shipping-problems')?.replace(/mer_\w+/g, (id) => (id === seller.id ? 'new' : 'own')),
        ]
      }
      expect(await ask(['from-nowhere'])).toEqual([200, false, 'seller_address_missing;seller=new'])
      expect(await ask(['anvil'])).toEqual([200, false, 'not_delivered_there;seller=own'])
      expect(await ask(['in-euro'], 'EUR')).toEqual([200, false, 'not_quoted_in_currency;seller=own'])
      expect(await ask(['from-nowhere', 'anvil', 'sku-pod'])).toEqual([
        200,
        false,
        'seller_address_missing;seller=new, not_delivered_there;seller=own',
      ])
      expect(await ask(['sku-physical'])).toEqual([200, true, undefined])
      expect(await ask(['sku-digital'])).toEqual([200, false, undefined])
    })

    it.each([
      ['a negative quantity', { items: [{ skuId: 'sku-digital', quantity: -1 }] }, 'items.0.quantity'],
      ['a fraction of an item', { items: [{ skuId: 'sku-digital', quantity: 1.5 }] }, 'items.0.quantity'],
      ['a quantity in words', { items: [{ skuId: 'sku-digital', quantity: '1' }] }, 'items.0.quantity'],
      ['an absurd quantity', { items: [{ skuId: 'sku-digital', quantity: 1e9 }] }, 'items.0.quantity'],
      ['an unknown SKU', { items: [{ skuId: 'nothing' }] }, 'items.skuId'],
      ['an unknown currency', { currency: 'ZZZ' }, 'currency'],
      ['another currency than the SKU', { currency: 'EUR', items: [{ skuId: 'sku-digital' }] }, 'items.skuId'],
      ['no email address', { email: 'nobody' }, 'email'],
      [
        'half an address',
        { shipTo: { name: 'Ada', address: { line1: 'x', city: 'y', postalCode: '1', country: 'Utopia' } } },
        'shipTo.address.country',
      ],
      [
        'too much metadata',
        { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`k${index}`, 'v'])) },
        'metadata',
      ],
    ])('refuses %s', async (_what, over, parameter) => {
      const answer = await shop.call('POST', '/v2/carts', { currency: 'USD', ...over })
      expect([answer.status, answer.body.type, answer.body.errors[0].parameter]).toEqual([
        400,
        'bad_request',
        parameter,
      ])
    })

    it('refuses prices with more decimals than their currency', async () => {
      const sku = (price: unknown, currency = 'USD') =>
        shop.call('POST', '/v2/skus', { name: 'x', kind: 'digital', price, currency })
      for (const price of [1.005, -1, '1', null, 1e15]) expect((await sku(price)).status).toBe(400)
      expect((await sku(10.5, 'JPY')).body.errors[0].code).toBe('invalid_amount')
      expect((await sku(1.005, 'KWD')).status).toBe(201)
    })
  })

  describe('who may see what', () => {
    it('I11 answers 404 for what belongs to another merchant, as for what does not exist', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital' }])
      const order = await shop.must('POST', '/v2/orders', { cartId: cart.id })
      const { key } = await stranger()
      const calls: [string, string, object?][] = [
        ['GET', `/v2/carts/${cart.id}`],
        ['POST', `/v2/carts/${cart.id}`, { email: 'x@example.com' }],
        ['POST', '/v2/orders', { cartId: cart.id }],
        ['GET', `/v2/orders/${order.id}`],
        ['POST', `/v2/orders/${order.id}`, { metadata: { a: 1 } }],
        ['POST', `/v2/orders/${order.id}/payment-intent`, { paymentMethod: 'STRIPE' }],
        ['POST', `/v2/orders/${order.id}/confirm-payment`],
        ['POST', `/v2/orders/${order.id}/cancel`, {}],
        ['GET', `/v2/orders/${order.id}/distribution`],
        ['GET', `/v2/orders/${order.id}/timeline`],
        ['GET', '/v2/skus/sku-digital'],
        ['DELETE', '/v2/skus/sku-digital'],
      ]
      for (const [method, path, body] of calls) {
        const answer = await shop.call(method, path, body, { key })
        expect([method, path, answer.status, answer.body.type]).toEqual([method, path, 404, 'not_found'])
      }
      expect((await shop.must('GET', '/v2/orders', undefined, { key })).data).toEqual([])
      expect((await shop.read(order.id)).state).toBe('pending')
    })

    it('lets a storefront key read what it made, and nothing else', async () => {
      const made = await shop.order([{ skuId: 'sku-digital' }])
      const other = await shop.must('POST', '/v2/orders', { cartId: (await shop.cart([{ skuId: 'sku-digital' }])).id })
      const read = (id: string) => shop.call('GET', `/v2/orders/${id}`, undefined, { key: publishableKey })
      expect((await read(made.id)).status).toBe(200)
      expect((await read(other.id)).status).toBe(404)
      for (const path of [
        `/v2/orders/${made.id}/timeline`,
        `/v2/orders/${made.id}/distribution`,
        '/v2/orders',
        '/v2/customers',
      ]) {
        expect((await shop.call('GET', path, undefined, { key: publishableKey })).status).toBe(403)
      }
    })

    it('answers 401 without a key and with an unknown one', async () => {
      for (const key of [null, 'sk_test_wrong', '']) {
        const answer = await shop.call('GET', '/v2/orders', undefined, { key })
        expect([answer.status, answer.body.type]).toEqual([401, 'unauthorized'])
      }
    })
  })

  describe('robustness', () => {
    it('answers bad JSON, unknown paths and large bodies in the error format', async () => {
      expect((await shop.call('POST', '/v2/carts', '{"currency":')).body).toMatchObject({
        type: 'bad_request',
        errors: [{ code: 'invalid_json' }],
      })
      expect((await shop.call('GET', '/v2/nothing')).body).toMatchObject({ type: 'not_found' })
      const large = await shop.call(
        'POST',
        '/v2/carts',
        JSON.stringify({ currency: 'USD', metadata: { k: 'x'.repeat(2 ** 21) } }),
      )
      expect([large.status, large.body.type]).toEqual([413, 'payload_too_large'])
      expect(
        (
          await shop.call('POST', '/v2/carts', 'currency=USD', {
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          })
        ).status,
      ).toBe(400)
      expect((await shop.call('GET', '/v2/orders/ord_unknown')).headers.get('x-request-id')).toMatch(/^req_/)
    })

    it('replays a request with the same Idempotency-Key and refuses the key for another one', async () => {
      const headers = { 'idempotency-key': 'cart-1' }
      const body = { currency: 'USD', items: [{ skuId: 'sku-digital' }] }
      const first = await shop.call('POST', '/v2/carts', body, { headers })
      const again = await shop.call('POST', '/v2/carts', body, { headers })
      expect(again.body).toEqual(first.body)
      expect(again.headers.get('idempotent-replayed')).toBe('true')
      const reused = await shop.call('POST', '/v2/carts', { currency: 'EUR' }, { headers })
      expect([reused.status, reused.body.errors[0].code]).toEqual([409, 'idempotency_key_reused'])
    })

    it('runs a request with one Idempotency-Key once, even ten times at the same moment', async () => {
      const headers = { 'idempotency-key': 'cart-2' }
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => shop.call('POST', '/v2/carts', { currency: 'USD' }, { headers })),
      )
      const made = answers.filter((answer) => answer.status === 201)
      expect(new Set(made.map((answer) => answer.body.id)).size).toBe(1)
      for (const answer of answers) expect([201, 409]).toContain(answer.status)
    })

    it('changes only metadata and the wish to be forgotten on an order', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      const updated = await shop.must('POST', `/v2/orders/${order.id}`, {
        metadata: { ref: 'A1' },
        requestToBeForgotten: true,
        email: 'x@example.com',
        totalAmount: 1,
      })
      expect(updated).toMatchObject({
        metadata: { ref: 'A1' },
        requestToBeForgotten: true,
        email: 'ada@example.com',
        totalAmount: 20,
      })
    })

    it('pages through orders, newest first', async () => {
      for (let index = 0; index < 3; index += 1) await shop.order([{ skuId: 'sku-digital' }])
      const first = await shop.must('GET', '/v2/orders?limit=2')
      expect(first.hasMore).toBe(true)
      const second = await shop.must('GET', `/v2/orders?limit=2&startingAfter=${first.data[1].id}`)
      expect(second.data[0].id < first.data[1].id).toBe(true)
      const back = await shop.must('GET', `/v2/orders?limit=2&endingBefore=${second.data[0].id}`)
      expect(back.data.map((order: { id: string }) => order.id)).toEqual(
        first.data.map((order: { id: string }) => order.id),
      )
      expect((await shop.call('GET', '/v2/orders?limit=1000')).status).toBe(400)
    })
  })
})
