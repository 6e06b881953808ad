import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSellerHome } from '../../src/links/seller-home.ts'
import { openPlanner, watched } from '../query-plans.ts'
import { openShop, pageText, type Shop, stranger } from './shop.ts'

// Removes the risk that a seller learns of what waits for it only by looking through every list.
describe('the home page of a seller', () => {
  let shop: Shop
  let merchantId: string

  beforeAll(async () => {
    shop = await openShop()
    merchantId = (await shop.api.must('GET', '/v2/merchants')).data[0].id
  })
  afterAll(() => shop?.close())

  const home = async (who?: typeof stranger) => pageText(await (await shop.signedIn(who)).get('/dashboard'))
  /** The rows below a heading. */
  const below = (page: string, title: string) => page.split(`<h3>${title}</h3>`)[1]?.split('</ul>')[0] ?? ''
  const change = (text: string, ...params: unknown[]) => shop.system.database.sql(text, params)

  it('is where signing in leads; before there is anything it says so', async () => {
    const page = await home(stranger)
    expect(page).toContain('No orders and no refunds yet.')
    expect(page).toContain('Nothing waits for you.')
    expect(page).toContain('<a href="/dashboard" aria-current="page">Home</a>')
    expect(page).toContain('<a href="/dashboard/orders">Orders</a>')
    const visitor = shop.visitor()
    const answer = await visitor.get('/dashboard')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard/login?next=%2Fdashboard'])
  })

  it('says what today and yesterday brought by currency, and what was given back', async () => {
    const { slug } = await shop.link()
    await shop.sold(slug)
    const given = await shop.sold(slug)
    await shop.order(slug, 'late@example.com')
    const yesterdays = await shop.sold((await shop.link({}, { price: 8, currency: 'EUR' })).slug)
    const older = await shop.sold((await shop.link({}, { price: 99 })).slug)
    await change(`update orders set created_at = created_at - interval '1 day' where id = $1`, yesterdays)
    await change(`update orders set created_at = created_at - interval '2 days' where id = $1`, older)
    await (await shop.signedIn()).submit(`/dashboard/orders/${given}/refund`, {})
    await shop.api.until(given, (order: { state: string }) => order.state === 'returned')
    const { days } = await readSellerHome(shop.system.database.sql, merchantId, new Date())
    const day = (ms: number) => new Date(Date.now() - ms).toISOString().slice(0, 10)
    expect(days).toEqual([
      { day: day(0), currency: 'USD', total: 1250, orderCount: 3, paidCount: 2, refunded: 1250 },
      { day: day(86_400_000), currency: 'EUR', total: 800, orderCount: 1, paidCount: 1, refunded: 0 },
    ])
    const page = await home()
    expect(page).toMatch(
      /Today<\/th><td class="num">2 of 3<\/td>\s*<td class="num">\$12\.50<\/td><td class="num">\$12\.50/,
    )
    expect(page).toMatch(/Yesterday<\/th><td class="num">1 of 1<\/td>\s*<td class="num">€8\.00/)
    expect(page).not.toContain('$99.00</td>')
    expect(await home(stranger)).toContain('No orders and no refunds yet.')
  })

  it('names what waits, each with the way to where it is mended, and nothing of it to another seller', async () => {
    const { slug } = await shop.link()
    const doubtful = await shop.order(slug, 'doubtful@example.com')
    await shop.api.confirm(doubtful.client_secret, 'pm_card_riskLevelElevated')
    await shop.api.until(doubtful.id, (order: { state: string }) => order.state === 'in_review')
    const licensed = await shop.link({}, { licensed: true, delivery_content: 'Key: {licence_key}' })
    const stuck = await shop.order(licensed.slug, 'stuck@example.com')
    await shop.api.confirm(stuck.client_secret)
    await shop.api.until(stuck.id, (order: { attention?: object }) => order.attention !== undefined)
    const disputed = await shop.sold(slug, 'disputed@example.com')
    await change(
      `insert into disputes (id, order_id, charge_id, provider, provider_reference, amount, currency, reason, state, state_transitions, evidence_due_at)
       select 'dsp_' || id, order_id, id, provider, 'du_' || id, amount, currency, 'fraudulent', 'needs_response', '{}', '2030-01-02T03:04:05Z'
       from charges where order_id = $1`,
      disputed,
    )
    const answered = await shop.sold(slug, 'answered@example.com')
    await change(
      `insert into disputes (id, order_id, charge_id, provider, provider_reference, amount, currency, state, state_transitions, evidence_sent_at)
       select 'dsp_' || id, order_id, id, provider, 'du_' || id, amount, currency, 'needs_response', '{}', now()
       from charges where order_id = $1`,
      answered,
    )
    // Ids sort by time, and what is old has an old one.
    const old = 'ord_01m00000000000000000000000'
    await change(
      `insert into checkouts select (jsonb_populate_record(c, '{"id": "00000000-0000-0000-0000-000000000001"}')).*
       from checkouts c join orders o on o.checkout_id = c.id and o.id = $1`,
      doubtful.id,
    )
    await change(
      `insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', $2::text, 'state', 'pending_payment',
         'checkout_id', '00000000-0000-0000-0000-000000000001', 'email', 'forgetful@example.com', 'created_at', '2026-01-01T00:00:00Z'))).*
       from orders o where id = $1`,
      doubtful.id,
      old,
    )
    const fresh = await shop.order(slug, 'fresh@example.com')
    await change(
      `update skus set inventory = case id when 'sku-physical' then 0 else 3 end where id in ('sku-physical', 'sku-pod')`,
    )
    const plenty = await shop.product({ name: 'Plenty' })
    await change('update skus set inventory = 4 where id = $1', plenty.id)
    for (const path of ['gone', 'failing', 'merchant'])
      await shop.api.must('POST', '/v2/webhook-endpoints', { url: `${shop.url}/${path}` })
    await change(`update webhook_endpoints set disabled_reason = substring(url from '[a-z]+$')`)

    const page = await home()
    expect(below(page, 'Disputes to answer')).toContain(`href="/dashboard/orders/${disputed}">disputed@example.com`)
    expect(below(page, 'Disputes to answer')).toContain('datetime="2030-01-02T03:04:05')
    expect(page.match(/answered@example\.com/g)?.length).toBe(1)
    expect(below(page, 'Orders that need attention')).toContain(
      `href="/dashboard/orders/${stuck.id}">stuck@example.com`,
    )
    expect(below(page, 'Orders to decide about')).toContain(`href="/dashboard/orders/${doubtful.id}">doubtful@`)
    const unpaid = below(page, 'Orders unpaid for more than a day')
    expect(unpaid).toContain(`href="/dashboard/orders/${old}">forgetful@example.com`)
    expect(unpaid).not.toContain(fresh.id)
    const stock = below(page, 'Products running out')
    expect(stock.indexOf('Sold out')).toBeLessThan(stock.indexOf('3 left'))
    expect(stock).toContain('href="/dashboard/products/sku-physical"')
    expect(stock).not.toContain('Plenty')
    const endpoints = below(page, 'Webhook endpoints that were turned off')
    expect(endpoints).toContain(`${shop.url}/gone`)
    expect(endpoints).toContain(`${shop.url}/failing`)
    expect(endpoints).not.toContain(`${shop.url}/merchant`)
    for (const [, path] of page.matchAll(/href="(\/dashboard[^"#]*)"/g))
      expect([path, (await (await shop.signedIn()).get(path as string)).status]).toEqual([path, 200])
    expect(await pageText(await (await shop.signedIn()).get('/dashboard/orders?status=in_review'))).toContain(
      doubtful.id,
    )

    const strange = await home(stranger)
    expect(strange).toContain('Nothing waits for you.')
    // Above it stands only who looks at it.
    expect(strange.split('<main')[1]).not.toContain('@example.com')
  })

  it('is read in one statement by indexes, besides the newest orders', async () => {
    const asked = new Set<string>()
    await readSellerHome(watched(shop.system.database.sql, asked), merchantId, new Date())
    expect(asked.size).toBe(1)
    const planner = await openPlanner(shop.system.config.databaseUrl)
    try {
      expect(await planner.readsWhole([...asked][0] as string)).toEqual([])
    } finally {
      await planner.close()
    }
  })
})
