import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { searchShop } from '../../src/links/search-shop.ts'
import { openPlanner, watched } from '../query-plans.ts'
import { openShop, pageText, type Shop, stranger } from './shop.ts'

// Removes the risk that a seller whose buyer names a number does not find the order, or finds another seller's.
describe('the search of a seller', () => {
  let shop: Shop
  let orderId: string
  let productId: string
  let numbers: { tracking: string; own: string; payment: string; charge: string }

  beforeAll(async () => {
    shop = await openShop()
    const { slug, product_id } = await shop.link({}, { name: 'Mushrooms of <Europe>' })
    productId = product_id
    orderId = await shop.sold(slug, 'Grace@example.com')
    await shop.sold(slug, 'somebody@example.com')
    const { sql } = shop.system.database
    await sql(
      `insert into shipments (id, order_id, seller_id, path, provider, state, item_ids, tracking_number)
       select 'shp_a', id, merchant_id, 'shipping', 'easypost', 'created', '[]', 'PARCEL-1' from orders where id = $1`,
      [orderId],
    )
    await sql(
      `insert into fulfillments (id, order_id, merchant_id, items, tracking_number, metadata, live_mode)
       select 'ful_a', id, merchant_id, '[]', 'OWN-1', '{}', false from orders where id = $1`,
      [orderId],
    )
    await sql(`update orders set upstream_id = 'shop-7' where id = $1`, [orderId])
    const [charge] = await sql<{ id: string; payment: string }>(
      'select id, provider_reference as payment from charges where order_id = $1',
      [orderId],
    )
    numbers = { tracking: 'PARCEL-1', own: 'OWN-1', payment: charge?.payment ?? '', charge: charge?.id ?? '' }
  })
  afterAll(() => shop?.close())

  const find = async (text: string, who?: typeof stranger) => {
    const answer = await (await shop.signedIn(who)).get(`/dashboard/search?q=${encodeURIComponent(text)}`)
    expect(answer.status).toBe(200)
    return (await pageText(answer)).split('<main')[1] ?? ''
  }
  const groupsOf = (page: string) => [...page.matchAll(/<h2 id="[\w-]+">([^<]+)</g)].map(([, title]) => title)

  it('finds an order by whatever of it is at hand, and says what of it was meant', async () => {
    const texts: [string, string][] = [
      [orderId, 'Orders by their number'],
      ['shop-7', 'Orders by their number'],
      ['grace@', 'Orders by their buyer'],
      ['GRACE@example.com', 'Orders by their buyer'],
      [numbers.tracking, 'Orders by a parcel'],
      [numbers.own, 'Orders by a parcel'],
      [` ${numbers.payment} `, 'Orders by a payment'],
      [numbers.charge, 'Orders by a payment'],
    ]
    for (const [text, title] of texts) {
      const page = await find(text)
      expect([text, groupsOf(page)]).toEqual([text, [title]])
      expect(page.match(/href="\/dashboard\/orders\/ord_\w+"/g)).toEqual([`href="/dashboard/orders/${orderId}"`])
    }
    expect((await find('ada')).match(/href="\/dashboard\/orders\/ord_\w+"/g)).toHaveLength(2)
  })

  it('finds products by the begin of their name and by their id', async () => {
    for (const text of ['mushROOMS of <', productId]) {
      const page = await find(text)
      expect(groupsOf(page)).toEqual(['Products'])
      expect(page).toContain(`<a href="/dashboard/products/${productId}">Mushrooms of &lt;Europe&gt;</a>`)
    }
    await shop.system.database.sql('update skus set deleted_at = now() where id = $1', [productId])
    expect(groupsOf(await find(productId))).toEqual([])
    await shop.system.database.sql('update skus set deleted_at = null where id = $1', [productId])
  })

  it('says what it finds where it has found nothing, whatever is asked', async () => {
    for (const text of ['', '   ', 'nobody', '%', '\\', "'", 'x'.repeat(5000), '<b>', '💥'])
      expect(await find(text)).toContain('The field above finds')
    expect(await find('<b>')).toContain('“&lt;b&gt;”')
    const visitor = await shop.signedIn()
    expect((await visitor.get('/dashboard/search?q=%00')).status).toBe(404)
    expect((await visitor.get('/dashboard/search')).status).toBe(200)
    expect((await visitor.get('/dashboard/search?q=%E0%A4%A')).status).toBe(200)
  })

  it('stands in the bar of every page', async () => {
    const page = await pageText(await (await shop.signedIn()).get('/dashboard/keys'))
    expect(page).toContain('<form method="get" action="/dashboard/search"')
    expect(page).toContain('name="q"')
  })

  it('finds nothing of another seller', async () => {
    for (const text of [orderId, 'shop-7', 'grace@', ...Object.values(numbers), 'mushrooms', productId])
      expect([text, groupsOf(await find(text, stranger))]).toEqual([text, []])
  })

  it('reads by indexes, in two statements', async () => {
    const { sql } = shop.system.database
    const [merchant] = await sql<{ id: string }>('select merchant_id as id from orders limit 1')
    const asked = new Set<string>()
    await searchShop(watched(sql, asked), merchant?.id ?? '', 'grace')
    expect(asked.size).toBe(2)
    const planner = await openPlanner(shop.system.config.databaseUrl)
    try {
      for (const text of asked) expect(await planner.readsWhole(text)).toEqual([])
    } finally {
      await planner.close()
    }
  })
})
