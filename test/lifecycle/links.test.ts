import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { createMerchant } from '../../src/merchants/merchants.ts'
import { hashPassword } from '../../src/operators/passwords.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, storefront } from '../storefront.ts'
import { publishableKey, secretKey } from '../system.ts'

// Removes the risk that a buyer pays for nothing, gets something for nothing, or two buyers get the same key.
describe('checkout links', () => {
  const { system, shop } = runningShop(storefront)

  const made = { count: 0 }
  const product = async (over: object = {}) =>
    (
      await shop.must('POST', '/v2/digital/products', {
        name: 'Field guide',
        price: 12.5,
        currency: 'USD',
        content_type: 'text',
        delivery_content: 'The secret of mushrooms',
        ...over,
      })
    ).data
  const link = async (over: object = {}, productOver: object = {}) => {
    made.count += 1
    const { id } = await product(productOver)
    return (
      await shop.must('POST', '/v2/digital/links', {
        product_id: id,
        slug: `guide-${made.count}`,
        title: 'Field guide',
        ...over,
      })
    ).data
  }
  const pay = (slug: string, email = 'ada@example.com', more: object = {}): Promise<Answer> =>
    shop.call('POST', `/api/v2/public/checkout/${slug}/pay`, { buyer_email: email, ...more }, { key: null })
  const poll = async (slug: string, orderId: string) =>
    (await shop.call('GET', `/api/v2/public/checkout/${slug}/order/${orderId}`, undefined, { key: null })).body.data
  const until = (slug: string, orderId: string, status: string) =>
    eventually(
      async () => {
        const seen = await poll(slug, orderId)
        return seen.status === status ? seen : undefined
      },
      async () => `status ${status}: ${JSON.stringify(await poll(slug, orderId))}`,
    )
  const buy = async (slug: string, email?: string) => {
    const { body } = await pay(slug, email)
    await shop.confirm(body.data.client_secret)
    return body.data.id as string
  }

  describe('buying', () => {
    it('R241 R242 R243 R251 shows an offer and takes an order without any login', async () => {
      const { slug } = await link()
      const offer = await shop.call('GET', `/api/v2/public/checkout/${slug}`, undefined, { key: null })
      expect(offer.body).toMatchObject({
        success: true,
        data: { slug, price: 12.5, currency: 'USD', product: { name: 'Field guide' } },
      })
      expect(JSON.stringify(offer.body)).not.toContain('mushrooms')
      expect(offer.body.data.payment_methods).toEqual(expect.arrayContaining(['STRIPE', 'PAYPAL', 'CRYPTO']))
      const paid = await pay(slug)
      expect([paid.status, paid.body.success, paid.body.data.status]).toEqual([201, true, 'pending'])
      expect(paid.body.data).toMatchObject({ amount: 12.5, currency: 'USD' })
      expect(paid.body.data.client_secret).toContain('_secret_')
    })

    it('R244 R246 R248 R249 R250 R252 R263 delivers within seconds once the webhook says paid', async () => {
      const { slug } = await link()
      const { id: orderId, client_secret } = (await pay(slug)).body.data
      expect(await poll(slug, orderId)).toMatchObject({ status: 'pending', delivery_content: null })
      await shop.confirm(client_secret)
      const delivered = await until(slug, orderId, 'delivered')
      expect(Object.keys(delivered).sort()).toEqual([
        'amount',
        'buyer_email',
        'content_type',
        'created_at',
        'currency',
        'delivery_content',
        'id',
        'status',
      ])
      expect(delivered).toMatchObject({
        id: orderId,
        buyer_email: 'ada@example.com',
        delivery_content: 'The secret of mushrooms',
        content_type: 'text',
      })
    })

    it('R87 R89 tells the merchant of an order that our own checkout page made, and not of one its server made', async () => {
      const { slug } = await link()
      const orderId = (await pay(slug)).body.data.id
      const own = await shop.order([{ skuId: 'sku-digital' }])
      const typesOf = async (id: string): Promise<string[]> =>
        (await shop.must('GET', `/v2/events?orderId=${id}`)).data.map((event: { type: string }) => event.type)
      await eventually(async () => ((await typesOf(own.id)).includes('order.created') ? true : undefined), 'its events')
      expect(await typesOf(orderId)).toContain('checkout_session.order.created')
      expect(await typesOf(own.id)).not.toContain('checkout_session.order.created')
    })

    it('R245 R247 fails without delivering, and the buyer may try again', async () => {
      const { slug } = await link()
      const { body } = await pay(slug)
      await shop.confirm(body.data.client_secret, 'pm_card_chargeDeclined')
      expect(await until(slug, body.data.id, 'failed')).toMatchObject({ delivery_content: null })
      const again = await pay(slug, undefined, { order_token: body.data.order_token })
      expect(again.body.data.id).toBe(body.data.id)
      await shop.confirm(again.body.data.client_secret)
      await until(slug, body.data.id, 'delivered')
    })

    it('R253 shows amounts in whole units where the currency has no smaller ones', async () => {
      const { slug } = await link({}, { price: 50_000, currency: 'UGX' })
      const orderId = await buy(slug)
      const delivered = await until(slug, orderId, 'delivered')
      expect([delivered.amount, delivered.currency]).toEqual([50_000, 'UGX'])
    })

    it('R254 answers 404 for the order of another link', async () => {
      const [one, other] = [await link(), await link()]
      const orderId = await buy(one.slug)
      const answer = await shop.call('GET', `/api/v2/public/checkout/${other.slug}/order/${orderId}`, undefined, {
        key: null,
      })
      expect([answer.status, answer.body]).toEqual([
        404,
        { success: false, error: { code: 'not_found', message: 'There is nothing here.' } },
      ])
      expect(
        (await shop.call('GET', `/api/v2/public/checkout/${one.slug}/order/ord_guessed`, undefined, { key: null }))
          .status,
      ).toBe(404)
    })

    it('delivers what costs nothing at once', async () => {
      const { slug } = await link({ max_uses: 1 }, { price: 0 })
      const answer = await pay(slug)
      expect(answer.body.data.status).toBe('paid')
      await until(slug, answer.body.data.id, 'delivered')
      expect((await pay(slug, 'bob@example.com')).status).toBe(410)
    })

    it.each([
      [{ buyer_email: 'nobody' }, 400],
      [{}, 400],
      [{ buyer_email: 'a@example.com', payment_method: 'CASH' }, 400],
      [{ buyer_email: 'a@example.com', payment_method: 'BONUM' }, 409],
    ])('refuses %j', async (body, status) => {
      const { slug } = await link()
      const answer = await shop.call('POST', `/v2/public/checkout/${slug}/pay`, body, { key: null })
      expect([answer.status, answer.body.success]).toEqual([status, false])
    })
  })

  describe('links', () => {
    it('takes slugs of lower-case letters, digits and dashes, each once', async () => {
      const { id } = await product()
      const create = (slug: string) => shop.call('POST', '/v2/digital/links', { product_id: id, slug, title: 'x' })
      for (const slug of ['', 'Guide', 'a b', '../etc', '-a', 'a-', 'ü', 'a'.repeat(65)])
        expect((await create(slug)).status).toBe(400)
      expect((await create('a'.repeat(64))).status).toBe(201)
      const twice = await create('a'.repeat(64))
      expect([twice.status, twice.body.error.code]).toEqual([409, 'slug_in_use'])
      expect(
        (await shop.call('POST', '/v2/digital/links', { product_id: 'sku_unknown', slug: 'x1', title: 'x' })).status,
      ).toBe(404)
    })

    it('sells nothing when inactive, expired or unknown', async () => {
      const off = await link()
      await shop.must('PUT', `/v2/digital/links/${off.id}`, { is_active: false })
      expect((await pay(off.slug)).status).toBe(404)
      const over = await link({ expires_at: new Date(Date.now() - 1000).toISOString() })
      expect([(await pay(over.slug)).status, (await pay(over.slug)).body.error.code]).toEqual([410, 'link_expired'])
      expect((await shop.call('GET', '/v2/public/checkout/nothing', undefined, { key: null })).status).toBe(404)
    })

    it('lets several links sell one product', async () => {
      const { id } = await product()
      for (const slug of ['twin-a', 'twin-b']) {
        await shop.must('POST', '/v2/digital/links', { product_id: id, slug, title: slug })
        await until(slug, await buy(slug), 'delivered')
      }
      expect((await shop.must('GET', '/v2/digital/links')).data.links.length).toBeGreaterThan(2)
    })

    it('I7 sells max_uses paid orders to 50 buyers who race, and keeps no money for nothing', async () => {
      const { slug, id } = await link({ max_uses: 10 })
      const buyers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => pay(slug, `buyer-${index}@example.com`)),
      )
      const started = buyers.filter((answer) => answer.status === 201)
      await Promise.all(started.map((answer) => shop.confirm(answer.body.data.client_secret)))
      const ends = await eventually(
        async () => {
          const seen = await Promise.all(started.map((answer) => shop.read(answer.body.data.id)))
          const done = seen.every(
            (order) =>
              order.status === 'CONFIRMED' ||
              (order.state === 'cancelled' &&
                order.refundedAmount === order.capturedAmount &&
                order.capturedAmount > 0),
          )
          return done ? seen : undefined
        },
        'every order to be confirmed or refunded',
        28_000,
      )
      expect(ends.filter((order) => order.status === 'CONFIRMED')).toHaveLength(10)
      expect(ends.filter((order) => order.cancelReason === 'sold out')).toHaveLength(started.length - 10)
      expect((await shop.must('GET', `/v2/digital/links/${id}`)).data.use_count).toBe(10)
      const late = await pay(slug, 'late@example.com')
      expect([late.status, late.body.error.code]).toEqual([410, 'link_used_up'])
    })
  })

  describe('licence keys', () => {
    const importKeys = (productId: string, csv: string) =>
      shop.call('POST', `/v2/digital/products/${productId}/licence-keys`, csv, {
        headers: { 'content-type': 'text/csv' },
      })

    it('hands each key of a pool out once; without a key left the order waits for a person', async () => {
      const { slug, product_id: productId } = await link(
        {},
        { licensed: true, delivery_content: 'Your key: {licence_key}' },
      )
      const csv = Array.from({ length: 30 }, (_, index) => `KEY-${index},ignored`).join('\r\n')
      expect((await importKeys(productId, csv)).body.data).toEqual({ imported: 30, duplicates: 0 })
      expect((await importKeys(productId, csv)).body.data).toEqual({ imported: 0, duplicates: 30 })

      const ids = await Promise.all(
        Array.from({ length: 50 }, (_, index) => buy(slug, `licensee-${index}@example.com`)),
      )
      const ends = await eventually(
        async () => {
          const seen = await Promise.all(ids.map((id) => shop.read(id)))
          return seen.every((order) => order.status === 'CONFIRMED' || order.attention) ? seen : undefined
        },
        'every order to be delivered or waiting',
        28_000,
      )
      const keys = ends.filter((order) => order.status === 'CONFIRMED').map((order) => order.items[0].delivery.content)
      expect(new Set(keys).size).toBe(30)
      expect(keys.every((content) => /^Your key: KEY-\d+$/.test(content))).toBe(true)
      const waiting = ends.filter((order) => order.attention)
      expect(waiting).toHaveLength(20)
      expect(waiting[0].attention.reason).toContain('licence_pool_empty')

      await importKeys(productId, 'KEY-LATE')
      await shop.must('POST', `/v2/digital/orders/${waiting[0].id}/retry-delivery`)
      expect((await until(slug, waiting[0].id, 'delivered')).delivery_content).toBe('Your key: KEY-LATE')
    })

    it('refuses an import without keys', async () => {
      const { id } = await product({ licensed: true })
      expect((await importKeys(id, '\n\n')).status).toBe(400)
      expect((await importKeys('sku_unknown', 'A')).status).toBe(404)
      expect(
        (
          await shop.call('POST', '/v2/digital/products', {
            name: 'x',
            price: 1,
            currency: 'USD',
            content_type: 'link',
            delivery_content: 'https://example.com',
            licensed: true,
          })
        ).status,
      ).toBe(400)
    })
  })

  describe('the seller', () => {
    it('R255 R257 lists orders with search and status, and reads one', async () => {
      const { slug, id } = await link()
      const orderId = await buy(slug, 'finder@example.com')
      await until(slug, orderId, 'delivered')
      const search = async (query: string) =>
        (await shop.must('GET', `/v2/digital/orders?${query}`)).data.orders.map((order: { id: string }) => order.id)
      expect(await search('search=FINDER')).toEqual([orderId])
      expect(await search(`search=${orderId}`)).toEqual([orderId])
      expect(await search(`link_id=${id}&status=delivered`)).toEqual([orderId])
      expect(await search(`link_id=${id}&status=pending`)).toEqual([])
      expect(await search('search=%25%25')).toEqual([])
      expect((await shop.must('GET', `/v2/digital/orders/${orderId}`)).data).toMatchObject({
        id: orderId,
        slug,
        product_name: 'Field guide',
      })
    })

    it('R256 I11 lets in whoever is signed in for the shop, and nobody else', async () => {
      const other = await createMerchant(system.database.em(), null, {
        name: 'Other',
        email: null,
        commissionBps: null,
        commissionFixed: null,
        stripeAccountId: null,
        shipFrom: null,
      })
      const { key } = await createApiKey(system.database, { merchantId: other.id, kind: 'secret', liveMode: false })
      const { slug } = await link()
      const orderId = await buy(slug)
      const { id } = await link()
      for (const path of [
        `/v2/digital/orders/${orderId}`,
        `/v2/digital/links/${id}`,
        `/v2/digital/links/${id}/revenue`,
      ]) {
        expect((await shop.call('GET', path, undefined, { key })).status).toBe(404)
        expect((await shop.call('GET', path, undefined, { key: null })).status).toBe(401)
        expect((await shop.call('GET', path, undefined, { key: publishableKey })).status).toBe(403)
      }
      expect(
        (
          await shop.call(
            'PUT',
            `/v2/digital/orders/${orderId}/delivery`,
            { content_type: 'text', delivery_content: 'x' },
            { key },
          )
        ).status,
      ).toBe(404)
      await system.database.sql('insert into users (id, email, password_hash, merchant_id) values ($1, $2, $3, $4)', [
        'usr_seller',
        'seller@example.com',
        await hashPassword('a seller of guides'),
        other.id,
      ])
      const session = await shop.call(
        'POST',
        '/v2/sessions',
        { email: 'seller@example.com', password: 'a seller of guides' },
        { key: null },
      )
      const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? ''
      expect(
        (await shop.call('GET', '/v2/digital/orders', undefined, { key: null, headers: { cookie } })).body.data.orders,
      ).toEqual([])
      const forged = { content_type: 'text', delivery_content: 'x' }
      expect(
        (
          await shop.call('PUT', `/v2/digital/orders/${orderId}/delivery`, forged, {
            key: null,
            headers: { cookie, origin: 'https://evil.example' },
          })
        ).status,
      ).toBe(403)
    })

    it('R259 R260 R274 replaces the delivery of one order only', async () => {
      const { slug, product_id: productId } = await link()
      const [first, second] = [await buy(slug, 'one@example.com'), await buy(slug, 'two@example.com')]
      await until(slug, first, 'delivered')
      await until(slug, second, 'delivered')
      await shop.must('PUT', `/v2/digital/orders/${first}/delivery`, {
        content_type: 'link',
        delivery_content: 'https://example.com/right',
      })
      expect(await poll(slug, first)).toMatchObject({
        content_type: 'link',
        delivery_content: 'https://example.com/right',
      })
      expect((await poll(slug, second)).delivery_content).toBe('The secret of mushrooms')
      expect((await shop.must('GET', `/v2/digital/products/${productId}`)).data.delivery_content).toBe(
        'The secret of mushrooms',
      )
    })

    it('R259 delivers the replacement when it was made before the payment', async () => {
      const { slug } = await link()
      const { body } = await pay(slug)
      await shop.must('PUT', `/v2/digital/orders/${body.data.id}/delivery`, {
        content_type: 'text',
        delivery_content: 'Just for you',
      })
      await shop.confirm(body.data.client_secret)
      expect((await until(slug, body.data.id, 'delivered')).delivery_content).toBe('Just for you')
    })

    it('R261 R262 R263 R264 takes files, links and texts, and no other type', async () => {
      const create = (content_type: string, delivery_content: string) =>
        shop.call('POST', '/v2/digital/products', {
          name: 'x',
          price: 1,
          currency: 'USD',
          content_type,
          delivery_content,
        })
      expect((await create('file', 'https://files.example.com/a.pdf')).status).toBe(201)
      expect((await create('link', 'https://example.com/course')).status).toBe(201)
      expect((await create('text', 'words')).status).toBe(201)
      for (const type of ['video', 'FILE', '']) expect((await create(type, 'https://example.com')).status).toBe(400)
      for (const address of ['javascript:alert(1)', 'not an address', 'ftp://example.com/x'])
        expect((await create('link', address)).status).toBe(400)
    })

    it('R258 R275 calls a paid order delivered by hand, and the saga goes on behind it', async () => {
      const { slug } = await link({}, { licensed: true })
      const orderId = await buy(slug)
      await shop.until(orderId, (order) => order.attention !== undefined, 'attention')
      expect((await poll(slug, orderId)).status).toBe('paid')
      const put = (status: string, id = orderId) => shop.call('PUT', `/v2/digital/orders/${id}/status`, { status })
      expect((await put('pending')).body.error.code).toBe('invalid_status_transition')
      expect((await put('delivered')).body.data.status).toBe('delivered')
      expect((await shop.confirmed(orderId)).attention).toBeUndefined()
      expect((await put('delivered')).status).toBe(200)
      const unpaid = (await pay(slug, 'later@example.com')).body.data.id
      expect([(await put('delivered', unpaid)).status, (await put('delivered', unpaid)).body.error.code]).toEqual([
        402,
        'order_not_paid',
      ])
      expect((await put('shipped')).status).toBe(400)
    })

    it('R273 mails a delivery again when asked', async () => {
      const { slug } = await link()
      const orderId = await buy(slug)
      await until(slug, orderId, 'delivered')
      const mails = async () =>
        (await system.database.sql('select id from mails where order_id = $1', [orderId])).length
      await eventually(async () => ((await mails()) === 1 ? true : undefined), 'the first mail')
      await shop.must('POST', `/v2/digital/orders/${orderId}/retry-delivery`)
      await eventually(async () => ((await mails()) === 2 ? true : undefined), 'the second mail')
      const unpaid = (await pay(slug, 'later@example.com')).body.data.id
      expect((await shop.call('POST', `/v2/digital/orders/${unpaid}/retry-delivery`)).status).toBe(402)
    })
  })

  describe('what was bought', () => {
    const resource = (orderId: string, query = '') =>
      fetch(`${system.url}/api/v2/digital/orders/${orderId}/resource${query}`, { redirect: 'manual' })

    it('R270 R271 R272 is handed to whoever knows a paid order, and refused before', async () => {
      const { slug } = await link()
      const { body } = await pay(slug)
      const unpaid = await resource(body.data.id)
      expect([unpaid.status, (await unpaid.json()) as object]).toEqual([
        402,
        { success: false, error: { code: 'order_not_paid', message: 'This order is not paid.' } },
      ])
      await shop.confirm(body.data.client_secret, 'pm_card_chargeDeclined')
      await until(slug, body.data.id, 'failed')
      expect((await resource(body.data.id)).status).toBe(402)
      await shop.confirm(body.data.client_secret)
      await until(slug, body.data.id, 'delivered')
      expect(await (await resource(body.data.id)).json()).toEqual({
        success: true,
        data: { content_type: 'text', delivery_content: 'The secret of mushrooms' },
      })
      expect((await resource('ord_guessed')).status).toBe(404)
    })

    it('R262 R270 is a redirect for a link that is asked for as one', async () => {
      const { slug } = await link({}, { content_type: 'link', delivery_content: 'https://example.com/course' })
      const orderId = await buy(slug)
      await until(slug, orderId, 'delivered')
      expect((await resource(orderId)).status).toBe(200)
      const redirect = await resource(orderId, '?redirect=1')
      expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'https://example.com/course'])
    })

    it('R261 R268 R270 downloads an uploaded file as often as allowed, and not after a refund', async () => {
      const form = new FormData()
      form.set('file', new File(['%PDF-1.4\nmushrooms\n%%EOF\n'], 'guide.pdf', { type: 'application/pdf' }))
      const uploaded = await fetch(`${system.url}/v2/digital/upload`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretKey}` },
        body: form,
      })
      const { data } = (await uploaded.json()) as { data: { url: string; filename: string; size: number } }
      expect(data).toMatchObject({ filename: 'guide.pdf', size: 25 })
      const { slug } = await link({}, { content_type: 'file', delivery_content: data.url, download_limit: 2 })
      const orderId = await buy(slug)
      const delivered = await until(slug, orderId, 'delivered')
      expect(delivered.delivery_content).toBe(`${system.url}/v2/digital/orders/${orderId}/resource`)
      const download = async () => {
        const answer = await resource(orderId)
        return answer.status === 302 ? fetch(answer.headers.get('location') ?? '') : answer
      }
      const first = await download()
      expect([first.status, await first.text()]).toEqual([200, '%PDF-1.4\nmushrooms\n%%EOF\n'])
      expect((await download()).status).toBe(200)
      expect((await download()).status).toBe(410)
      const other = await link({}, { content_type: 'file', delivery_content: data.url })
      const refunded = await buy(other.slug, 'bob@example.com')
      await until(other.slug, refunded, 'delivered')
      await shop.confirmed(refunded)
      const early = await resource(refunded)
      await shop.must('POST', '/v2/refunds', { orderId: refunded })
      await shop.until(refunded, (order) => order.state === 'returned')
      expect((await resource(refunded)).status).toBe(410)
      expect((await fetch(early.headers.get('location') ?? '')).status).toBe(410)
    })

    it('I11 sells no file of another seller', async () => {
      const answer = await shop.call('POST', '/v2/digital/products', {
        name: 'x',
        price: 1,
        currency: 'USD',
        content_type: 'file',
        delivery_content: `${system.url}/v2/digital/files/file_01h455vb4pex5vsknk084sn02q`,
      })
      expect(answer.status).toBe(404)
    })
  })

  describe('revenue', () => {
    it('R276 R277 R278 R279 R280 R281 counts paid orders of the link only, refunds deducted', async () => {
      const { slug, id } = await link()
      const revenue = async () => (await shop.must('GET', `/v2/digital/links/${id}/revenue`)).data
      expect(await revenue()).toEqual({
        total_revenue: 0,
        currency: 'USD',
        order_count: 0,
        paid_count: 0,
        conversion_rate: 0,
      })
      const other = await link()
      await until(other.slug, await buy(other.slug), 'delivered')
      const paid = [await buy(slug, 'a@example.com'), await buy(slug, 'b@example.com')]
      for (const orderId of paid) await until(slug, orderId, 'delivered')
      await pay(slug, 'c@example.com')
      const declined = (await pay(slug, 'd@example.com')).body.data
      await shop.confirm(declined.client_secret, 'pm_card_chargeDeclined')
      await until(slug, declined.id, 'failed')
      expect(await revenue()).toEqual({
        total_revenue: 25,
        currency: 'USD',
        order_count: 4,
        paid_count: 2,
        conversion_rate: 0.5,
      })
      await shop.must('POST', '/v2/refunds', { orderId: paid[0] })
      await shop.until(paid[0] ?? '', (order) => order.refundedAmount > 0)
      expect(await revenue()).toMatchObject({ total_revenue: 12.5, paid_count: 2 })
    })
  })

  it('takes the money and the shares back on a refund, and the access with it', async () => {
    const { slug } = await link()
    const orderId = await buy(slug)
    await until(slug, orderId, 'delivered')
    await shop.confirmed(orderId)
    await shop.must('POST', '/v2/refunds', { orderId })
    const returned = await shop.until(orderId, (order) => order.state === 'returned')
    expect(returned).toMatchObject({ status: 'REFUNDED', refundedAmount: 12.5, availableToRefundAmount: 0 })
    expect((await poll(slug, orderId)).delivery_content).toBeNull()
    await eventually(async () => {
      const splits = (await shop.must('GET', `/v2/orders/${orderId}/distribution`)).data
      return splits.every((split: { state: string }) => split.state === 'reversed') ? true : undefined
    }, 'the shares to be reversed')
    const { stripe } = await shop.books(orderId)
    expect([stripe.refunds.length, stripe.transferReversals.length]).toEqual([1, 1])
    const ledger = await system.database.sql<{ account: string; balance: number }>(
      'select account, sum(amount) as balance from ledger_entries where order_id = $1 group by 1',
      [orderId],
    )
    // The provider keeps its fee, and the merchant bears it.
    const left = ledger.flatMap(({ account, balance }) => (balance === 0 ? [] : [[account.split(':')[0], balance]]))
    expect(left.toSorted()).toEqual([
      ['merchant', -38],
      ['platform', 38],
    ])
    expect((await shop.call('POST', '/v2/refunds', { orderId })).body.errors[0].code).toBe('order_not_refundable')
  })
})
