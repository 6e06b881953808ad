import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../storefront.ts'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, policyOf, type Shop } from './shop.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const good = '4242 4242 4242 4242'
const declined = '4000 0000 0000 0002'

// Removes the risk that a buyer pays twice, another price than the page shows, or not at all, because the card is entered on the page itself.
describe.skipIf(noBrowser)('the card form on the checkout page', () => {
  let shop: Shop
  let browser: Browser

  beforeAll(async () => {
    shop = await openShop()
    // Stripe's own script is played here: its page for the sandbox is not used.
    Object.assign(shop.system.config, { sandboxUrl: undefined })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
  })

  const open = async (slug: string, email: string, options: object = {}) => {
    const page = await (await browser.newContext(options)).newPage()
    await page.goto(`${shop.url}/c/${slug}`)
    await page.locator('#email').fill(email)
    return page
  }
  const enter = async (page: Page, number: string) => {
    await page.getByLabel('Card number').fill(number)
    await page.getByLabel('Expiry date').fill('12 / 34')
    await page.getByLabel('Security code').fill('123')
  }
  const orderOf = (email: string) =>
    shop.system.database.sql<{ id: string; total: number; charges: number; captured: number }>(
      `select o.id, o.total_amount as total, count(c.id)::int as charges, count(c.id) filter (where c.captured_amount = o.total_amount)::int as captured
       from orders o left join charges c on c.order_id = o.id where o.email = $1 group by o.id`,
      [email],
    )
  const arrived = (page: Page) => page.waitForURL(/\/c\/[\w-]+\/order\/ord_\w+/)
  const paid = async (email: string) => {
    const [order] = await orderOf(email)
    await shop.api.confirmed(order?.id ?? '')
    return orderOf(email)
  }

  it('takes the card where the order is made, once for two clicks and for who comes back', async () => {
    const { slug } = await shop.link()
    const page = await open(slug, 'twice@example.com')
    await enter(page, good)
    await page.locator('#pay').dblclick()
    await arrived(page)
    const once = [{ id: expect.any(String), total: 1250, charges: 1, captured: 1 }]
    expect(await paid('twice@example.com')).toEqual(once)
    await page.goBack()
    await page.getByLabel('Card number').waitFor()
    expect(await page.getByLabel('Card number').inputValue()).toBe('')
    await page.reload()
    expect(await orderOf('twice@example.com')).toEqual(once)
  }, 60_000)

  it('says that a card was declined, and takes another one for the same order', async () => {
    const { slug } = await shop.link()
    const page = await open(slug, 'declined@example.com')
    await page.locator('#pay').waitFor()
    await enter(page, declined)
    await page.locator('#pay').click()
    const problem = page.locator('#card-problem:not([hidden])')
    await problem.waitFor()
    expect(await problem.innerText()).toBe('The payment was declined, and nothing was charged.')
    await enter(page, good)
    await page.locator('#pay').click()
    await arrived(page)
    const orders = await paid('declined@example.com')
    expect(orders.map(({ total, captured }) => [total, captured])).toEqual([[1250, 1]])
  }, 60_000)

  it('says in the buyer’s language why a card was declined, there and on the page of the order', async () => {
    const { slug } = await shop.link()
    const page = await open(slug, 'poor@example.com', { locale: 'de-DE' })
    await enter(page, '4000 0000 0000 9995')
    await page.locator('#pay').click()
    const said = 'Die Karte ist dafür nicht gedeckt oder hat ein Limit erreicht. Es wurde nichts abgebucht.'
    await page.locator('#card-problem', { hasText: said }).waitFor()
    const [order] = await orderOf('poor@example.com')
    await eventually(async () => {
      await page.goto(`${shop.url}/c/${slug}/order/${order?.id}`)
      return (await page.getByRole('alert').filter({ hasText: said }).count()) > 0 || undefined
    }, 'the page of the order to say why')
  }, 60_000)

  it('charges the price that is shown: of another quantity at once, and nothing at all where it has changed unseen', async () => {
    const { slug, product_id: id } = await shop.link({ max_quantity: 5 })
    const page = await open(slug, 'three@example.com')
    await enter(page, good)
    await page.locator('#quantity').fill('3')
    await page.locator('#quantity').blur()
    await page.locator('#pay', { hasText: '37.50' }).waitFor()
    await shop.system.database.sql('update skus set price = 2000 where id = $1', [id])
    await page.locator('#pay').click()
    await page.locator('#pay', { hasText: '60.00' }).waitFor()
    expect(await orderOf('three@example.com')).toEqual([])
    await enter(page, good)
    await page.locator('#pay').click()
    await arrived(page)
    expect((await paid('three@example.com')).map(({ total, captured }) => [total, captured])).toEqual([[6000, 1]])
  }, 60_000)

  it('is left out where there is no JavaScript: the card is entered on the next page', async () => {
    const { slug } = await shop.link()
    const page = await open(slug, 'plain@example.com', { javaScriptEnabled: false })
    expect(await page.locator('#card').isVisible()).toBe(false)
    await page.locator('#pay').click()
    await page.waitForURL(/\/order\/ord_\w+\/pay$/)
  }, 30_000)

  it('lets in what it needs and nothing else, and who cannot load it pays on the next page', async () => {
    const { slug } = await shop.link()
    const policy = policyOf(await shop.visitor().get(`/c/${slug}`))
    expect(policy).toContain(`script-src 'self' ${new URL(shop.system.sandbox.url).origin};`)
    expect(policyOf(await shop.visitor().get(`/c/${(await shop.link({}, { price: 0 })).slug}`))).not.toContain(
      'frame-src',
    )
    const page = await (await browser.newContext()).newPage()
    await page.route('**/v3/', (route) => route.abort())
    await page.goto(`${shop.url}/c/${slug}`)
    await page.locator('#card').waitFor({ state: 'hidden' })
    await page.getByLabel(/Email/i).fill('blocked@example.com')
    await page.locator('#pay').click()
    await page.waitForURL(/\/order\/ord_\w+\/pay$/)
  }, 30_000)

  it.each(['en-US', 'ar-EG'])(
    'can be used by everybody, on a phone: %s',
    async (locale) => {
      const { slug } = await shop.link()
      const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale, bypassCSP: true })
      const page = await context.newPage()
      await page.goto(`${shop.url}/c/${slug}`)
      await page.getByLabel('Card number').waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      await page.addScriptTag({ content: axe })
      const { violations } = (await page.evaluate('axe.run()')) as AxeResults
      // None at all: what Lighthouse takes of axe's rules then has its 100 points.
      expect(violations).toEqual([])
      await context.close()
    },
    30_000,
  )
})
