import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../storefront.ts'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, type Shop, seller } from './shop.ts'

// Removes the risk that an order is stuck and whoever operates the shop needs a developer to see why, or to set it going again.
describe.skipIf(noBrowser)('an operator', () => {
  let shop: Shop
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    shop = await openShop({ RETRY_DELAY_FACTOR: '1' })
    browser = await launchChromium()
    page = await browser.newPage()
    await page.goto(`${shop.url}/ops`)
    await page.getByLabel('Email address').fill('admin@example.com')
    await page.getByLabel('Password').fill(seller.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/ops$/)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
  })

  const paid = async (email: string, skuId = 'sku-physical') => {
    const order = await shop.api.order([{ skuId }], { email })
    await shop.api.pay(order.id)
    return order.id
  }
  /** Looks at a page again until it says something. */
  const until = async (path: string, selector: string, words: string) =>
    eventually(async () => {
      await page.goto(`${shop.url}${path}`)
      return (await page.locator(selector).filter({ hasText: words }).count()) > 0 ? true : undefined
    }, `"${words}" on ${path}`)

  it('R302 sees what is tried again, why and since when, before it fails', async () => {
    const unreachable = { provider: 'easypost', operation: 'shipments.buy', kind: 'status', status: 503, times: 100 }
    await shop.api.sandbox('POST', '/sandbox/faults', unreachable)
    const id = await paid('waiting@example.com')
    await until('/ops', '#retrying tr', id)
    const row = page.locator('#retrying tr').filter({ hasText: id })
    expect(await row.innerText()).toMatch(/^fulfill-shipping\s.*easypost unknown: INTERNAL_SERVER_ERROR/)
    expect(await page.locator('#queues tr').filter({ hasText: 'shipping' }).count()).toBe(1)
    await shop.api.sandbox('DELETE', '/sandbox/faults')
    await shop.api.confirmed(id)
  }, 60_000)

  it('finds an order by its buyer, sees what failed, and sets it going again', async () => {
    const refusal = { provider: 'printful', operation: 'orders.create', kind: 'status', status: 400, times: 1 }
    await shop.api.sandbox('POST', '/sandbox/faults', refusal)
    const id = await paid('stuck@example.com', 'sku-pod')
    await until('/ops', 'h2:has-text("Orders that need attention") + ul', 'stuck@example.com')

    const ordered = Number(/^(\d+) orders in 24 hours/.exec((await page.locator('#last-day').textContent()) ?? '')?.[1])
    await paid('one-more@example.com', 'sku-digital')
    await until('/ops', '#last-day', `${ordered + 1} orders in 24 hours`)
    expect(await page.locator('#last-day-table tbody tr').count()).toBe(24)
    const places = await page.getByRole('navigation', { name: 'Operations' }).getByRole('link').allInnerTexts()
    expect(places).toContain('Audit')
    await page.getByLabel('Find an order').fill('Stuck@Example.com')
    await page.getByRole('button', { name: 'Find' }).click()
    await page.getByRole('link', { name: 'stuck@example.com' }).click()
    expect(await page.locator('#attention').innerText()).toContain('fulfill-pod')
    await page.getByRole('button', { name: 'Retry' }).click()
    await page.waitForURL(`${shop.url}/ops/orders/${id}`)
    await shop.api.confirmed(id)
    await page.reload()
    expect(await page.locator('#attention').count()).toBe(0)
    expect(await page.locator('#tasks tr').filter({ hasText: 'fulfill-pod' }).innerText()).toContain('done')
  }, 60_000)

  it('finds an order by its id, its payment and its merchant’s number, of whichever merchant', async () => {
    const id = await paid('found@example.com')
    await shop.api.confirmed(id)
    await shop.api.must('POST', `/orders/${id}`, { upstreamId: 'PO-4711' })
    const order = await shop.api.read(id)
    for (const text of [id, order.charges[0].id, order.charges[0].providerReference, 'PO-4711']) {
      await page.goto(`${shop.url}/ops/orders?q=${encodeURIComponent(text)}`)
      expect(await page.locator('.rows a').allInnerTexts(), text).toEqual(['found@example.com'])
    }
    await page.goto(`${shop.url}/ops/orders?q=nobody@example.com`)
    expect(await page.locator('main').innerText()).toContain('None.')
  })

  it('asks the provider about an order from its page', async () => {
    await shop.api.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
    const order = await shop.api.order([{ skuId: 'sku-digital' }], { email: 'unheard@example.com' })
    const intent = await shop.api.intent(order.id)
    await shop.api.confirm(intent.clientSecret)
    await page.goto(`${shop.url}/ops/orders/${order.id}`)
    await page.getByRole('button', { name: 'Ask the payment provider' }).click()
    await page.getByRole('status').filter({ hasText: 'was asked' }).waitFor()
    await shop.api.confirmed(order.id)
    await shop.api.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
    expect((await page.goto(`${shop.url}/ops/orders/ord_nobody`))?.status()).toBe(404)
  })
})
