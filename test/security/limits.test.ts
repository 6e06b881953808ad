import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCounters } from '../../src/api/limits/counters.ts'
import { startMailServer } from '../mail-server.ts'
import { type Answer, eventually, storefront } from '../storefront.ts'
import { publishableKey, type System, startSystem } from '../system.ts'

// Removes the risk that a stranger tests cards, floods a shop or somebody's mailbox, or locks its people out.
describe('R295 limits', () => {
  let system: System
  let mailServer: Awaited<ReturnType<typeof startMailServer>>
  let shop: ReturnType<typeof storefront>

  beforeAll(async () => {
    mailServer = await startMailServer()
    system = await startSystem({
      env: {
        RATE_LIMITS: 'carts:3/1m,quotes:3/1m,payments:3/1m,pays:3/1m,sources:3/10m,sourcesOfKey:8/10m,mails:5/1h',
        SMTP_URL: mailServer.url,
        STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox',
      },
    })
    shop = storefront(system)
    await shop.stock()
    for (const [slug, price] of [
      ['paid', 5],
      ['free', 0],
    ] as const) {
      const product = { name: slug, price, currency: 'USD', content_type: 'text', delivery_content: 'words' }
      const { id } = (await shop.must('POST', '/v2/digital/products', product)).data
      await shop.must('POST', '/v2/digital/links', { product_id: id, slug, title: slug })
    }
  })
  afterAll(async () => {
    await system?.close()
    await mailServer?.close()
  })

  const made = { addresses: 0 }
  /** An address that has done nothing yet, as the proxy on this machine writes it. */
  const newAddress = () => {
    made.addresses += 1
    return `203.0.${Math.floor(made.addresses / 250)}.${(made.addresses % 250) + 1}`
  }
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const statuses = async (count: number, send: (index: number) => Promise<{ status: number }>) => {
    const seen: number[] = []
    for (let index = 0; index < count; index += 1) seen.push((await send(index)).status)
    return seen
  }
  const cart = (headers: Record<string, string>, key: string | undefined = publishableKey) =>
    shop.call('POST', '/v2/carts', { currency: 'USD' }, { ...(key ? { key } : {}), headers })
  const pay = (slug: string, email: string, headers: Record<string, string>, more: object = {}): Promise<Answer> =>
    shop.call('POST', `/v2/public/checkout/${slug}/pay`, { buyer_email: email, ...more }, { key: null, headers })

  it('count carts by key and address, say when to come back, and never count a secret key’s server', async () => {
    const address = newAddress()
    expect(await statuses(4, () => cart(from(address)))).toEqual([201, 201, 201, 429])
    const refused = await cart(from(address))
    expect(refused.body.errors[0].code).toBe('too_many_requests')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await cart(from(newAddress()))).status).toBe(201)
    const server = () => shop.call('POST', '/v2/carts', { currency: 'USD' }, { headers: from(address) })
    expect(await statuses(6, server)).toEqual(Array(6).fill(201))
  })

  it('believe the nearest proxy and nothing that a caller writes before it', async () => {
    const address = newAddress()
    const forged = (index: number) => from(`198.51.100.${index}, ${address}`)
    expect(await statuses(4, (index) => cart(forged(index)))).toEqual([201, 201, 201, 429])
    const network = (index: number) => from(`2001:db8:7:7::${index + 1}`)
    expect(await statuses(4, (index) => cart(network(index)))).toEqual([201, 201, 201, 429])
    expect((await cart(from('2001:db8:7:8::1'))).status).toBe(201)
  })

  it('count orders of links on the page and by the API together', async () => {
    const address = newAddress()
    const click = () =>
      fetch(`${system.url}/c/paid`, {
        method: 'POST',
        redirect: 'manual',
        headers: { ...from(address), 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ email: 'ada@example.com', name: '', method: 'STRIPE' }),
      })
    expect(await statuses(2, () => pay('paid', 'ada@example.com', from(address)))).toEqual([201, 201])
    expect((await click()).status).toBe(303)
    const refused = await click()
    expect([refused.status, await refused.text()]).toEqual([429, expect.stringContaining('Too much was asked for')])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await pay('paid', 'ada@example.com', from(address))).status).toBe(429)
    expect((await pay('paid', 'ada@example.com', from(newAddress()))).status).toBe(201)
  })

  it('let nobody try cards, from one address or from many', async () => {
    const source = (address: string) =>
      shop.call(
        'POST',
        '/v2/sources',
        { type: 'creditCard', paymentMethod: 'pm_card_visa' },
        { key: publishableKey, headers: from(address) },
      )
    const address = newAddress()
    expect((await statuses(4, () => source(address))).filter((status) => status === 429)).toHaveLength(1)
    const spread = await statuses(10, () => source(newAddress()))
    expect(spread.filter((status) => status === 429).length).toBeGreaterThanOrEqual(4)
  })

  it('count questions to carriers and started payments', async () => {
    const { id } = await shop.must('POST', '/v2/carts', { currency: 'USD' })
    const address = newAddress()
    const quote = () =>
      shop.call('GET', `/v2/carts/${id}/shipping-rates`, undefined, { key: publishableKey, headers: from(address) })
    expect(await statuses(4, quote)).toEqual([404, 404, 404, 429])
    const intent = () =>
      shop.call(
        'POST',
        '/v2/orders/ord_1/payment-intent',
        { paymentMethod: 'STRIPE' },
        { key: publishableKey, headers: from(address) },
      )
    expect(await statuses(4, intent)).toEqual([404, 404, 404, 429])
  })

  it('are the same for every process, and hold addresses of nobody', async () => {
    const [one, other] = [createCounters(system.config), createCounters(system.config)]
    const count = (counters: typeof one) => counters.shared('test', { points: 2, seconds: 60 }).count('ada@example.com')
    await eventually(async () => ((await count(one)) === 0 ? true : undefined), 'the first')
    await count(other)
    await eventually(
      async () => ((await count(one)) > 0 && (await count(other)) > 0 ? true : undefined),
      'both to refuse',
    )
    const redis = new Redis(system.redis.url)
    const keys = await redis.keys('*')
    redis.disconnect()
    expect(keys.some((key) => key.includes(':limit:test'))).toBe(true)
    expect(keys.join(' ')).not.toMatch(/ada@example|203\.0\./)
    one.close()
    other.close()
  })

  it('fail no request while Redis is down, and count in the process', async () => {
    const address = newAddress()
    system.redisProxy.down()
    try {
      const startedAt = performance.now()
      expect(await statuses(4, () => cart(from(address)))).toEqual([201, 201, 201, 429])
      expect(performance.now() - startedAt).toBeLessThan(3_000)
    } finally {
      system.redisProxy.up()
    }
  })

  it('mail one address so many times about what nobody has paid, whoever asks from wherever', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () =>
        pay('free', 'victim@example.com', from(newAddress()), { buyer_name: 'Win at https://evil.example now' }),
      ),
    )
    expect(answers.every(({ status }) => status === 201)).toBe(true)
    const states = await eventually(async () => {
      const rows = await system.database.sql<{ state: string }>(
        `select state from mails where recipient = 'victim@example.com' and state <> 'pending'`,
      )
      return rows.length === 40 ? rows.map(({ state }) => state) : undefined
    }, 'every mail to be decided')
    // One process writes those to one address one after the other.
    expect(states.filter((state) => state === 'sent')).toHaveLength(5)
    const toVictim = mailServer.received.filter(({ raw }) => raw.includes('To: victim@example.com'))
    expect(toVictim).toHaveLength(states.filter((state) => state === 'sent').length)
    expect(toVictim.map(({ raw }) => raw).join('')).not.toContain('evil.example')
    const buyer = await pay('paid', 'victim@example.com', from(newAddress()))
    await shop.confirm(buyer.body.data.client_secret)
    await eventually(async () => {
      const [mail] = await system.database.sql<{ state: string }>('select state from mails where order_id = $1', [
        buyer.body.data.id,
      ])
      return mail?.state === 'sent' ? true : undefined
    }, 'the mail about what was paid')
  })

  it.each(['Ada\r\nBcc: many@example.com', 'Ada\nX', 'Ada\u2028X'])('take %j for no name', async (name) => {
    const answer = await pay('free', 'ada@example.com', from(newAddress()), { buyer_name: name })
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_parameter'])
  })

  it('slow down who guesses a password, and do not lock out whose it is', async () => {
    const owner = { email: 'admin@example.com', password: 'correct horse battery' }
    const signIn = (password: string, headers: Record<string, string>) =>
      shop.call('POST', '/v2/sessions', { ...owner, password }, { key: null, headers })
    const guesser = newAddress()
    expect((await statuses(11, () => signIn('guess', from(guesser)))).at(-1)).toBe(429)
    expect((await signIn(owner.password, from(guesser))).status).toBe(429)
    const known = await signIn(owner.password, from(newAddress()))
    expect(known.status).toBe(201)
    const device = known.headers.getSetCookie().find((cookie) => cookie.startsWith('ordermill_device='))
    expect(device).toMatch(/HttpOnly; SameSite=Strict/)

    const botnet = await Promise.all(Array.from({ length: 110 }, () => signIn('guess', from(newAddress()))))
    expect(botnet.filter(({ status }) => status === 429).length).toBeGreaterThan(5)
    expect((await signIn(owner.password, from(newAddress()))).status).toBe(429)
    const cookie = device?.split(';')[0] ?? ''
    expect((await signIn(owner.password, { ...from(newAddress()), cookie, origin: system.url })).status).toBe(201)
    const forged = { ...from(newAddress()), cookie: `${cookie.split('.')[0]}.AAAA`, origin: system.url }
    expect((await signIn(owner.password, forged)).status).toBe(429)
  })
})
