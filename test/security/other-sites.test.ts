import { beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'
import { publishableKey, secretKey } from '../system.ts'

const site = 'https://shop.example'

// Removes the risk that a storefront cannot use its key in a browser, or that every site can use every key.
describe('a page of another site', () => {
  const { system } = runningShop(storefront, { workers: false })
  let boundKey: string

  beforeAll(async () => {
    const [owner] = await system.database.sql<{ merchantId: string }>(
      `select merchant_id as "merchantId" from api_keys where kind = 'publishable'`,
    )
    if (!owner) throw new Error('there is no publishable key')
    const made = await createApiKey(system.database, {
      ...owner,
      kind: 'publishable',
      liveMode: false,
      origins: [site],
    })
    boundKey = made.key
  })

  const preflight = (method: string, path: string) =>
    fetch(`${system.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: site,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization',
      },
    })
  const ask = (path: string, key: string | null, origin = site, init: RequestInit = {}) =>
    fetch(`${system.url}${path}`, {
      ...init,
      headers: { origin, ...(key ? { authorization: `Bearer ${key}` } : {}), 'content-type': 'application/json' },
    })
  const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin')

  it.each([
    ['GET', '/v2/skus'],
    ['POST', '/v2/carts'],
    ['PATCH', '/api/v2/carts/0199a5a0-0000-7000-8000-000000000000/items/ci_1'],
    ['POST', '/orders'],
    ['POST', '/v2/orders/ord_1/payment-intent'],
    ['POST', '/v2/public/checkout/guide/pay'],
  ])('may ask for %s %s, and remembers that for a day', async (method, path) => {
    const answer = await preflight(method, path)
    expect([answer.status, allowed(answer)]).toEqual([204, '*'])
    expect(answer.headers.get('access-control-allow-methods')).toContain(method)
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(answer.headers.get('access-control-max-age')).toBe('86400')
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it.each([
    ['GET', '/v2/orders'],
    ['POST', '/v2/refunds'],
    ['POST', '/v2/skus'],
    ['POST', '/v2/sessions'],
    ['GET', '/v2/ops/tasks'],
    ['GET', '/dashboard/orders'],
  ])('may not ask for %s %s', async (method, path) => {
    expect(allowed(await preflight(method, path))).toBeNull()
  })

  it('R299 reads what a publishable key may, errors included, when the key is bound to no site', async () => {
    expect([allowed(await ask('/v2/skus', publishableKey)), (await ask('/v2/skus', publishableKey)).status]).toEqual([
      '*',
      200,
    ])
    const refused = await ask('/v2/carts', publishableKey, site, { method: 'POST', body: '{}' })
    expect([refused.status, allowed(refused)]).toEqual([400, '*'])
    const unknown = await ask('/v2/skus', 'pk_test_unknown')
    expect([unknown.status, allowed(unknown)]).toEqual([401, '*'])
  })

  it('is the only one that a key bound to it serves', async () => {
    const own = await ask('/v2/skus', boundKey)
    expect([own.status, allowed(own), own.headers.get('vary')]).toEqual([200, site, expect.stringContaining('origin')])
    for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null']) {
      const other = await ask('/v2/carts', boundKey, origin, { method: 'POST', body: '{"currency":"USD"}' })
      expect([origin, other.status, allowed(other)]).toEqual([origin, 403, null])
    }
  })

  it('reads nothing with a secret key, with a session, or from the pages of the dashboard', async () => {
    expect(allowed(await ask('/v2/skus', secretKey))).toBeNull()
    expect(allowed(await ask('/v2/orders', secretKey))).toBeNull()
    expect(allowed(await ask('/dashboard/orders', null))).toBeNull()
    expect(allowed(await ask('/v2/digital/products', null))).toBeNull()
  })
})
