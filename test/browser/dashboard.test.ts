import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../storefront.ts'
import { openShop, pageText, policyOf, type Shop } from './shop.ts'

const evil = `<script>alert(1)</script>"'&`

// Removes the risk that a seller cannot see or do what the API can, or a page runs what somebody typed in.
describe('the dashboard', () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop?.close())

  it('R255 escapes what buyers and searchers typed in', async () => {
    const { slug } = await shop.link({ title: evil }, { name: evil })
    const { id } = await shop.order(slug)
    const visitor = await shop.signedIn()
    const query = new URLSearchParams({ search: evil, status: evil, link: evil, attention: evil, after: 'ord_zzz' })
    for (const path of [
      `orders?${query}`,
      'orders',
      `orders/${id}`,
      'links',
      'products',
      'revenue',
      `orders?done=${evil}&problem=${evil}`,
    ]) {
      const answer = await visitor.get(`/dashboard/${path}`)
      expect(answer.status).toBe(200)
      const page = await pageText(answer)
      expect(page).not.toContain('<script>')
      expect(policyOf(answer)).toContain("script-src 'self';")
    }
  })

  it('R255 finds orders by email, status and link', async () => {
    const { slug, id } = await shop.link()
    await shop.order(slug, 'needle@example.com')
    await shop.order(slug, 'hay@example.com')
    const visitor = await shop.signedIn()
    const found = await pageText(await visitor.get(`/dashboard/orders?search=needle&status=pending&link=${id}`))
    expect(found).toContain('needle@example.com')
    expect(found).not.toContain('hay@example.com')
  })

  it('R255 leads through many orders page by page, each order once', async () => {
    const { slug, id } = await shop.link({}, { price: 0 })
    const made = await Promise.all(Array.from({ length: 26 }, (_, at) => shop.order(slug, `page${at}@example.com`)))
    const visitor = await shop.signedIn()
    const first = await pageText(await visitor.get(`/dashboard/orders?link=${id}`))
    const next = /<a href="([^"]+)" rel="next">/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await pageText(await visitor.get(next))
    const seen = [first, second].map((page) => [...page.matchAll(/orders\/(ord_\w+)"/g)].map(([, order]) => order))
    expect(seen.map((orders) => orders.length)).toEqual([25, 1])
    expect(seen.flat().sort()).toEqual(made.map((order) => order.id).sort())
    expect(second).not.toContain('rel="next"')
  })

  it('R163 a seller decides about a payment under review: nothing is delivered before', async () => {
    const { slug } = await shop.link()
    const visitor = await shop.signedIn()
    for (const [decision, state] of [
      ['approve', 'complete'],
      ['block', 'blocked'],
    ] as const) {
      const { id, client_secret: secret } = await shop.order(slug, `${decision}@example.com`)
      await shop.api.confirm(secret, 'pm_card_riskLevelElevated')
      await shop.api.until(id, (order: { state: string }) => order.state === 'in_review')
      const waiting = await pageText(await shop.visitor().get(`/c/${slug}/order/${id}`))
      expect(waiting).toContain('Your payment is being checked')
      expect(waiting).not.toContain('mushrooms')
      expect(await pageText(await visitor.get(`/dashboard/orders/${id}`))).toContain(
        `/dashboard/orders/${id}/${decision}`,
      )
      await visitor.submit(`/dashboard/orders/${id}/${decision}`, {})
      await shop.api.until(id, (order: { state: string }) => order.state === state)
      const again = await visitor.submit(`/dashboard/orders/${id}/${decision}`, {})
      expect(again.headers.get('location')).toBe(`/dashboard/orders/${id}?problem=review_not_open`)
    }
  })

  it('R258 R275 a seller calls a paid order delivered, but not an unpaid one', async () => {
    const { slug } = await shop.link({}, { licensed: true })
    const [paid, unpaid] = [await shop.order(slug, 'paid@example.com'), await shop.order(slug, 'unpaid@example.com')]
    await shop.api.confirm(paid.client_secret)
    await shop.api.until(paid.id, (order: { attention?: object }) => order.attention !== undefined)
    const visitor = await shop.signedIn()
    const done = await visitor.submit(`/dashboard/orders/${paid.id}/delivered`, {})
    expect(done.headers.get('location')).toBe(`/dashboard/orders/${paid.id}?done=delivered`)
    expect(await pageText(await shop.visitor().get(`/c/${slug}/order/${paid.id}`))).toContain('It is delivered')
    const refused = await visitor.submit(`/dashboard/orders/${unpaid.id}/delivered`, {})
    expect(refused.headers.get('location')).toBe(`/dashboard/orders/${unpaid.id}?problem=order_not_paid`)
  })

  it('refuses a NUL in an address or a form without asking the database', async () => {
    const visitor = await shop.signedIn()
    const { slug } = await shop.link()
    expect((await visitor.get('/dashboard/orders?search=%00')).status).toBe(404)
    expect((await visitor.get('/dashboard/links/%00')).status).toBe(404)
    expect((await shop.visitor().get(`/c/${slug}/order/%00`)).status).toBe(404)
    const answer = await shop.visitor().submit(`/c/${slug}`, { email: 'nul@example.com', name: 'A\0da' })
    expect(answer.status).toBe(303)
  })

  it('keeps a webhook endpoint: secret once, off and on, a test event, sent again', async () => {
    const visitor = await shop.signedIn()
    const made = await pageText(
      await visitor.submit('/dashboard/webhooks', { url: `${shop.url}/hook2`, types: 'order.accepted' }),
    )
    expect(made).toMatch(/<pre id="secret"[^>]*>whsec_/)
    const path = /href="(\/dashboard\/webhooks\/whe_\w+)"/.exec(made)?.[1] ?? ''
    await visitor.submit(`${path}/test`, {})
    const shown = await pageText(await visitor.get(path))
    expect(shown).toContain('webhook.test')
    expect(shown).not.toContain('whsec_')
    const again = /action="([^"]+\/redeliver)"/.exec(shown)?.[1] ?? ''
    const delivery = again.replace(/\/redeliver$/, '')
    const answered = await eventually(async () => {
      const page = await pageText(await visitor.get(delivery))
      return page.includes('>404<') ? page : undefined
    }, 'the answer to the first attempt')
    // What is sent, and what was answered: nothing is served there.
    expect(answered).toContain('&quot;type&quot;: &quot;webhook.test&quot;')
    expect(answered).toContain('not_found')
    expect((await visitor.get(`${delivery}x`)).status).toBe(404)
    expect((await visitor.submit(again, {})).headers.get('location')).toBe(`${path}?done=redelivered`)
    await visitor.submit(`${path}/enabled`, { enabled: 'no' })
    expect((await visitor.submit(again, {})).headers.get('location')).toBe(`${path}?problem=endpoint_disabled`)
    await visitor.submit(`${path}/remove`, {})
    expect((await visitor.get(path)).status).toBe(404)
    expect((await visitor.submit('/dashboard/webhooks', { url: 'ftp://example.com' })).status).toBe(400)
  })

  it('R264 takes texts, links and files only, and says what is missing', async () => {
    const visitor = await shop.signedIn()
    const form = { name: 'Song', price: '2,5', currency: 'eur', text: 'la la', link: '', file: '' }
    const refused = await visitor.submit('/dashboard/products/new', { ...form, content_type: 'hologram' })
    expect([refused.status, (await pageText(refused)).includes('Please choose what the buyer gets.')]).toEqual([
      400,
      true,
    ])
    const empty = await visitor.submit('/dashboard/products/new', { ...form, content_type: 'link' })
    expect([empty.status, (await pageText(empty)).includes('id="link-error"')]).toEqual([400, true])
    const saved = await visitor.submit('/dashboard/products/new', { ...form, content_type: 'text' })
    expect(saved.status).toBe(303)
    const page = await pageText(await visitor.get(saved.headers.get('location') ?? ''))
    expect(page).toContain('value="2.50"')
    expect(page).toContain('value="EUR"')
  })

  it('adds licence keys from lines and from a CSV file, each once', async () => {
    const { product_id: id } = await shop.link({}, { licensed: true })
    const visitor = await shop.signedIn()
    const form = new FormData()
    form.append('keys', 'AAA\r\n BBB \r\n\r\nAAA')
    form.append('csv', new Blob(['CCC,first\n"D,D",second\n']), 'keys.csv')
    const answer = await visitor.send(`/dashboard/products/${id}/licence-keys`, form)
    expect(answer.headers.get('location')).toBe(`/dashboard/products/${id}?done=keys-imported`)
    expect(await pageText(await visitor.get(`/dashboard/products/${id}`))).toContain('<strong>4</strong> keys are left')
  })

  it('R276 R277 R279 shows what a link and the shop have brought', async () => {
    const { slug, id } = await shop.link({}, { price: 50_000, currency: 'UGX', name: 'Boda map' })
    await shop.sold(slug)
    await shop.order(slug, 'other@example.com')
    const visitor = await shop.signedIn()
    const page = await pageText(await visitor.get(`/dashboard/links/${id}`))
    expect(page).toContain('UGX\u00a050,000')
    expect(page).toContain('50%')
    const revenue = await pageText(await visitor.get('/dashboard/revenue?days=7'))
    expect(revenue).toContain('Boda map')
    expect(revenue).toContain('<svg class="chart"')
  })
})
