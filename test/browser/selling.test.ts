import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, type Shop, seller } from './shop.ts'

const shownMs = 15_000

// Removes the risk that everything works but in the hands of a person with a browser.
describe.skipIf(noBrowser)('selling and buying in a browser', () => {
  let shop: Shop
  let browser: Browser
  const contexts: BrowserContext[] = []

  beforeAll(async () => {
    shop = await openShop()
    browser = await launchChromium()
  })
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
  })

  const open = async (options: { javaScriptEnabled?: boolean } = {}): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      acceptDownloads: true,
      ...options,
    })
    context.setDefaultTimeout(shownMs)
    contexts.push(context)
    return context.newPage()
  }
  const signIn = async (page: Page) => {
    await page.goto(`${shop.url}/dashboard`)
    await page.getByLabel('Email address').fill(seller.email)
    await page.getByLabel('Password').fill(seller.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Home' }).waitFor()
  }
  const beginToPay = async (page: Page, slug: string, email: string) => {
    await page.goto(`${shop.url}/c/${slug}`)
    await page.getByLabel('Email address').fill(email)
    await page.getByRole('button', { name: 'Pay' }).click()
    await page.getByText('sandbox, no real money moves').waitFor()
  }

  it('R241 R250 R261 R265 R268 from an uploaded file to the same bytes in the buyer’s hands, without reloading', async () => {
    const bytes = Buffer.concat([
      Buffer.from('%PDF-1.7\n'),
      Buffer.from(Array.from({ length: 50_000 }, (_, at) => at % 251)),
    ])
    const dashboard = await open()
    await signIn(dashboard)
    await dashboard.getByRole('link', { name: 'Files' }).click()
    await dashboard
      .getByLabel('Upload a file to sell')
      .setInputFiles({ name: 'guide.pdf', mimeType: 'application/pdf', buffer: bytes })
    await dashboard.getByRole('button', { name: 'Upload', exact: true }).click()
    await dashboard.getByText('The file is stored.').waitFor()
    await dashboard.getByRole('link', { name: 'Use in a product: guide.pdf' }).click()
    await dashboard.getByLabel('Name').fill('Guide to everything')
    await dashboard.getByLabel('Price').fill('9.99')
    await dashboard.getByRole('button', { name: 'Create the product' }).click()
    await dashboard.getByText('The product is saved.').waitFor()
    await dashboard.getByRole('link', { name: 'Sell it by a link' }).click()
    await dashboard.getByLabel('Title').fill('The guide')
    await dashboard.getByRole('textbox', { name: 'Address' }).fill('the-guide')
    await dashboard.getByRole('button', { name: 'Create the link' }).click()
    await dashboard.getByText('The link is saved.').waitFor()

    const buyer = await open()
    await beginToPay(buyer, 'the-guide', 'reader@example.com')
    await buyer.getByRole('button', { name: 'Pay' }).click()
    await buyer.waitForURL(`${shop.url}/c/the-guide/order/**`)
    const loads: string[] = []
    buyer.on('framenavigated', (frame) => loads.push(frame.url()))
    await buyer.getByRole('heading', { name: 'Thank you! Here it is' }).waitFor()
    expect(loads).toEqual([])
    expect(buyer.url()).not.toContain('secret')
    const [download] = await Promise.all([
      buyer.waitForEvent('download'),
      buyer.getByRole('link', { name: 'Download' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('guide.pdf')
    expect(Buffer.compare(await readFile(await download.path()), bytes)).toBe(0)
  })

  it('R245 a declined card is told in a plain sentence, and the same order can be paid after all', async () => {
    const { slug } = await shop.link()
    const buyer = await open()
    await beginToPay(buyer, slug, 'declined@example.com')
    await buyer.getByRole('button', { name: 'Decline' }).click()
    await buyer.getByRole('alert').waitFor()
    const [order] = await shop.system.database.sql<{ id: string }>(
      `select id from orders where email = 'declined@example.com'`,
    )
    await buyer.goto(`${shop.url}/c/${slug}/order/${order?.id}`)
    await buyer.getByRole('heading', { name: 'The payment did not work' }).waitFor()
    expect(await buyer.getByRole('alert').innerText()).toBe('The payment was declined, and nothing was charged.')
    await buyer.getByRole('button', { name: 'Try again' }).click()
    await buyer.getByRole('button', { name: 'Pay' }).click()
    await buyer.getByText('The secret of mushrooms').waitFor()
    expect(buyer.url()).toContain(order?.id)
  })

  it('R259 R273 R274 a seller fills an empty licence pool, delivers again, and corrects a delivery', async () => {
    const licensed = { name: 'Editor', licensed: true, delivery_content: 'Your key: {licence_key}' }
    const { slug, product_id: productId } = await shop.link({}, licensed)
    const { id, client_secret: secret } = await shop.order(slug, 'unlucky@example.com')
    await shop.api.confirm(secret)
    await shop.api.until(id, (order: { attention?: object }) => order.attention !== undefined, 'attention')

    const dashboard = await open()
    await signIn(dashboard)
    await dashboard.getByRole('link', { name: 'Orders', exact: true }).click()
    await dashboard.getByLabel('Needs attention').check()
    await dashboard.getByRole('button', { name: 'Search' }).click()
    await dashboard.getByRole('link', { name: 'unlucky@example.com' }).click()
    await dashboard.getByText('There are no licence keys left.').waitFor()
    await dashboard.goto(`${shop.url}/dashboard/products/${productId}`)
    await dashboard.getByLabel('One key a line').fill('KEY-1\nKEY-2')
    await dashboard.getByRole('button', { name: 'Add to the pool' }).click()
    await dashboard.getByText('The licence keys are in the pool.').waitFor()
    await dashboard.goto(`${shop.url}/dashboard/orders/${id}`)
    await dashboard.getByRole('button', { name: 'Retry delivery' }).click()
    await dashboard.getByText('It is being delivered again.').waitFor()
    await shop.api.confirmed(id)

    const buyer = await open()
    await buyer.goto(`${shop.url}/c/${slug}/order/${id}`)
    await buyer.getByText('Your key: KEY-1').waitFor()
    await dashboard.goto(`${shop.url}/dashboard/orders/${id}`)
    await dashboard.getByText('Deliver something else').click()
    await dashboard.getByLabel('Content or address').fill('Your key: KEY-BY-HAND')
    await dashboard.getByRole('button', { name: 'Replace the delivery' }).click()
    await dashboard.getByText('This order delivers the new content now.').waitFor()
    await buyer.reload()
    await buyer.getByText('Your key: KEY-BY-HAND').waitFor()
  })

  it('R250 R263 buying needs no JavaScript: order, pay, and read', async () => {
    const { slug } = await shop.link()
    const buyer = await open({ javaScriptEnabled: false })
    await beginToPay(buyer, slug, 'plain@example.com')
    await buyer.getByRole('button', { name: 'Pay' }).click()
    // The page reloads itself until there is something to read.
    await buyer.getByText('The secret of mushrooms').waitFor()
    expect(await buyer.getByRole('button', { name: 'Copy the text' }).count()).toBe(0)
  })

  it('R265 selling needs no JavaScript: sign in, upload, create', async () => {
    const dashboard = await open({ javaScriptEnabled: false })
    await signIn(dashboard)
    await dashboard.goto(`${shop.url}/dashboard/files`)
    await dashboard
      .getByLabel('Upload a file to sell')
      .setInputFiles({ name: 'plain.txt', mimeType: 'text/plain', buffer: Buffer.from('plain text') })
    await dashboard.getByRole('button', { name: 'Upload', exact: true }).click()
    await dashboard.getByText('The file is stored.').waitFor()
    await dashboard.goto(`${shop.url}/dashboard/products/new`)
    await dashboard.getByLabel('Name').fill('Plain')
    await dashboard.getByLabel('Price').fill('1')
    await dashboard.getByRole('radio', { name: 'A link to something elsewhere' }).check()
    await dashboard.getByLabel('The address').fill('https://elsewhere.example/plain')
    await dashboard.getByRole('button', { name: 'Create the product' }).click()
    await dashboard.getByText('The product is saved.').waitFor()
  })

  it('copies what was bought, and tells whoever cannot see that it is there', async () => {
    const { slug } = await shop.link()
    const id = await shop.sold(slug, 'copy@example.com')
    const buyer = await open()
    await buyer.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await buyer.goto(`${shop.url}/c/${slug}/order/${id}`)
    await buyer.getByRole('button', { name: 'Copy the text' }).click()
    await buyer.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await buyer.evaluate('navigator.clipboard.readText()')).toBe('The secret of mushrooms')
    expect(await buyer.locator('#order').getAttribute('aria-live')).toBe('polite')
  })
})
