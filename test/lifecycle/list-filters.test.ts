import { beforeAll, describe, expect, it } from 'vitest'
import { wholeDocument } from '../api-document.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, storefront } from '../storefront.ts'

type Listed = { id: string; createdTime: string }

/** Lists that anybody may filter by the time at which something was made. */
const byTime = [
  '/v2/checkouts',
  '/v2/customers',
  '/v2/disputes',
  '/v2/events',
  '/v2/file-links',
  '/v2/files',
  '/v2/fulfillments',
  '/v2/orders',
  '/v2/payouts',
  '/v2/refunds',
  '/v2/returns',
  '/v2/skus',
]

// Removes the risk that a filter of a list leaves out what it should show, shows what it should leave out, or breaks its pages.
describe('the filters of lists', () => {
  const { system, shop } = runningShop(storefront, { workers: false })
  let made: Record<'/v2/orders' | '/v2/checkouts' | '/v2/customers' | '/v2/skus', Listed[]>

  const list = async (path: string, query: Record<string, string | number>): Promise<Listed[]> => {
    const asked = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    )
    return (await shop.must('GET', `${path}?${asked}`)).data
  }
  const ids = (things: readonly Listed[]) => things.map(({ id }) => id)

  beforeAll(async () => {
    for (const name of ['Ada', 'ada', 'eve', 'zoe']) {
      await shop.order([{ skuId: 'sku-digital' }], { email: `${name}@example.com` })
      await shop.must('POST', '/v2/customers', { email: `${name}@example.com` })
      await shop.must('POST', '/v2/skus', {
        id: `book-${name}-1`,
        name: `${name} 100%`,
        kind: 'digital',
        price: 1,
        currency: 'USD',
      })
      await shop.must('POST', '/v2/checkouts', { currency: 'USD', items: [{ skuId: 'sku-digital' }] })
    }
    const all = (path: string) => list(path, { limit: 100 })
    made = {
      '/v2/orders': await all('/v2/orders'),
      '/v2/checkouts': await all('/v2/checkouts'),
      '/v2/customers': await all('/v2/customers'),
      '/v2/skus': await all('/v2/skus'),
    }
  })

  it('find by time what was made then, at its very millisecond, page by page in both directions', async () => {
    for (const [path, things] of Object.entries(made)) {
      expect(things.length, path).toBeGreaterThan(3)
      const [newest, second, third] = things as [Listed, Listed, Listed]
      const at = third.createdTime
      const same = things.filter(({ createdTime }) => createdTime === at)
      expect(ids(await list(path, { createdTime: at })), path).toEqual(ids(same))
      const since = things.filter(({ createdTime }) => createdTime >= at)
      const before = things.filter(({ createdTime }) => createdTime < at)
      expect(ids(await list(path, { 'createdTime[gte]': at, limit: 100 })), path).toEqual(ids(since))
      expect(ids(await list(path, { 'createdTime[lt]': at, limit: 100 })), path).toEqual(ids(before))
      expect(ids(await list(path, { 'createdTime[gt]': at, limit: 100 })), path).toEqual(
        ids(since.filter(({ createdTime }) => createdTime > at)),
      )
      expect(ids(await list(path, { 'createdTime[lte]': at, limit: 100 })), path).toEqual(ids([...same, ...before]))
      const paged = { 'createdTime[gte]': at, limit: 1 }
      expect(ids(await list(path, { ...paged, startingAfter: newest.id })), path).toEqual([second.id])
      expect(ids(await list(path, { ...paged, endingBefore: second.id })), path).toEqual([newest.id])
      expect(await list(path, { 'createdTime[gte]': at, 'createdTime[lt]': at }), path).toEqual([])
      expect(await list(path, { 'createdTime[gt]': '2100-01-01T00:00:00Z' }), path).toEqual([])
      expect(await list(path, { 'createdTime[lt]': '0001-01-01T00:00:00Z' }), path).toEqual([])
    }
  })

  it('find by text how an address or name begins, whatever the case, or the very id', async () => {
    const emails = async (path: string, query: Record<string, string>) =>
      (await list(path, query)).map((each) => (each as Listed & { email: string }).email)
    for (const path of ['/v2/orders', '/v2/customers']) {
      expect(await emails(path, { q: 'ADA@' }), path).toEqual(['ada@example.com', 'Ada@example.com'])
      expect(await emails(path, { q: 'example.com' }), path).toEqual([])
      expect(await emails(path, { q: 'a%' }), path).toEqual([])
      const [first] = made[path as '/v2/orders'] as [Listed]
      expect(ids(await list(path, { q: first.id })), path).toEqual([first.id])
    }
    expect(ids(await list('/v2/skus', { q: 'ADA 100%' }))).toEqual(['book-ada-1', 'book-Ada-1'])
    expect(ids(await list('/v2/skus', { q: 'a%' }))).toEqual([])
    expect(ids(await list('/v2/skus', { q: 'ada_' }))).toEqual([])
    expect(ids(await list('/v2/skus', { q: 'book-zoe-1' }))).toEqual(['book-zoe-1'])
  })

  it('hold all at once', async () => {
    const [, , eve] = [...made['/v2/orders']].reverse() as [Listed, Listed, Listed]
    const query = { q: 'eve', state: 'pending', currency: 'USD', 'createdTime[gte]': eve.createdTime }
    expect(ids(await list('/v2/orders', query))).toEqual([eve.id])
    expect(await list('/v2/orders', { ...query, state: 'confirmed' })).toEqual([])
  })

  it('are refused where they are no time, no text or no state', async () => {
    const document = await wholeDocument(system.url)
    const taking = (name: string) =>
      Object.entries(document.paths).flatMap(([path, { get }]) =>
        path.startsWith('/v2/') && get?.parameters?.some((parameter) => parameter.name === name) ? [path] : [],
      )
    expect(taking('createdTime[gt]').sort()).toEqual(byTime)
    expect(taking('q').sort()).toEqual(['/v2/customers', '/v2/orders', '/v2/skus'])
    const refused = async (path: string, query: string) => {
      const { status, body }: Answer = await shop.call('GET', `${path}?${query}`)
      expect([path, query, status, body.errors[0].code]).toEqual([path, query, 400, 'invalid_parameter'])
    }
    for (const path of byTime) {
      await refused(path, 'createdTime[gte]=yesterday')
      await refused(path, 'createdTime[lt]=2026-13-01T00:00:00Z')
      await refused(path, 'createdTime=')
    }
    for (const path of taking('q')) for (const q of ['', '%20', 'x'.repeat(201)]) await refused(path, `q=${q}`)
    for (const path of ['/v2/orders', '/v2/refunds', '/v2/disputes', '/v2/returns', '/v2/payouts'])
      await refused(path, 'state=nowhere')
  })
})
