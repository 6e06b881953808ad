import { beforeAll, describe, expect, it } from 'vitest'
import { sweepExpiredOrders } from '../../src/confirmation/sweeps.ts'
import { anotherKey } from '../another-merchant.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { publishableKey } from '../system.ts'

// Removes the risk that a buyer pays another price than the cart showed, that a code is used more often than it may be, or guessed.
describe('coupons and discounts', () => {
  const { system, shop } = runningShop(merchantOrders, {
    env: { RATE_LIMITS: 'codes:4/10m', STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox' },
  })
  let second: string

  const made = { count: 0 }
  const digital = (id: string, price: number, more: Json = {}) =>
    shop.must('POST', '/v2/skus', {
      id,
      name: id,
      kind: 'digital',
      price,
      currency: 'USD',
      delivery: { contentType: 'text', content: `the content of ${id}` },
      ...more,
    })
  beforeAll(async () => {
    second = (await shop.must('POST', '/v2/merchants', { name: 'Second', stripeAccountId: 'acct_second' })).id
    await digital('book', 20)
    await digital('song', 9.99)
    await digital('font', 33.33, { merchantId: second })
    await digital('atlas', 1_000)
  })

  const coupon = (over: Json): Promise<Answer['body']> => {
    made.count += 1
    return shop.must('POST', '/v2/coupons', { code: `Spring-${made.count}`, ...over })
  }
  const browser = { key: publishableKey }
  /** A buyer of whom nobody has heard yet, as the proxy on this machine writes the address. */
  const stranger = () => {
    made.count += 1
    return {
      ...browser,
      headers: { 'x-forwarded-for': `198.51.${Math.floor(made.count / 250)}.${(made.count % 250) + 1}` },
    }
  }
  const newEmail = () => `${crypto.randomUUID()}@example.com`
  const cart = (couponCode: string | undefined, skus: string[], more: Json = {}) => {
    const items = skus.map((skuId) => ({ skuId }))
    return shop.call(
      'POST',
      '/v2/carts',
      { currency: 'USD', email: newEmail(), items, couponCode, ...more },
      stranger(),
    )
  }
  const order = (cartId: string) => shop.call('POST', '/v2/orders', { cartId }, browser)
  const code = ({ status, body }: Answer) => [status, body.errors?.[0].code]
  const ordered = async (couponCode: string | undefined, skus: string[], more: Json = {}) =>
    (await order((await cart(couponCode, skus, more)).body.id)).body
  const used = async (id: string): Promise<number> => (await shop.must('GET', `/v2/coupons/${id}`)).redemptions
  const refused = (answers: Answer[]) => answers.map(code)

  describe('the price', () => {
    it('takes a percentage off every line, rounded once, and orders what the cart shows to the cent', async () => {
      const { code: spring } = await coupon({ percentOff: 15 })
      const { status, body } = await cart(spring.toUpperCase(), ['book', 'song'])
      // 15 % of 29.99 is 4.50, of which the book bears 3.00.
      expect([status, body.subtotal, body.totalDiscount, body.totalAmount]).toEqual([201, 25.49, 4.5, 25.49])
      expect(body.items.map(({ price, discount, amount }: Answer['body']) => [price, discount, amount])).toEqual([
        [20, { amountOff: 3 }, 17],
        [9.99, { amountOff: 1.5 }, 8.49],
      ])
      expect(body.coupon).toEqual({ code: spring, percentOff: 15 })
      const { body: bought } = await order(body.id)
      expect(bought).toMatchObject({ totalAmount: 25.49, totalDiscount: 4.5, couponCode: spring })
      expect(bought.items.map(({ discount, amount }: Answer['body']) => [discount, amount])).toEqual([
        [{ amountOff: 3 }, 17],
        [{ amountOff: 1.5 }, 8.49],
      ])
      expect(await shop.must('GET', `/v2/orders/${bought.id}`)).toMatchObject({
        totalDiscount: 4.5,
        couponCode: spring,
      })
      expect(await shop.must('GET', `/v2/carts/${body.id}`)).toMatchObject({ totalAmount: 25.49, locked: true })
    })

    it('takes an amount off once, and never more than the goods cost', async () => {
      const { code: five } = await coupon({ amountOff: 5, currency: 'USD' })
      expect((await cart(five, ['book', 'song'])).body).toMatchObject({ totalDiscount: 5, totalAmount: 24.99 })
      const { code: fifty } = await coupon({ amountOff: 50, currency: 'USD' })
      expect((await cart(fifty, ['song'])).body).toMatchObject({ totalDiscount: 9.99, totalAmount: 0 })
      const { code: euros } = await coupon({ amountOff: 5, currency: 'EUR' })
      expect(code(await cart(euros, ['song']))).toEqual([400, 'coupon_not_applicable'])
    })

    it('takes it off the SKUs that it is for, and follows when lines change', async () => {
      const { code: half } = await coupon({ percentOff: 50, skuIds: ['song'] })
      expect(code(await cart(half, ['book']))).toEqual([400, 'coupon_not_applicable'])
      const { body } = await cart(half, ['book', 'song'])
      expect(body.items.map(({ amount }: Answer['body']) => amount)).toEqual([20, 4.99])
      const song = body.items[1].id
      const more = await shop.must('PATCH', `/v2/carts/${body.id}/items/${song}`, { quantity: 2 }, browser)
      expect([more.totalDiscount, more.totalAmount]).toEqual([9.99, 29.99])
      const less = await shop.must('DELETE', `/v2/carts/${body.id}/items/${song}`, undefined, browser)
      expect(less).toMatchObject({ totalAmount: 20, coupon: { problem: 'coupon_not_applicable' } })
      expect(code(await order(body.id))).toEqual([400, 'coupon_not_applicable'])
      const without = await shop.must('POST', `/v2/carts/${body.id}`, { couponCode: null }, browser)
      expect(without).toMatchObject({ coupon: null, totalAmount: 20 })
      expect((await order(body.id)).status).toBe(201)
    })

    it('asks for a minimum of all goods', async () => {
      const { code: big } = await coupon({ percentOff: 10, minimumAmount: 40, currency: 'USD' })
      expect(code(await cart(big, ['book']))).toEqual([400, 'coupon_minimum_not_met'])
      const { body } = await cart(undefined, ['book', 'book'])
      const taken = await shop.must('POST', `/v2/carts/${body.id}`, { couponCode: big }, browser)
      expect(taken.totalAmount).toBe(36)
      const less = await shop.must('PATCH', `/v2/carts/${body.id}/items/${body.items[0].id}`, { quantity: 1 }, browser)
      expect([less.totalAmount, less.coupon.problem]).toEqual([20, 'coupon_minimum_not_met'])
      expect(code(await order(body.id))).toEqual([400, 'coupon_minimum_not_met'])
    })

    it('keeps what the cart was shown when the coupon changes', async () => {
      const { id, code: kept } = await coupon({ percentOff: 10 })
      const { body } = await cart(kept, ['book'])
      await shop.must('POST', `/v2/coupons/${id}`, { percentOff: 50 })
      expect((await order(body.id)).body.totalAmount).toBe(18)
      expect((await cart(kept, ['book'])).body.totalAmount).toBe(10)
    })

    it('adds what the server takes off a line and off the cart, before the code', async () => {
      const { code: tenth } = await coupon({ percentOff: 10 })
      const lines = [{ skuId: 'book', discount: { percentOff: 25 } }, { skuId: 'song' }]
      const basket = { currency: 'USD', email: newEmail(), items: lines, discount: { amountOff: 4.99 } }
      const first = await shop.must('POST', '/v2/carts', { ...basket, couponCode: tenth })
      // 15.00 + 9.99 − 4.99 = 20.00, and 10 % of that.
      expect(first).toMatchObject({ discount: { amountOff: 4.99 }, totalAmount: 18, totalDiscount: 11.99 })
      const plain = await shop.must('POST', `/v2/carts/${first.id}`, { couponCode: null, discount: null })
      expect(plain).toMatchObject({ discount: null, totalAmount: 24.99 })
      const line = await shop.must('PATCH', `/v2/carts/${first.id}/items/${first.items[0].id}`, {
        quantity: 1,
        discount: { amountOff: 1 },
      })
      expect(line.items[0]).toMatchObject({ discount: { amountOff: 1 }, amount: 19 })
      expect((await order(first.id)).body.errors[0].code).toBe('not_found')
      expect((await shop.must('POST', '/v2/orders', { cartId: first.id })).totalDiscount).toBe(1)
    })

    it('lets a browser give itself nothing', async () => {
      const { body } = await cart(undefined, ['book'])
      const item = body.items[0].id
      const own = { discount: { percentOff: 100 } }
      expect(
        refused([
          await cart(undefined, ['book'], own),
          await shop.call('POST', '/v2/carts', { currency: 'USD', items: [{ skuId: 'book', ...own }] }, browser),
          await shop.call('POST', `/v2/carts/${body.id}`, own, browser),
          await shop.call('POST', `/v2/carts/${body.id}/items`, { skuId: 'song', ...own }, browser),
          await shop.call('PATCH', `/v2/carts/${body.id}/items/${item}`, { quantity: 1, ...own }, browser),
          await shop.call('POST', '/v2/coupons', { code: 'MINE', percentOff: 100 }, browser),
        ]),
      ).toEqual([...Array(5).fill([400, 'not_allowed_with_publishable_key']), [403, 'forbidden']])
    })
  })

  describe('how often', () => {
    it('gives the last one to one of two buyers who order at the same time', async () => {
      const { id, code: rare } = await coupon({ percentOff: 10, maxRedemptions: 2 })
      const carts = await Promise.all(Array.from({ length: 8 }, () => cart(rare, ['book'])))
      const answers = await Promise.all(carts.map(({ body }) => order(body.id)))
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, ...Array(6).fill(400)])
      expect(new Set(refused(answers.filter(({ status }) => status !== 201)).map(String))).toEqual(
        new Set(['400,coupon_not_valid']),
      )
      expect(await used(id)).toBe(2)
      const again = carts[answers.findIndex(({ status }) => status === 201)]
      expect((await order(again?.body.id)).status).toBe(200)
      expect(await used(id)).toBe(2)
    })

    it('is for each buyer once, whatever tag the address carries', async () => {
      const { code: once } = await coupon({ percentOff: 10, oncePerBuyer: true })
      const of = (email: string) => cart(once, ['book'], { email })
      const both = await Promise.all([of('Grace@example.com'), of('grace+2@example.com')])
      const answers = await Promise.all(both.map(({ body }) => order(body.id)))
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 400])
      expect(code(await of('grace+spring@EXAMPLE.com'))).toEqual([400, 'coupon_not_valid'])
      expect((await of('other@example.com')).status).toBe(201)
      const [row] = await system.database.sql<{ hash: string }>(
        `select string_agg(buyer_hash, ' ') as hash from coupon_redemptions`,
      )
      expect(row?.hash).not.toContain('grace')
    })

    it('comes back when the order expires or is cancelled unpaid, and stays used when it was paid', async () => {
      const { id, code: single } = await coupon({ percentOff: 10, maxRedemptions: 1 })
      const expiring = await ordered(single, ['book'])
      expect(code(await cart(single, ['book']))).toEqual([400, 'coupon_not_valid'])
      await system.database.sql(`update orders set expires_at = now() - interval '1 hour' where id = $1`, [expiring.id])
      await sweepExpiredOrders(system.parts)
      await shop.until(expiring.id, ({ state }) => state === 'cancelled')
      expect(await used(id)).toBe(0)
      const cancelled = await ordered(single, ['book'])
      expect(await used(id)).toBe(1)
      await shop.must('POST', `/v2/orders/${cancelled.id}/cancel`, {})
      expect(await used(id)).toBe(0)
      const paid = await ordered(single, ['book'])
      await shop.pay(paid.id)
      await shop.confirmed(paid.id)
      await shop.settled(paid.id)
      await shop.must('POST', '/v2/refunds', { orderId: paid.id, amount: 18 })
      await shop.settled(paid.id)
      expect(await used(id)).toBe(1)
    })

    it('says the same of codes that are unknown, off, used up, over or not begun, and of another merchant’s', async () => {
      const key = await anotherKey(system)
      const foreign = await shop.must('POST', '/v2/coupons', { code: 'FOREIGN', percentOff: 5 }, { key })
      const [past, future] = [-1, 1].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString())
      const codes = [
        'UNKNOWN',
        foreign.code,
        (await coupon({ percentOff: 5, active: false })).code,
        (await coupon({ percentOff: 5, validUntil: past })).code,
        (await coupon({ percentOff: 5, validFrom: future })).code,
      ]
      const server = (couponCode: string) =>
        shop.call('POST', '/v2/carts', { currency: 'USD', items: [{ skuId: 'book' }], couponCode })
      const answers = await Promise.all(codes.map(server))
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
      expect(answers[0] && code(answers[0])).toEqual([400, 'coupon_not_valid'])
      for (const [method, body] of [['GET'], ['POST', { active: false }], ['DELETE']] as const)
        expect((await shop.call(method, `/v2/coupons/${foreign.id}`, body)).status).toBe(404)
    })

    it('ends for carts that have it when it is switched off or removed', async () => {
      for (const end of ['POST', 'DELETE']) {
        const { id, code: ending } = await coupon({ percentOff: 10 })
        const { body } = await cart(ending, ['book'])
        await shop.call(end, `/v2/coupons/${id}`, end === 'POST' ? { active: false } : undefined)
        const now = await shop.must('GET', `/v2/carts/${body.id}`, undefined, browser)
        expect(now).toMatchObject({ totalAmount: 20, coupon: { problem: 'coupon_not_valid' } })
        expect(code(await order(body.id))).toEqual([400, 'coupon_not_valid'])
      }
    })

    it('slows down who guesses, and nobody who knows', async () => {
      const { code: known } = await coupon({ percentOff: 10 })
      const from = { ...browser, headers: { 'x-forwarded-for': '203.0.113.77' } }
      const guess = (couponCode: string) =>
        shop.call('POST', '/v2/carts', { currency: 'USD', items: [{ skuId: 'book' }], couponCode }, from)
      for (let round = 0; round < 6; round += 1) expect((await guess(known)).status).toBe(201)
      const guesses: number[] = []
      for (let round = 0; round < 5; round += 1) guesses.push((await guess(`GUESS-${round}`)).status)
      expect(guesses).toEqual([400, 400, 400, 400, 429])
      expect((await guess(known)).status).toBe(429)
      expect((await shop.call('POST', '/v2/carts', { currency: 'USD' }, from)).status).toBe(201)
    })
  })

  describe('coupons themselves', () => {
    it('have a code of their own, whatever its case, and exactly one thing to take off', async () => {
      const { id, code: taken } = await coupon({ percentOff: 12.5, skuIds: ['book'], maxRedemptions: 9 })
      const make = (body: Json) => shop.call('POST', '/v2/coupons', body)
      expect(code(await make({ code: taken.toLowerCase(), percentOff: 5 }))).toEqual([409, 'code_in_use'])
      expect((await make({ code: 'NOTHING' })).status).toBe(400)
      expect((await make({ code: 'BOTH', percentOff: 5, amountOff: 5, currency: 'USD' })).status).toBe(400)
      expect(code(await make({ code: 'BARE', amountOff: 5 }))).toEqual([400, 'missing_parameter'])
      const changed = await shop.must('POST', `/v2/coupons/${id}`, { amountOff: 3, currency: 'USD', skuIds: null })
      expect(changed).toMatchObject({ code: taken, amountOff: 3, skuIds: null, maxRedemptions: 9 })
      expect(changed.percentOff).toBeUndefined()
      expect(code(await shop.call('POST', `/v2/coupons/${id}`, { currency: 'EUR' }))).toEqual([
        400,
        'currency_mismatch',
      ])
      expect((await shop.call('DELETE', `/v2/coupons/${id}`)).status).toBe(204)
      expect((await shop.call('GET', `/v2/coupons/${id}`)).status).toBe(404)
      expect((await make({ code: taken, percentOff: 5 })).status).toBe(201)
      const { data, hasMore } = await shop.must('GET', '/v2/coupons?limit=2')
      expect([data[0].code, data.length, hasMore]).toEqual([taken, 2, true])
    })
  })

  describe('the money', () => {
    it('gives a discounted line back to the cent', async () => {
      const { code: third } = await coupon({ percentOff: 33.33 })
      const bought = await ordered(third, ['book', 'song'])
      // 33.33 % of 29.99 is 10.00: 6.67 off the book.
      expect(bought.items.map(({ amount }: Answer['body']) => amount)).toEqual([13.33, 6.66])
      await shop.pay(bought.id)
      await shop.confirmed(bought.id)
      await shop.settled(bought.id)
      const refund = await shop.must('POST', '/v2/refunds', {
        orderId: bought.id,
        items: [{ itemId: bought.items[0].id }],
      })
      expect(refund.amount).toBe(13.33)
      await shop.settled(bought.id)
      const after = await shop.read(bought.id)
      expect([after.refundedAmount, after.availableToRefundAmount]).toEqual([13.33, 6.66])
    })

    it('divides a discounted order of two sellers by what each was paid', async () => {
      const { code: tenth } = await coupon({ percentOff: 10 })
      const bought = await ordered(tenth, ['book', 'font'])
      expect(bought.totalAmount).toBe(48)
      await shop.intent(bought.id)
      const splits = await shop.must('GET', `/v2/orders/${bought.id}/distribution`)
      const of = (sellerId: string) =>
        Object.fromEntries(
          splits.data
            .filter((split: Json) => split.sellerId === sellerId)
            .map(({ kind, amount }: Answer['body']) => [kind, amount]),
        )
      // 5.33 off: 2.00 and 3.33. Commission is 1 % of 20.00 and 33.33; the fee 3 % of 48.00, by 18.00 and 30.00.
      expect(of(second)).toEqual({ platform: 0.33, provider_fee: 0.9, merchant: 28.77 })
      const house = splits.data.find((split: Json) => split.sellerId !== second).sellerId
      expect(of(house)).toEqual({ platform: 0.2, provider_fee: 0.54, merchant: 17.26 })
    })

    it('orders the worked example of the documentation', async () => {
      const { code: sixty } = await coupon({ amountOff: 60, currency: 'USD' })
      const { body } = await cart(sixty, ['atlas'])
      await shop.must('POST', `/v2/carts/${body.id}`, { attribution: { referrerId: 'friend' } })
      const { id: merchantId } = (await shop.must('GET', '/v2/merchants')).data.at(-1)
      expect(merchantId).toBeTruthy()
      const [owner] = await system.database.sql<{ id: string }>(
        'select merchant_id as id from checkouts where id = $1',
        [body.id],
      )
      const part = { sellerId: owner?.id, amount: 0, cost: 27_80 }
      const choice = { amount: 0, description: 'Included', serviceLevel: 'included', parts: [part] }
      await system.database.sql('update checkouts set shipping_choice = $2 where id = $1', [
        body.id,
        JSON.stringify(choice),
      ])
      const { body: bought } = await order(body.id)
      await shop.intent(bought.id)
      const { data } = await shop.must('GET', `/v2/orders/${bought.id}/distribution`)
      expect(Object.fromEntries(data.map(({ kind, amount }: Answer['body']) => [kind, amount]))).toEqual({
        platform: 10,
        provider_fee: 28.2,
        fulfilment: 27.8,
        referrer: 26.22,
        merchant: 847.78,
      })
    })

    it('confirms an order that is free by its code without a payment', async () => {
      const { id, code: gift } = await coupon({ percentOff: 100, maxRedemptions: 1 })
      const bought = await ordered(gift, ['book'])
      expect([bought.state, bought.totalAmount, bought.totalDiscount]).toEqual(['accepted', 0, 20])
      const confirmed = await shop.confirmed(bought.id)
      expect(confirmed.items[0].delivery.content).toBe('the content of book')
      expect(confirmed.charges).toEqual([])
      expect(await used(id)).toBe(1)
    })
  })

  describe('checkout links', () => {
    const link = async (more: Json = {}) => {
      made.count += 1
      const slug = `offer-${made.count}`
      await shop.must('POST', '/v2/digital/links', { product_id: 'book', slug, title: 'The book', ...more })
      return slug
    }
    const pay = (slug: string, more: Json = {}) =>
      shop.call('POST', `/v2/public/checkout/${slug}/pay`, { buyer_email: newEmail(), ...more }, { key: null })
    const browse = async (slug: string, form?: Record<string, string>, cookie = '') => {
      const response = await fetch(`${system.url}/c/${slug}`, {
        redirect: 'manual',
        headers: cookie ? { cookie } : {},
        ...(form ? { method: 'POST', body: new URLSearchParams({ name: '', method: 'STRIPE', ...form }) } : {}),
      })
      const text = await response.text()
      const seen = /name="seen" value="(\d+)"/.exec(text)?.[1] ?? ''
      const address = response.headers.get('location') ?? ''
      return { status: response.status, text, seen, address, cookie: response.headers.get('set-cookie') ?? '' }
    }

    it('take a code by the API', async () => {
      const slug = await link()
      const { code: fourth } = await coupon({ percentOff: 25 })
      const paid = await pay(slug, { coupon_code: fourth })
      expect([paid.status, paid.body.data.amount]).toEqual([201, 15])
      expect((await shop.read(paid.body.data.id)).totalDiscount).toBe(5)
      const again = await pay(slug, { coupon_code: 'NOPE' })
      expect([again.status, again.body.error.code]).toEqual([400, 'coupon_not_valid'])
      const gift = await coupon({ percentOff: 100 })
      const free = await pay(slug, { coupon_code: gift.code })
      expect([free.status, free.body.data.amount, free.body.data.client_secret]).toEqual([201, 0, undefined])
      await shop.confirmed(free.body.data.id)
    })

    it('show the price with a code on the page before anything is paid, and the same order to the same browser', async () => {
      const slug = await link()
      const { id, code: fifth } = await coupon({ percentOff: 20, maxRedemptions: 1 })
      const first = await browse(slug)
      expect([first.text.includes('I have a code'), first.seen]).toEqual([true, '2000'])
      const cookie = first.cookie.split(';')[0] ?? ''
      const email = newEmail()
      const applied = await browse(slug, { email, coupon_code: fifth, apply: 'yes' }, cookie)
      expect([applied.status, applied.seen]).toEqual([200, '1600'])
      expect(applied.text).toContain('$16.00')
      expect(applied.text).toContain(email)
      // Who presses the button that pays has seen the price or is shown it.
      const unseen = await browse(slug, { email, coupon_code: fifth, seen: '2000' }, cookie)
      expect([unseen.status, unseen.seen]).toEqual([409, '1600'])
      expect(await used(id)).toBe(0)
      const bought = await browse(slug, { email, coupon_code: fifth, seen: '1600' }, cookie)
      const twice = await browse(slug, { email, coupon_code: fifth, seen: '1600' }, cookie)
      expect([bought.status, twice.address]).toEqual([303, bought.address])
      expect(await used(id)).toBe(1)
      const wrong = await browse(slug, { email, coupon_code: fifth.toLowerCase(), apply: 'yes' })
      expect([wrong.status, wrong.text.includes('This code is not valid.')]).toEqual([400, true])
    })

    it('apply a code of their own as long as it may be used', async () => {
      const { id, code: own } = await coupon({ amountOff: 7, currency: 'USD' })
      const unknown = await shop.call('POST', '/v2/digital/links', {
        product_id: 'book',
        slug: 'unknown-code',
        title: 'x',
        coupon_code: 'NOBODYS',
      })
      expect([unknown.status, unknown.body.error.code]).toEqual([400, 'coupon_not_valid'])
      const slug = await link({ coupon_code: own })
      const offer = async () =>
        (await shop.call('GET', `/v2/public/checkout/${slug}`, undefined, { key: null })).body.data
      expect(await offer()).toMatchObject({ price: 13, list_price: 20 })
      expect((await browse(slug)).seen).toBe('1300')
      const paid = (await pay(slug)).body.data
      expect(paid.amount).toBe(13)
      const again = (await pay(slug, { buyer_email: (await shop.read(paid.id)).email, order_token: paid.order_token }))
        .body
      expect(again.data.id).toBe(paid.id)
      await shop.confirm(paid.client_secret)
      await eventually(async () => ((await shop.read(paid.id)).status === 'CONFIRMED' ? true : undefined), 'the book')
      await shop.must('POST', `/v2/coupons/${id}`, { active: false })
      expect(await offer()).toMatchObject({ price: 20, list_price: 20 })
      expect((await pay(slug)).body.data.amount).toBe(20)
    })
  })
})
