import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signEvent } from '../../src/outgoing/sign-event.ts'
import { type Received, startReceiver } from '../../test/event-receiver.ts'
import { address, eventually, storefront } from '../../test/storefront.ts'
import { publishableKey, type System, secretKey, startSystem } from '../../test/system.ts'
import { createOrdermill, OrdermillError, type OrdermillOptions, OrdermillUnreachable } from './src/client.ts'
import { verifyDigitalRiverWebhook, verifyWebhook, WebhookVerificationError } from './src/webhooks.ts'
import { typesOf } from './types-of.ts'

const run = promisify(execFile)

// Removes the risk that the types promise what the API does not do, and that a repetition sells or gives back twice.
describe('the typed client', () => {
  let system: System
  let shop: ReturnType<typeof storefront>
  const open = (options: Partial<OrdermillOptions> = {}) =>
    createOrdermill({ baseUrl: system.url, key: secretKey, firstPauseMs: 1, ...options })

  beforeAll(async () => {
    system = await startSystem({ env: { WEBHOOKS_ALLOW_PRIVATE: 'true' } })
    shop = storefront(system)
    await shop.stock()
  })
  afterAll(() => system?.close())

  /** A cart of the e-book by a client, ordered. */
  const order = async (client = open(), email = 'ada@example.com') => {
    const items = [{ skuId: 'sku-digital', quantity: 1 }]
    const cart = await client.post('/v2/carts', { body: { currency: 'USD', email, items } })
    return await client.post('/v2/orders', { body: { cartId: cart.id } })
  }
  const ordersOf = async (email: string) => {
    const ids: string[] = []
    for await (const { id } of open().list('/v2/orders', { params: { query: { email, limit: 2 } } })) ids.push(id)
    return ids
  }

  it('has the types that the document has today', async () => {
    const document = (await (await fetch(`${system.url}/openapi.json`)).json()) as object
    await expect(await typesOf(document)).toMatchFileSnapshot('src/api.gen.ts')
  }, 120_000)

  it('sells, ships, waits, gives back and is told of it, each step typed', async () => {
    const receiver = await startReceiver()
    const server = open()
    const browser = open({ key: publishableKey })
    const hook = await server.post('/v2/webhook-endpoints', { body: { url: receiver.url, types: ['refund.complete'] } })
    try {
      const items = ['sku-digital', 'sku-physical'].map((skuId) => ({ skuId, quantity: 1 }))
      const body = { currency: 'USD', email: 'ada@example.com', items, shipTo: address }
      const { id } = await browser.post('/v2/carts', { body })
      const [rate] = await browser.get('/v2/carts/{id}/shipping-rates', { params: { path: { id } } })
      if (!rate) throw new Error('no shipping rate')
      const shippingChoice = { id: rate.id }
      const cart = await browser.post('/v2/carts/{id}', { params: { path: { id } }, body: { shippingChoice } })
      const { orderId, totalAmount } = await browser.post('/v2/orders', { body: { cartId: cart.id } })
      expect(totalAmount).toBe(20 + 35 + rate.amount)
      const ofOrder = { params: { path: { id: orderId } } }
      const intent = await browser.post('/v2/orders/{id}/payment-intent', {
        ...ofOrder,
        body: { paymentMethod: 'STRIPE' },
      })
      await shop.confirm(intent.clientSecret ?? '')
      const sold = await eventually(async () => {
        const seen = await server.get('/v2/orders/{id}', ofOrder)
        return seen.status === 'CONFIRMED' ? seen : undefined
      }, 'the order to be confirmed')
      expect(sold.items.map(({ kind }) => kind)).toEqual(['digital', 'physical'])
      // @ts-expect-error: a currency is text.
      const none: number = sold.currency
      expect(none).toBe('USD')

      const refund = await server.post('/v2/refunds', { body: { orderId, amount: 5 } })
      expect(refund.amount).toBe(5)
      const told = await eventually<Received>(async () => receiver.of(refund.id)[0], 'the webhook of the refund')
      for (const event of [
        verifyWebhook(told.body, told.headers, hook.secret ?? ''),
        await verifyDigitalRiverWebhook(told.body, told.headers, hook.secret ?? ''),
      ]) {
        if (event.type !== 'refund.complete') throw new Error(`an event of type ${event.type}`)
        expect(event.data.object).toMatchObject({ id: refund.id, orderId, amount: 5, state: 'succeeded' })
      }
    } finally {
      await server.delete('/v2/webhook-endpoints/{id}', { params: { path: { id: hook.id } } })
      await receiver.stop()
    }
  })

  it('walks through a list page by page, each item once, newest first', async () => {
    const made: string[] = []
    for (let count = 0; count < 5; count += 1) made.push((await order(open(), 'pages@example.com')).id)
    expect(await ordersOf('pages@example.com')).toEqual(made.toReversed())
    for await (const sku of open().list('/v2/skus')) {
      expect(sku.price).toBeGreaterThan(0)
      break
    }
  })

  it('filters lists by time, state and text as the document names them, page by page', async () => {
    const made: { id: string; code: string; createdTime: string }[] = []
    for (const code of ['TYPED-1', 'TYPED-2', 'TYPED-3', 'OTHER'])
      made.push(await open().post('/v2/coupons', { body: { code, percentOff: 5 } }))
    const [first] = made as [(typeof made)[0]]
    const codes = async (query: { q?: string; active?: 'true' | 'false'; 'createdTime[gt]'?: string }) => {
      const found: string[] = []
      for await (const { code } of open().list('/v2/coupons', { params: { query: { ...query, limit: 1 } } }))
        found.push(code)
      return found
    }
    expect(await codes({ q: 'typed' })).toEqual(['TYPED-3', 'TYPED-2', 'TYPED-1'])
    await open().post('/v2/coupons/{id}', { params: { path: { id: first.id } }, body: { active: false } })
    expect(await codes({ q: 'typed', active: 'true' })).toEqual(['TYPED-3', 'TYPED-2'])
    expect(await codes({ active: 'false' })).toEqual(['TYPED-1'])
    const query = { state: 'confirmed', 'createdTime[gte]': first.createdTime, limit: 2 } as const
    expect((await open().get('/v2/orders', { params: { query } })).data).toEqual([])
    const page = await open().get('/v2/coupons', { params: { query: { q: 'typed', limit: 2 } } })
    expect([page.hasMore, page.data.length]).toEqual([true, 2])
    // @ts-expect-error: nothing is in this state.
    const nowhere = open().get('/v2/orders', { params: { query: { state: 'nowhere' } } })
    await expect(nowhere).rejects.toMatchObject({ code: 'invalid_parameter', parameter: 'state' })
    // @ts-expect-error: a time has another name here.
    const unknown = open().get('/v2/orders', { params: { query: { 'created_at[gte]': first.createdTime } } })
    await expect(unknown).rejects.toMatchObject({ code: 'unknown_parameter' })
  })

  it('throws what the API says is wrong', async () => {
    const found = open().get('/v2/orders/{id}', { params: { path: { id: 'ord_none' } } })
    await expect(found).rejects.toBeInstanceOf(OrdermillError)
    await expect(found).rejects.toMatchObject({ status: 404, type: 'not_found', code: 'not_found' })
    await expect(found).rejects.toMatchObject({ requestId: expect.stringMatching(/^req_/) })
    const items = [{ skuId: 'sku-digital', quantity: '1' }]
    // @ts-expect-error: how many there are is a number.
    const wrong = open().post('/v2/carts', { body: { currency: 'USD', items } })
    await expect(wrong).rejects.toMatchObject({ code: 'invalid_parameter', parameter: 'items.0.quantity' })
    const stranger = open({ key: 'sk_test_nobody' }).get('/v2/skus')
    await expect(stranger).rejects.toMatchObject({ status: 401, type: 'unauthorized' })
  })

  it('asks again with the same key when an answer is lost, and makes nothing twice', async () => {
    const sent: string[] = []
    const losing = open({
      fetch: async (request) => {
        const key = request.headers.get('idempotency-key') ?? 'none'
        const answer = await fetch(request)
        const isFirst = !sent.includes(key)
        sent.push(key)
        if (isFirst) throw new TypeError('the connection is gone')
        return answer
      },
    })
    const email = 'lost@example.com'
    const { id } = await order(losing, email)
    expect(sent).toEqual([sent[0], sent[0], sent[2], sent[2]])
    expect(await ordersOf(email)).toEqual([id])
  })

  const answering = (...answers: [status: number, code?: string, headers?: Record<string, string>][]) => {
    let calls = 0
    const client = open({
      fetch: async () => {
        const [status, code = 'x', headers = {}] = answers[calls] ?? [200]
        calls += 1
        const body = status === 200 ? { hasMore: false, data: [] } : { type: 'x', errors: [{ code, message: 'No.' }] }
        return Response.json(body, { status, headers })
      },
    })
    return { client, calls: () => calls }
  }

  it.each([
    ['a server that is busy', 503, 'database_unavailable'],
    ['a limit that was reached', 429, 'too_many_requests'],
    ['a request that still runs', 409, 'idempotency_key_in_use'],
  ])('asks again after %s', async (_what, status, code) => {
    const { client, calls } = answering([status, code, { 'retry-after': '0' }], [status, code])
    await expect(client.get('/v2/skus')).resolves.toEqual({ hasMore: false, data: [] })
    expect(calls()).toBe(3)
  })

  it('does not ask again what was decided, nor for ever, nor when it was called off', async () => {
    for (const [status, code] of [
      [400, 'invalid_parameter'],
      [409, 'order_not_payable'],
    ] as const) {
      const { client, calls } = answering([status, code])
      await expect(client.get('/v2/skus')).rejects.toMatchObject({ status, code })
      expect(calls()).toBe(1)
    }
    const broken = answering(...Array.from({ length: 9 }, (): [number] => [502]))
    await expect(broken.client.get('/v2/skus')).rejects.toMatchObject({ status: 502 })
    expect(broken.calls()).toBe(4)
    const nobody = open({ baseUrl: 'http://127.0.0.1:1', retries: 1 })
    await expect(nobody.post('/v2/orders', { body: { cartId: 'x' } })).rejects.toBeInstanceOf(OrdermillUnreachable)
    const stop = new AbortController()
    stop.abort(new Error('called off'))
    await expect(open().get('/v2/skus', { signal: stop.signal })).rejects.toThrow('called off')
  })

  it('ends an attempt that takes too long', async () => {
    const silent = open({
      retries: 1,
      timeoutMs: 20,
      fetch: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    })
    await expect(silent.get('/v2/skus')).rejects.toMatchObject({ cause: { name: 'TimeoutError' } })
  })

  it('can be packed, and what is packed can be used', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill-client-'))
    try {
      await run('npm', ['pack', '--pack-destination', folder], { cwd: import.meta.dirname })
      const [, archive = ''] = /(.*)/.exec((await run('ls', [folder])).stdout) ?? []
      const { stdout } = await run('tar', ['-tzf', path.join(folder, archive)])
      const files = stdout.trim().split('\n').sort()
      for (const file of ['README.md', 'dist/client.js', 'dist/client.d.ts', 'dist/webhooks.js', 'dist/api.gen.d.ts'])
        expect(files).toContain(`package/${file}`)
      expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([])
      const built: typeof import('./src/client.ts') = await import(path.join(import.meta.dirname, 'dist/client.js'))
      const client = built.createOrdermill({ baseUrl: system.url, key: publishableKey })
      expect((await client.get('/v2/skus')).data.length).toBeGreaterThan(0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 60_000)
})

// Removes the risk that a receiver believes somebody else, or an old letter sent again.
describe('the verification of webhooks', () => {
  it('refuses a foreign secret, a changed body, an old timestamp and no signature, in both dialects', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const other = 'whsec_AAAQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const body = '{"type":"order.accepted"}'
    const fresh = signEvent('evt_1', body, [secret], new Date())
    const old = signEvent('evt_1', body, [secret], new Date(Date.now() - 301_000))
    expect(verifyWebhook(body, new Headers(fresh), [other, secret])).toEqual({ type: 'order.accepted' })
    expect(await verifyDigitalRiverWebhook(body, fresh, secret)).toEqual({ type: 'order.accepted' })
    for (const [text, headers, key] of [
      [body, fresh, other],
      [`${body} `, fresh, secret],
      [body, old, secret],
      [body, {}, secret],
      [body, { ...fresh, 'webhook-signature': 'v1,%', 'DigitalRiver-Signature': '1, %' }, secret],
    ] as const) {
      expect(() => verifyWebhook(text, headers, key)).toThrow(WebhookVerificationError)
      await expect(verifyDigitalRiverWebhook(text, headers, key)).rejects.toThrow(WebhookVerificationError)
    }
  })
})
