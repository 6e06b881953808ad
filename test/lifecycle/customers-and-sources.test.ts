import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { createMerchant } from '../../src/merchants/merchants.ts'
import { startReceiver } from '../event-receiver.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, address, eventually, storefront } from '../storefront.ts'
import { sendStripe, stripeEvent } from '../stripe-events.ts'
import { publishableKey } from '../system.ts'

const wrongCode = (answer: Answer) => [answer.status, answer.body.errors?.[0]?.code, answer.body.errors?.[0]?.parameter]

// Removes the risk that a card is charged for somebody it does not belong to, saved against its owner's will, or lost between us and its provider.
describe('customers and their sources', () => {
  const { system, shop } = runningShop(storefront)
  let stranger: { key: string }

  beforeAll(async () => {
    const { id } = await createMerchant(system.database.em(), null, {
      name: 'Another shop',
      email: null,
      commissionBps: null,
      commissionFixed: null,
      stripeAccountId: null,
      shipFrom: null,
    })
    stranger = await createApiKey(system.database, { merchantId: id, kind: 'secret', liveMode: false })
  })
  afterEach(() => shop.sandbox('DELETE', '/sandbox/faults'))

  const customer = (more: object = {}) =>
    shop.must('POST', '/customers', { email: 'ada@example.com', shipping: address, ...more })
  const card = (paymentMethod = 'pm_card_visa') => shop.must('POST', '/sources', { type: 'creditCard', paymentMethod })
  const save = (customerId: string, sourceId: string) =>
    shop.call('POST', `/customers/${customerId}/sources/${sourceId}`)
  const forget = (customerId: string, sourceId: string) =>
    shop.call('DELETE', `/customers/${customerId}/sources/${sourceId}`)
  const saved = async (customerId: string, paymentMethod?: string) => {
    const { id } = await card(paymentMethod)
    const { status, body } = await save(customerId, id)
    expect(status, JSON.stringify(body)).toBe(200)
    return body
  }
  const checkout = (more: object = {}) =>
    shop.must('POST', '/checkouts', {
      currency: 'USD',
      email: 'ada@example.com',
      billTo: address,
      items: [{ productDetails: { name: 'Course' }, price: 100 }],
      ...more,
    })
  const apply = (checkoutId: string, sourceId: string) =>
    shop.call('POST', `/checkouts/${checkoutId}/sources/${sourceId}`)
  const books = async () => (await shop.sandbox('GET', '/sandbox/books')).stripe
  const fault = (operation: string, kind: string, more: object = {}) =>
    shop.sandbox('POST', '/sandbox/faults', { provider: 'stripe', operation, kind, times: 10, ...more })
  const events = async (type: string, id: string) =>
    (await shop.must('GET', `/v2/events?type=${type}&limit=100`)).data.filter(
      (event: { data: { object: { id: string } } }) => event.data.object.id === id,
    )

  describe('customers', () => {
    it('R51 R55 are created, read, changed and listed', async () => {
      const { status, body } = await shop.call('POST', '/customers', {
        email: 'ada@example.com',
        shipping: address,
        locale: 'de-DE',
        type: 'business',
        metadata: { tier: 'gold' },
      })
      expect(status).toBe(201)
      expect(body).toMatchObject({
        email: 'ada@example.com',
        shipping: address,
        locale: 'de_DE',
        type: 'business',
        enabled: true,
        requestToBeForgotten: false,
        sources: [],
        taxIdentifiers: [],
        metadata: { tier: 'gold' },
      })
      expect(await shop.must('GET', `/customers/${body.id}`)).toEqual(body)
      const changed = await shop.must('POST', `/customers/${body.id}`, {
        email: 'new@example.com',
        metadata: { since: 2020 },
      })
      expect(changed).toMatchObject({
        email: 'new@example.com',
        type: 'business',
        metadata: { tier: 'gold', since: 2020 },
      })
      expect((await shop.must('GET', `/customers?ids=${body.id}`)).data).toEqual([changed])
      expect(await events('customer.created', body.id)).toHaveLength(1)
      expect(await events('customer.updated', body.id)).toMatchObject([{ data: { object: changed } }])
    })

    it('may carry the id of the shop, once', async () => {
      const id = `shop-${randomUUID().slice(0, 8)}`
      const answers = await Promise.all([1, 2, 3].map(() => shop.call('POST', '/customers', { id })))
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
      expect(wrongCode(await shop.call('POST', '/customers', { id }))).toEqual([409, 'already_exists', 'id'])
      expect(wrongCode(await shop.call('POST', '/v2/customers', { id }))[1]).toBe('id_in_use')
      expect((await shop.call('POST', '/customers', { id: 'x'.repeat(41) })).status).toBe(400)
      expect((await shop.call('POST', '/v2/customers', { id }, { key: stranger.key })).status).toBe(201)
    })

    it('are listed newest first, by e-mail and by page, whatever their ids are', async () => {
      const email = `${randomUUID()}@example.com`
      const ids = []
      for (const first of ['m', 'z', 'a'])
        ids.unshift((await customer({ email, id: `${first}-${randomUUID()}`.slice(0, 40) })).id)
      const page = async (query: string) => {
        const { hasMore, data } = await shop.must('GET', `/customers?email=${email}&${query}`)
        return { hasMore, ids: data.map(({ id }: { id: string }) => id) }
      }
      expect(await page('limit=2')).toEqual({ hasMore: true, ids: ids.slice(0, 2) })
      expect(await page(`limit=2&startingAfter=${ids[1]}`)).toEqual({ hasMore: false, ids: ids.slice(2) })
      expect(await page(`limit=1&endingBefore=${ids[2]}`)).toEqual({ hasMore: true, ids: ids.slice(1, 2) })
    })

    it("are nobody's but their merchant's", async () => {
      const { id } = await customer()
      const { id: sourceId } = await card()
      for (const [method, path] of [
        ['GET', `/customers/${id}`],
        ['POST', `/customers/${id}`],
        ['DELETE', `/customers/${id}`],
        ['POST', `/customers/${id}/sources/${sourceId}`],
        ['GET', `/sources/${sourceId}`],
      ] as const) {
        const body = method === 'POST' && !path.includes('sources') ? { email: 'x@example.com' } : undefined
        expect((await shop.call(method, path, body, { key: stranger.key })).status, path).toBe(404)
        expect((await shop.call(method, path, body, { key: null })).status, path).toBe(401)
      }
      expect((await shop.call('GET', '/customers', undefined, { key: publishableKey })).status).toBe(403)
    })

    it('R54 R53 order with or without being known, but not while disabled', async () => {
      const known = await customer()
      const basket = await checkout({ customerId: known.id, sourceId: (await card()).id })
      expect(await shop.must('POST', '/orders', { checkoutId: basket.id })).toMatchObject({
        customerId: known.id,
        state: 'accepted',
      })
      const guest = await checkout({ sourceId: (await card()).id })
      const order = await shop.must('POST', '/orders', { checkoutId: guest.id })
      expect(order).toMatchObject({ state: 'accepted' })
      expect(order.customerId).toBeUndefined()

      await shop.must('POST', `/customers/${known.id}`, { enabled: false })
      const refused = await checkout({ customerId: known.id, sourceId: (await card()).id })
      const answer = await shop.call('POST', '/orders', { checkoutId: refused.id })
      expect(wrongCode(answer)).toEqual([409, 'customer_disabled', 'customerId'])
    })

    it('are deleted for good, with what was saved for them', async () => {
      const { id } = await customer()
      const source = await saved(id)
      await fault('payment_methods.detach', 'drop_before')
      expect(wrongCode(await shop.call('DELETE', `/customers/${id}`))[1]).toBe('provider_unavailable')
      expect((await shop.must('GET', `/customers/${id}`)).sources).toHaveLength(1)
      await shop.sandbox('DELETE', '/sandbox/faults')
      expect((await shop.call('DELETE', `/customers/${id}`)).status).toBe(204)
      expect((await shop.call('GET', `/customers/${id}`)).status).toBe(404)
      expect((await shop.call('DELETE', `/customers/${id}`)).status).toBe(404)
      expect(wrongCode(await shop.call('POST', '/customers', { id }))[1]).toBe('already_exists')
      expect((await shop.must('GET', `/sources/${source.id}`)).state).toBe('cancelled')
      const [left] = await system.database.sql('select email, shipping from customers where id = $1', [id])
      expect(left).toEqual({ email: null, shipping: null })
      expect(await events('customer.deleted', id)).toHaveLength(1)
    })
  })

  describe('sources', () => {
    it('R60 are made of a card that the browser has read, and show no more than its last digits', async () => {
      const { status, body } = await shop.call(
        'POST',
        '/v2/sources',
        {
          type: 'creditCard',
          paymentMethod: 'pm_card_mastercard',
          owner: { firstName: 'Ada', email: 'ada@example.com' },
        },
        { key: publishableKey },
      )
      expect(status).toBe(201)
      expect(body).toMatchObject({
        type: 'creditCard',
        flow: 'standard',
        state: 'chargeable',
        reusable: false,
        owner: { firstName: 'Ada' },
        creditCard: { brand: 'MasterCard', lastFourDigits: '4444', expirationMonth: 12 },
      })
      expect(body.clientSecret).toBeUndefined()
      expect((await shop.call('GET', `/v2/sources/${body.id}`, undefined, { key: publishableKey })).body).toEqual(body)
      const made = await card()
      expect((await shop.call('GET', `/v2/sources/${made.id}`, undefined, { key: publishableKey })).status).toBe(404)
      expect(await events('source.chargeable', body.id)).toHaveLength(1)
    })

    it('are one source for one card, however often and by whomever it is sent', async () => {
      const method = (await stripe('payment_methods', { type: 'card', 'card[token]': 'tok_visa' })).id
      const answers = await Promise.all([1, 2, 3].map(() => card(method)))
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
      const answer = await shop.call(
        'POST',
        '/v2/sources',
        { type: 'creditCard', paymentMethod: method },
        { key: stranger.key },
      )
      expect(wrongCode(answer)).toEqual([409, 'source_in_use', 'paymentMethod'])
    })

    it('R60 wait for their buyer without a card, and become chargeable by the webhook', async () => {
      const made = await shop.must('POST', '/v2/sources', { type: 'creditCard' }, { key: publishableKey })
      expect(made).toMatchObject({ state: 'requires_action', clientSecret: expect.stringMatching(/^seti_.*_secret_/) })
      const { id } = await customer()
      expect(wrongCode(await save(id, made.id))).toEqual([409, 'source_not_chargeable', 'sourceId'])
      expect(wrongCode(await apply((await checkout()).id, made.id))).toEqual([409, 'source_not_chargeable', 'sourceId'])

      await confirmSetup(made.clientSecret, 'pm_card_chargeDeclined')
      await confirmSetup(made.clientSecret, 'pm_card_visa')
      const stored = () => system.database.sql<{ state: string }>('select state from sources where id = $1', [made.id])
      await eventually(async () => ((await stored())[0]?.state === 'chargeable' ? true : undefined), 'the webhook')
      const read = await shop.must('GET', `/sources/${made.id}`)
      expect(read).toMatchObject({ state: 'chargeable', creditCard: { lastFourDigits: '4242' } })
      expect(read.clientSecret).toBeUndefined()
      expect(await events('source.chargeable', made.id)).toHaveLength(1)
      expect((await events('source.created', made.id))[0].data.object.clientSecret).toBeUndefined()
      const open = await system.database.sql(
        `select id from inbox_events where type like 'setup_intent.%' and handled_at is null`,
      )
      expect(open).toEqual([])
      expect((await save(id, made.id)).status).toBe(200)
    })

    it('become chargeable by being read, when the webhook is late', async () => {
      await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
      const made = await shop.must('POST', '/v2/sources', { type: 'creditCard' })
      await confirmSetup(made.clientSecret, 'pm_card_visa')
      const reads = await Promise.all([1, 2, 3].map(() => shop.must('GET', `/v2/sources/${made.id}`)))
      expect(reads.map(({ id }) => id)).toEqual([made.id, made.id, made.id])
      expect((await shop.must('GET', `/v2/sources/${made.id}`)).state).toBe('chargeable')
      await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
      expect(await events('source.chargeable', made.id)).toHaveLength(1)
    })

    it("acknowledge the set-ups of somebody else's software without keeping them as orphans", async () => {
      const reference = `seti_${randomUUID().replaceAll('-', '')}`
      const object = {
        id: reference,
        object: 'setup_intent',
        status: 'succeeded',
        payment_method: 'pm_1',
        metadata: {},
      }
      expect((await sendStripe(system, stripeEvent('setup_intent.succeeded', object))).status).toBe(200)
      const handled = () =>
        system.database.sql<{ outcome: string | null }>('select outcome from inbox_events where reference = $1', [
          reference,
        ])
      expect(await eventually(async () => (await handled())[0]?.outcome ?? undefined, 'the event to be handled')).toBe(
        'unrelated',
      )
    })

    it.each([
      ['konbini', 'receiver', 'JPY'],
      ['wireTransfer', 'receiver', 'EUR'],
      ['bancontact', 'redirect', 'EUR'],
    ])('R154 are chargeable at once as %s, whose flow is %s', async (type, flow, currency) => {
      const { status, body } = await shop.call('POST', '/sources', {
        type,
        currency,
        owner: { email: 'a@example.com' },
      })
      expect(status).toBe(201)
      expect(body).toMatchObject({ type, flow, currency, state: 'chargeable', reusable: false, [type]: {} })
      expect(wrongCode(await shop.call('POST', '/sources', { type, currency: 'CHF' }))).toEqual([
        400,
        'invalid_parameter',
        'currency',
      ])
      const { id } = await customer()
      expect(wrongCode(await save(id, body.id))).toEqual([409, 'nonreusable_source', 'sourceId'])
    })

    it.each([
      ['a type nobody knows', { type: 'cheque' }, 400, 'invalid_parameter', 'type'],
      ['no type', {}, 400, 'invalid_parameter', 'type'],
      [
        'a card nobody knows',
        { type: 'creditCard', paymentMethod: 'pm_nothing' },
        400,
        'invalid_parameter',
        'paymentMethod',
      ],
      [
        'what is no card',
        { type: 'creditCard', paymentMethod: '4242424242424242' },
        400,
        'invalid_parameter',
        'paymentMethod',
      ],
      [
        'a card as a voucher',
        { type: 'konbini', paymentMethod: 'pm_card_visa' },
        400,
        'invalid_parameter',
        'paymentMethod',
      ],
      ['an unknown customer', { type: 'creditCard', customerId: 'nobody' }, 400, 'invalid_parameter', 'customerId'],
    ])('refuse %s by name', async (_what, input, status, code, parameter) => {
      const answer = await shop.call('POST', '/sources', input)
      expect(wrongCode(answer)).toEqual([status, code, parameter])
    })

    it('are given to a customer by secret keys only', async () => {
      const { id } = await customer()
      const input = { type: 'creditCard', customerId: id }
      const answer = await shop.call('POST', '/v2/sources', input, { key: publishableKey })
      expect(wrongCode(answer)).toEqual([400, 'not_allowed_with_publishable_key', 'customerId'])
      const made = await shop.must('POST', '/v2/sources', input)
      expect(made.customerId).toBe(id)
      await confirmSetup(made.clientSecret, 'pm_card_visa')
      await shop.must('GET', `/v2/sources/${made.id}`)
      expect(wrongCode(await apply((await checkout()).id, made.id))).toEqual([409, 'source_in_use', undefined])
      expect(wrongCode(await save((await customer()).id, made.id))).toEqual([409, 'source_in_use', 'sourceId'])
      expect((await shop.must('GET', `/customers/${id}`)).sources).toEqual([])
      expect((await save(id, made.id)).body).toMatchObject({ reusable: true, customerId: id })
    })

    it('answer 503 while the provider is away, and the same Idempotency-Key makes one source', async () => {
      await fault('payment_methods.retrieve', 'drop_before')
      const input = { type: 'creditCard', paymentMethod: 'pm_card_visa' }
      const headers = { 'idempotency-key': randomUUID() }
      expect(wrongCode(await shop.call('POST', '/sources', input, { headers }))[1]).toBe('provider_unavailable')
      await shop.sandbox('DELETE', '/sandbox/faults')
      const first = await shop.call('POST', '/sources', input, { headers })
      const second = await shop.call('POST', '/sources', input, { headers })
      expect([first.status, second.status, second.body]).toEqual([201, 201, first.body])
    })
  })

  describe('saved sources', () => {
    it('R61 R63 are kept for later and pay again and again', async () => {
      const { id } = await customer()
      const source = await saved(id)
      expect(source).toMatchObject({ reusable: true, state: 'chargeable', customerId: id })
      expect(await shop.must('GET', `/customers/${id}`)).toMatchObject({
        defaultSourceId: source.id,
        sources: [{ id: source.id }],
      })
      for (const price of [10, 20]) {
        const basket = await checkout({ customerId: id, items: [{ productDetails: { name: 'Course' }, price }] })
        expect((await apply(basket.id, source.id)).status).toBe(200)
        const order = await shop.must('POST', '/orders', { checkoutId: basket.id })
        expect(order).toMatchObject({
          state: 'accepted',
          payment: { sources: [{ id: source.id, state: 'chargeable' }] },
        })
      }
      expect(await events('customer.source.created', source.id)).toHaveLength(1)
    })

    it('are saved once, however often and at the same time', async () => {
      const { id } = await customer()
      const { id: sourceId } = await card()
      const before = (await books()).customers.length
      const answers = await Promise.all([1, 2, 3].map(() => save(id, sourceId)))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
      expect((await save(id, sourceId)).status).toBe(200)
      await saved(id, 'pm_card_mastercard')
      expect((await books()).customers.length).toBe(before + 1)
      expect((await shop.must('GET', `/customers/${id}`)).sources).toHaveLength(2)
      expect(await events('customer.source.created', sourceId)).toHaveLength(1)
    })

    it('go to one of two customers', async () => {
      const [first, second] = [await customer(), await customer()]
      const { id } = await card()
      const answers = await Promise.all([save(first.id, id), save(second.id, id)])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      const { customerId } = await shop.must('GET', `/sources/${id}`)
      const other = customerId === first.id ? second.id : first.id
      expect(wrongCode(await save(other, id))).toEqual([409, 'source_in_use', 'sourceId'])
      expect((await shop.must('GET', `/customers/${other}`)).sources).toEqual([])
    })

    it('are not saved when they were taken back while the provider was asked', async () => {
      const { id } = await customer()
      const { id: sourceId } = await card()
      const basket = await checkout({ customerId: id, sourceId })
      const before = (await books()).customers.length
      await fault('payment_methods.attach', 'slow', { delayMs: 400, times: 1 })
      const saving = save(id, sourceId)
      await eventually(
        async () => ((await books()).customers.length > before ? true : undefined),
        'the provider to be asked',
      )
      expect((await shop.call('DELETE', `/checkouts/${basket.id}/sources/${sourceId}`)).status).toBe(204)
      expect(wrongCode(await saving)).toEqual([409, 'source_not_chargeable', 'sourceId'])
      expect((await shop.must('GET', `/customers/${id}`)).sources).toEqual([])
      expect((await shop.must('GET', `/sources/${sourceId}`)).state).toBe('cancelled')
    })

    it('R62 are not saved against the word of the bank, which is passed on', async () => {
      const { id } = await customer()
      const { id: sourceId } = await card('pm_card_chargeDeclined')
      const answer = await save(id, sourceId)
      expect(wrongCode(answer)).toEqual([409, 'source_not_chargeable', 'sourceId'])
      expect(answer.body.errors[0].message).toBe('Your card was declined.')
      const read = await shop.must('GET', `/customers/${id}`)
      expect(read.sources).toEqual([])
      expect(read.defaultSourceId).toBeUndefined()
    })

    it.each([
      ['the customer cannot be made', 'customers.create', 'drop_before'],
      ['the answer about the customer is lost', 'customers.create', 'drop_after'],
      ['the card cannot be attached', 'payment_methods.attach', 'drop_before'],
      ['the answer about the card is lost', 'payment_methods.attach', 'drop_after'],
    ])('change nothing here when %s, and are saved by the next try', async (_what, operation, kind) => {
      const { id } = await customer()
      const { id: sourceId } = await card()
      const before = (await books()).customers.length
      await fault(operation, kind)
      const lost = await save(id, sourceId)
      expect(wrongCode(lost).slice(0, 2)).toEqual([503, 'provider_unavailable'])
      expect((await shop.must('GET', `/customers/${id}`)).sources).toEqual([])
      expect(await shop.must('GET', `/sources/${sourceId}`)).toMatchObject({ reusable: false, state: 'chargeable' })
      await shop.sandbox('DELETE', '/sandbox/faults')
      expect((await save(id, sourceId)).status).toBe(200)
      expect((await books()).customers.length).toBe(before + 1)
    })

    it('are given up for good; the next oldest becomes the default', async () => {
      const { id } = await customer()
      const first = await saved(id)
      const second = await saved(id, 'pm_card_mastercard')
      const third = await saved(id)
      const chosen = await shop.must('POST', `/customers/${id}`, { defaultSourceId: second.id })
      expect(chosen.defaultSourceId).toBe(second.id)
      await fault('payment_methods.detach', 'drop_after', { times: 2 })
      expect((await forget(id, second.id)).status).toBe(503)
      expect((await shop.must('GET', `/customers/${id}`)).sources).toHaveLength(3)
      const answers = await Promise.all([forget(id, second.id), forget(id, second.id)])
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 404])
      const left = await shop.must('GET', `/customers/${id}`)
      expect(left).toMatchObject({ defaultSourceId: first.id, sources: [{ id: first.id }, { id: third.id }] })
      expect((await shop.must('GET', `/sources/${second.id}`)).state).toBe('cancelled')
      expect(wrongCode(await save(id, second.id))).toEqual([409, 'source_not_chargeable', 'sourceId'])
      const basket = await checkout({ customerId: id })
      expect(wrongCode(await apply(basket.id, second.id))[1]).toBe('source_status_invalid_for_session')
      expect(await events('customer.source.deleted', second.id)).toHaveLength(1)
      await forget(id, first.id)
      await forget(id, third.id)
      expect((await shop.must('GET', `/customers/${id}`)).defaultSourceId).toBeUndefined()
    })

    it("make only a customer's own source its default", async () => {
      const [mine, theirs] = [await customer(), await customer()]
      const source = await saved(theirs.id)
      for (const defaultSourceId of [source.id, (await card()).id, randomUUID()]) {
        const answer = await shop.call('POST', `/customers/${mine.id}`, { defaultSourceId })
        expect(wrongCode(answer)).toEqual([400, 'invalid_parameter', 'defaultSourceId'])
      }
    })

    it('are unknown under any other id', async () => {
      const { id } = await customer()
      expect(wrongCode(await save(id, randomUUID()))).toEqual([404, 'not_found', 'sourceId'])
      expect(wrongCode(await save('nobody', (await card()).id))).toEqual([404, 'not_found', 'id'])
      expect(wrongCode(await forget(id, (await card()).id))).toEqual([404, 'not_found', 'sourceId'])
    })
  })

  describe('sources on a checkout', () => {
    it('R64 pay for a single transaction; a second one takes the place of the first', async () => {
      const basket = await checkout()
      const [first, second] = [await card(), await card('pm_card_mastercard')]
      expect((await apply(basket.id, first.id)).body).toMatchObject({
        id: first.id,
        amount: basket.totalAmount,
        currency: 'USD',
      })
      expect((await apply(basket.id, second.id)).status).toBe(200)
      const read = await shop.must('GET', `/checkouts/${basket.id}`)
      expect(read.payment).toMatchObject({ sources: [{ id: second.id }], session: { state: 'requires_confirmation' } })
      expect((await apply(basket.id, first.id)).status).toBe(200)
      const order = await shop.must('POST', '/orders', { checkoutId: basket.id })
      expect(order.payment.sources).toMatchObject([{ id: first.id, state: 'consumed', currency: 'USD' }])
      expect(wrongCode(await apply((await checkout()).id, first.id))[1]).toBe('source_status_invalid_for_session')
      expect(wrongCode(await save((await customer()).id, first.id))[1]).toBe('source_not_chargeable')
      expect(wrongCode(await apply(basket.id, second.id))).toEqual([409, 'cart_locked', undefined])
    })

    it('are cancelled when they are taken off, unless they are saved', async () => {
      const { id } = await customer()
      const basket = await checkout({ customerId: id })
      const [single, kept] = [await card(), await saved(id)]
      const detach = (sourceId: string) => shop.call('DELETE', `/checkouts/${basket.id}/sources/${sourceId}`)
      for (const source of [single, kept]) {
        await apply(basket.id, source.id)
        expect((await detach(source.id)).status).toBe(204)
        expect(wrongCode(await detach(source.id))).toEqual([404, 'not_found', 'sourceId'])
      }
      expect((await shop.must('GET', `/checkouts/${basket.id}`)).payment.session.state).toBe('requires_source')
      expect((await shop.must('GET', `/sources/${single.id}`)).state).toBe('cancelled')
      expect(wrongCode(await apply(basket.id, single.id))).toEqual([
        409,
        'source_status_invalid_for_session',
        'sourceId',
      ])
      expect((await apply(basket.id, kept.id)).status).toBe(200)
    })

    it("R63 of a customer stay on this customer's checkouts", async () => {
      const { id } = await customer()
      const source = await saved(id)
      for (const basket of [await checkout(), await checkout({ customerId: (await customer()).id })])
        expect(wrongCode(await apply(basket.id, source.id)).slice(0, 2)).toEqual([409, 'source_in_use'])
      const single = await card()
      const guest = await checkout({ sourceId: single.id })
      expect(wrongCode(await save(id, single.id))).toEqual([409, 'source_in_use', 'sourceId'])
      expect((await shop.must('GET', `/checkouts/${guest.id}`)).payment.sources).toHaveLength(1)
    })

    it('stand on one checkout at a time', async () => {
      const { id } = await card()
      const baskets = [await checkout(), await checkout()]
      const answers = await Promise.all(baskets.map((basket) => apply(basket.id, id)))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    })

    it('are free again when their checkout is deleted', async () => {
      const { id } = await card()
      const basket = await checkout({ sourceId: id })
      expect((await shop.call('DELETE', `/checkouts/${basket.id}`)).status).toBe(204)
      expect((await apply((await checkout()).id, id)).status).toBe(200)
    })

    it('fit its currency and amount', async () => {
      const konbini = await shop.must('POST', '/sources', { type: 'konbini', currency: 'JPY' })
      expect(wrongCode(await apply((await checkout()).id, konbini.id))).toEqual([400, 'invalid_parameter', 'sourceId'])
      const dear = await checkout({ currency: 'JPY', items: [{ productDetails: { name: 'Car' }, price: 2_000_000 }] })
      expect(wrongCode(await apply(dear.id, konbini.id))).toEqual([400, 'invalid_parameter', 'sourceId'])
      const dollars = await shop.must('POST', '/sources', { type: 'wireTransfer', currency: 'USD' })
      const euros = await checkout({ currency: 'EUR' })
      expect(wrongCode(await apply(euros.id, dollars.id))).toEqual([400, 'invalid_parameter', 'sourceId'])
    })

    it('leave no checkout behind that could not take them', async () => {
      const upstreamId = randomUUID()
      const answer = await shop.call('POST', '/checkouts', {
        currency: 'USD',
        upstreamId,
        items: [{ productDetails: { name: 'Course' }, price: 100 }],
        sourceId: randomUUID(),
      })
      expect(wrongCode(answer)).toEqual([404, 'not_found', 'sourceId'])
      expect((await shop.must('GET', `/checkouts?upstreamIds=${upstreamId}`)).data).toEqual([])
    })

    it('are not for carts, which pay after they are ordered', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital' }])
      expect(wrongCode(await apply(cart.id, (await card()).id))).toEqual([404, 'not_found', 'id'])
    })

    it('of somebody else are unknown', async () => {
      const basket = await checkout()
      const { id } = await card()
      const path = `/checkouts/${basket.id}/sources/${id}`
      expect((await shop.call('POST', path, undefined, { key: stranger.key })).status).toBe(404)
      expect((await shop.call('POST', path, undefined, { key: publishableKey })).status).toBe(403)
      const theirs = await shop.must('POST', '/v2/sources', { type: 'konbini' }, { key: stranger.key })
      expect(wrongCode(await apply(basket.id, theirs.id))).toEqual([404, 'not_found', 'sourceId'])
    })
  })

  describe("orders of a customer's items", () => {
    const order = (customerId: string) =>
      shop.call('POST', '/orders', { customerId, currency: 'USD', items: [{ skuId: 'sku-digital', price: 20 }] })

    it('R235 need a customer', async () => {
      expect(wrongCode(await order('nobody'))).toEqual([400, 'invalid_parameter', 'customerId'])
    })

    it('R236 need a saved source, and are paid with the default one', async () => {
      const { id } = await customer()
      expect(wrongCode(await order(id))).toEqual([400, 'order_submit_failed', undefined])
      await saved(id)
      const chosen = await saved(id, 'pm_card_mastercard')
      await shop.must('POST', `/customers/${id}`, { defaultSourceId: chosen.id })
      const { status, body } = await order(id)
      expect(status).toBe(201)
      expect(body).toMatchObject({ customerId: id, state: 'accepted', charges: [{ sourceId: chosen.id }] })
    })
  })

  it('are told to whoever listens, in the shape requests are answered with', async () => {
    const receiver = await startReceiver()
    const endpoint = await shop.must('POST', '/v2/webhook-endpoints', {
      url: receiver.url,
      types: ['customer.created', 'customer.source.created', 'checkout.updated'],
    })
    try {
      const made = await customer()
      const source = await saved(made.id)
      const basket = await checkout({ customerId: made.id })
      await apply(basket.id, source.id)
      const told = (id: string, type: string) =>
        eventually(async () => receiver.of(id).find(({ event }) => event.type === type)?.event, `${type} of ${id}`)
      expect((await told(made.id, 'customer.created')).data.object).toEqual(made)
      expect((await told(source.id, 'customer.source.created')).data.object).toEqual(source)
      const updated = await told(basket.id, 'checkout.updated')
      expect(updated).toMatchObject({ sequence: 0, liveMode: false })
      expect(updated.data.object.payment.sources).toMatchObject([{ id: source.id }])
      expect(receiver.received.every(({ event }) => event.type !== 'checkout.created')).toBe(true)
    } finally {
      await shop.call('DELETE', `/v2/webhook-endpoints/${endpoint.id}`)
      await receiver.stop()
    }
  })

  /** What the provider's browser SDK does. */
  const stripe = async (path: string, fields: Record<string, string>) => {
    const response = await fetch(`${system.sandbox.url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer pk_test_sandbox', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields),
    })
    return (await response.json()) as Answer['body']
  }
  const confirmSetup = (clientSecret: string, paymentMethod: string) =>
    stripe(`setup_intents/${clientSecret.split('_secret_')[0]}/confirm`, {
      client_secret: clientSecret,
      payment_method: paymentMethod,
    })
})
