import { beforeAll, describe, expect, it } from 'vitest'
import { wholeDocument } from '../api-document.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, storefront } from '../storefront.ts'

type Listed = { id: string; createdTime: string }

/** Lists that anybody may filter by the time at which something was made. */
const byTime = [
  '/v2/checkouts',
  '/v2/coupons',
  '/v2/customers',
  '/v2/disputes',
  '/v2/events',
  '/v2/file-links',
  '/v2/files',
  '/v2/fulfillments',
  '/v2/merchants',
  '/v2/orders',
  '/v2/payouts',
  '/v2/products',
  '/v2/recipients',
  '/v2/refunds',
  '/v2/returns',
  '/v2/settlements',
  '/v2/skus',
  '/v2/tax-identifiers',
  '/v2/webhook-endpoints',
  '/v2/webhook-endpoints/{id}/deliveries',
]

/** The same by another name of that time. */
const byOtherTimes = {
  created_at: ['/v2/digital/links', '/v2/digital/orders', '/v2/digital/products'],
  enteredTime: ['/v2/settlements/statements'],
  requestedTime: ['/v2/erasures'],
}

/** Rates by the day they count on, and entries of a balance by `since` and `until`. */
const otherwise = ['/v2/tax-rates', '/v2/balances/entries']

/** Lists that a person searches. */
const byText = [
  '/v2/coupons',
  '/v2/customers',
  '/v2/digital/links',
  '/v2/digital/products',
  '/v2/merchants',
  '/v2/orders',
  '/v2/recipients',
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

  it('find coupons, recipients, sellers, links and products by their text, time and state', async () => {
    for (const code of ['SPRING-10', 'Spring_', 'Autumn'])
      await shop.must('POST', '/v2/coupons', { code, percentOff: 10 })
    const coupons = async (query: Record<string, string | number>) =>
      (await list('/v2/coupons', query)).map((each) => (each as Listed & { code: string }).code)
    expect(await coupons({ q: 'spring' })).toEqual(['Spring_', 'SPRING-10'])
    expect(await coupons({ q: 'spring_' })).toEqual(['Spring_'])
    expect(await coupons({ q: 'pring' })).toEqual([])
    const [autumn] = (await list('/v2/coupons', { q: 'AUTUMN' })) as [Listed]
    await shop.must('POST', `/v2/coupons/${autumn.id}`, { active: false })
    expect(await coupons({ active: 'false' })).toEqual(['Autumn'])
    expect(await coupons({ active: 'true', 'createdTime[lte]': autumn.createdTime })).toEqual(['Spring_', 'SPRING-10'])
    expect(await coupons({ q: autumn.id, 'createdTime[lt]': autumn.createdTime })).toEqual([])

    await shop.must('POST', '/v2/recipients', { id: 'inky', name: 'Mill blog', email: 'Ada@blog.example' })
    await shop.must('POST', '/v2/recipients', { id: 'quill', name: 'Quill' })
    for (const q of ['mill b', 'ADA@b', 'inky']) expect(ids(await list('/v2/recipients', { q })), q).toEqual(['inky'])
    expect(await list('/v2/recipients', { q: 'inky', 'createdTime[lt]': '2026-01-01T00:00:00Z' })).toEqual([])

    const seller = await shop.must('POST', '/v2/merchants', { name: 'Inkpot', email: 'ink@pot.example' })
    for (const q of ['ink', 'INK@', seller.id]) expect(ids(await list('/v2/merchants', { q })), q).toEqual([seller.id])
    expect(await list('/v2/merchants', { q: 'ink', 'createdTime[lt]': seller.createdTime })).toEqual([])

    const digital = async (path: string, name: string, query: Record<string, string>) =>
      ((await shop.must('GET', `/v2/digital/${path}?${new URLSearchParams(query)}`)).data[name] as Listed[]).map(
        ({ id }) => id,
      )
    const made = async (path: string, body: object) => (await shop.must('POST', `/v2/digital/${path}`, body)).data
    const book = await made('products', {
      name: 'Quarto',
      price: 5,
      currency: 'USD',
      content_type: 'text',
      delivery_content: 'x',
    })
    const link = await made('links', { product_id: book.id, slug: 'folio', title: 'Quarto, first print' })
    expect(await digital('products', 'products', { q: 'quart' })).toEqual([book.id])
    expect(await digital('products', 'products', { q: 'quart', 'created_at[gt]': book.created_at })).toEqual([])
    for (const q of ['QUARTO,', 'fol', link.id]) expect(await digital('links', 'links', { q }), q).toEqual([link.id])
    expect(await digital('links', 'links', { product_id: book.id, is_active: 'true' })).toEqual([link.id])
    expect(await digital('links', 'links', { is_active: 'false' })).toEqual([])
    expect(await digital('links', 'links', { 'created_at[gte]': link.created_at, q: 'fol' })).toEqual([link.id])
    expect(await digital('links', 'links', { 'created_at[lt]': link.created_at, q: 'fol' })).toEqual([])
  })

  it("find a seller's orders, endpoints and requests to be forgotten by time and state", async () => {
    const [newest, second] = made['/v2/orders'] as [Listed, Listed]
    const orders = async (query: Record<string, string>) =>
      ids((await shop.must('GET', `/v2/digital/orders?${new URLSearchParams(query)}`)).data.orders)
    expect(await orders({ 'created_at[gte]': newest.createdTime })).toEqual([newest.id])
    expect(await orders({ created_at: second.createdTime, status: 'pending' })).toEqual([second.id])
    expect(await orders({ created_at: second.createdTime, status: 'delivered' })).toEqual([])

    const hook = await shop.must('POST', '/v2/webhook-endpoints', { url: 'https://shop.example/x', types: ['*'] })
    expect(ids(await list('/v2/webhook-endpoints', { enabled: 'true', createdTime: hook.createdTime }))).toEqual([
      hook.id,
    ])
    expect(await list('/v2/webhook-endpoints', { enabled: 'false' })).toEqual([])
    expect(await list('/v2/webhook-endpoints', { 'createdTime[gt]': hook.createdTime })).toEqual([])

    await shop.must('POST', `/v2/orders/${second.id}`, { requestToBeForgotten: true })
    const [erasure] = (await shop.must('GET', `/v2/erasures?orderId=${second.id}`)).data
    expect(
      ids(await list('/v2/erasures', { state: erasure.state, 'requestedTime[gte]': erasure.requestedTime })),
    ).toEqual([erasure.id])
    expect(await list('/v2/erasures', { 'requestedTime[lt]': erasure.requestedTime })).toEqual([])
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
    expect(taking('q').sort()).toEqual(byText)
    for (const [name, paths] of Object.entries(byOtherTimes)) expect(taking(`${name}[gt]`).sort()).toEqual(paths)
    const listing = Object.entries(document.paths).flatMap(([path, { get }]) =>
      /^\/v2\/(?!ops\/)/.test(path) && get?.parameters?.some(({ name }) => /^(limit|starting_?after)$/i.test(name))
        ? [path]
        : [],
    )
    expect(listing.sort()).toEqual([...byTime, ...Object.values(byOtherTimes).flat(), ...otherwise].sort())
    const refused = async (path: string, query: string) => {
      const { status, body }: Answer = await shop.call('GET', `${path}?${query}`)
      expect([path, query, status, body.errors?.[0].code ?? body.error.code]).toEqual([
        path,
        query,
        400,
        'invalid_parameter',
      ])
    }
    for (const path of byTime.filter((each) => !each.includes('{'))) {
      await refused(path, 'createdTime[gte]=yesterday')
      await refused(path, 'createdTime[lt]=2026-13-01T00:00:00Z')
      await refused(path, 'createdTime=')
    }
    for (const path of taking('q')) for (const q of ['', '%20', 'x'.repeat(201)]) await refused(path, `q=${q}`)
    for (const [name, [path]] of Object.entries(byOtherTimes)) await refused(String(path), `${name}[lt]=yesterday`)
    for (const path of ['/v2/orders', '/v2/refunds', '/v2/disputes', '/v2/returns', '/v2/payouts'])
      await refused(path, 'state=nowhere')
  })
})
