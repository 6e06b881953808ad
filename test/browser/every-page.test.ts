import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrderPages } from '../../src/orders/order-page-address.ts'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, type Shop, seller } from './shop.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const longName = 'a-very-long-name-that-nobody-has-put-a-space-into-so-that-it-cannot-break'

// Removes the risk that somebody cannot use a page: with a screen reader, on a phone, in the dark.
describe.skipIf(noBrowser)('every page', () => {
  let shop: Shop
  let browser: Browser
  let pages: [name: string, path: string][]

  beforeAll(async () => {
    shop = await openShop({ INVOICES_FOR_CARTS: 'true' })
    browser = await launchChromium()
    pages = await everyPage(shop)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
  })

  it.each([
    ['light', 'en-US'],
    ['dark', 'de-DE'],
  ] as const)(
    'has no serious accessibility problem on a phone and on a desk, and fits both, %s, %s',
    async (colorScheme, locale) => {
      // axe is put into the page past its policy, which the pages themselves keep.
      const context = await browser.newContext({ viewport: phone, locale, colorScheme, bypassCSP: true })
      const page = await context.newPage()
      await signIn(page)
      const problems: string[] = []
      for (const [name, path] of pages) {
        await page.goto(`${shop.url}${path}`)
        await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true')
        problems.push(...(await look(page, name)))
      }
      await context.clearCookies()
      await signIn(page, { email: 'admin@example.com', password: seller.password })
      const [mail] = await shop.system.database.sql<{ id: string }>('select id from mails limit 1')
      for (const path of [
        '/ops',
        '/ops/merchants',
        '/ops/audit',
        '/ops/selling-entities',
        '/ops/new-selling-entity',
        '/ops/selling-entities/ORDERMILL_IE',
        '/ops/tax-rates',
        '/ops/tax-rates?country=XX',
        '/ops/new-tax-rate',
        '/ops/mailbox',
        `/ops/mailbox/${mail?.id}`,
        '/ops/login',
        '/docs',
        '/docs/operations/createRefund',
        '/docs/guides',
        '/docs/guides/first-order',
        '/docs/search?q=refund',
      ]) {
        await page.goto(`${shop.url}${path}`)
        problems.push(...(await look(page, path)))
      }
      await page.goto(`${shop.url}/ops/tax-rates`)
      const file = {
        name: 'rates.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('country,category,rate,validFrom\nXX,x,2,y\n'),
      }
      await page.getByLabel(/Rates as CSV/).setInputFiles(file)
      await page.getByRole('button', { name: 'Upload' }).click()
      await page.getByText('Line 2: country').waitFor()
      problems.push(...(await look(page, 'a file of rates that is refused')))
      await page.goto(`${shop.url}/ops/new-selling-entity`)
      await page.evaluate('document.querySelector("main form").noValidate = true')
      await page.getByRole('button', { name: 'Add it' }).click()
      await page.getByText('Please enter the street').waitFor()
      problems.push(...(await look(page, 'an entity that is refused')))
      await context.close()
      expect(problems).toEqual([])
    },
    300_000,
  )

  it.each(['light', 'dark'] as const)(
    'shows buyers all of it from right to left, %s',
    async (colorScheme) => {
      const context = await browser.newContext({ viewport: phone, locale: 'ar-EG', colorScheme, bypassCSP: true })
      const page = await context.newPage()
      const problems: string[] = []
      for (const [name, path] of pages.filter(
        ([, path]) => /^\/c\/[\w-]+(\/order|$)/.test(path) && path !== '/c/none',
      )) {
        await page.goto(`${shop.url}${path}`)
        if ((await page.getAttribute('html', 'dir')) !== 'rtl') problems.push(`${name} does not run from right to left`)
        problems.push(...(await look(page, name)))
      }
      await context.close()
      expect(problems).toEqual([])
    },
    300_000,
  )

  it('breaks no policy of its own', async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`)
    })
    await signIn(page)
    for (const [, path] of pages) await page.goto(`${shop.url}${path}`)
    await page.close()
    expect(complaints).toEqual([])
  }, 300_000)

  it('can be used with the keyboard alone: the skip link comes first, and focus is seen', async () => {
    const page = await browser.newPage()
    await signIn(page)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    await page.close()
  })

  const signIn = async (page: Page, { email, password } = seller) => {
    await page.goto(`${shop.url}/dashboard/login`)
    await page.getByLabel('Email address').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/dashboard$|\/ops$/)
  }
})

const phone = { width: 360, height: 740 }
const desk = { width: 1280, height: 800 }

/** What is wrong with the page that is open: for a screen reader, on a phone and on a desk. */
async function look(page: Page, name: string): Promise<string[]> {
  const problems: string[] = []
  for (const size of [desk, phone]) {
    await page.setViewportSize(size)
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    if (width > size.width) problems.push(`${width} px wide`)
    problems.push(...(await readProblems(page)))
  }
  return problems.map((problem) => `${name}: ${problem}`)
}

async function readProblems(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`))
}

/** Every page there is, each with as much on it as it can show. */
async function everyPage(shop: Shop): Promise<[string, string][]> {
  const visitor = await shop.signedIn()
  const upload = new FormData()
  upload.append('file', new Blob(['1,2,3\n']), `${longName}.csv`)
  await visitor.send('/dashboard/files', upload)
  await visitor.submit('/dashboard/webhooks', { url: `${shop.url}/${longName}`, description: longName })
  const [hook] = (await shop.api.must('GET', '/v2/webhook-endpoints')).data
  await visitor.submit(`/dashboard/webhooks/${hook.id}/test`, {})
  const [sent] = (await shop.api.must('GET', `/v2/webhook-endpoints/${hook.id}/deliveries`)).data

  const logo = sharp({ create: { width: 900, height: 300, channels: 3, background: '#c63' } }).png()
  const brand = new FormData()
  const said = {
    // On white nobody could read it.
    accent: '#ffee00',
    display_name: longName.slice(0, 60),
    support_email: 'help@example.com',
    terms_url: 'https://shop.example/terms',
    privacy_url: 'https://shop.example/privacy',
    imprint: `Mill Store\n${longName}`,
  }
  for (const [name, value] of Object.entries(said)) brand.set(name, value)
  brand.set('logo', new Blob([new Uint8Array(await logo.toBuffer())]), 'logo.png')
  await visitor.send('/dashboard/brand', brand)

  const shirt = await shop.api.must('POST', '/v2/products', {
    name: longName,
    kind: 'physical',
    currency: 'USD',
    options: [{ name: 'Size', values: ['S', longName.slice(0, 60)] }],
    variants: ['S', longName.slice(0, 60)].map((value) => ({
      options: [{ name: 'Size', value }],
      price: 12.5,
      inventory: 0,
      weight: 9,
      weightUnit: 'oz',
      dimensions: { length: 6, width: 5, height: 5 },
    })),
  })
  await shop.api.must('POST', `/v2/products/${shirt.id}/variants`, {
    options: [{ name: 'Size', value: 'XL' }],
    price: 1,
    id: 'shirt-xl',
  })
  await shop.api.must('DELETE', '/v2/skus/shirt-xl')

  const guide = await shop.link({ title: longName }, { name: longName, description: 'Read it before you eat.' })
  const product = new FormData()
  const fields = {
    name: longName,
    price: '12.50',
    currency: 'USD',
    description: `# A guide\n\nRead it **before** you eat, [as we say](https://shop.example/${longName}).\n\n- ${longName}\n\n> \`${longName}\``,
    content_type: 'text',
    text: 'The secret of mushrooms',
  }
  for (const [name, value] of Object.entries(fields)) product.set(name, value)
  product.set('picture', new Blob([new Uint8Array(await logo.toBuffer())]), 'guide.png')
  await visitor.send(`/dashboard/products/${guide.product_id}`, product)
  const several = await shop.link({ title: longName, max_quantity: 5 }, { name: longName })
  const bonum = await shop.link({}, { price: 5000, currency: 'MNT' })
  const licensed = await shop.link({}, { licensed: true })
  const elsewhere = await shop.link(
    {},
    { content_type: 'link', delivery_content: `https://elsewhere.example/${longName}` },
  )
  const off = await shop.link()
  await shop.api.must('PUT', `/v2/digital/links/${off.id}`, { is_active: false })

  const pending = await shop.order(guide.slug, 'pending@example.com')
  const failed = await shop.order(guide.slug, 'failed@example.com')
  await shop.api.confirm(failed.client_secret, 'pm_card_chargeDeclined')
  await shop.api.until(failed.id, (order: { state: string }) => order.state === 'payment_failed')
  const stuck = await shop.order(licensed.slug, `${longName.slice(0, 50)}@example.com`)
  await shop.api.confirm(stuck.client_secret)
  await shop.api.until(stuck.id, (order: { attention?: object }) => order.attention !== undefined)
  const doubtful = await shop.order(guide.slug, 'doubtful@example.com')
  await shop.api.confirm(doubtful.client_secret, 'pm_card_riskLevelElevated')
  await shop.api.until(doubtful.id, (order: { state: string }) => order.state === 'in_review')
  const refunded = await shop.sold(guide.slug, 'refunded@example.com')
  await visitor.submit(`/dashboard/orders/${refunded}/refund`, {})
  await shop.api.until(refunded, (order: { state: string }) => order.state === 'returned')
  const uploaded = /\/v2\/digital\/files\/file_\w+/.exec(await (await visitor.get('/dashboard/files')).text())?.[0]
  const file = await shop.link({}, { content_type: 'file', delivery_content: `${shop.url}${uploaded}` })
  const download = await shop.sold(file.slug)
  const sold = await shop.sold(guide.slug)
  await visitor.submit(`/dashboard/orders/${sold}/note`, { note: longName })
  await visitor.submit(`/dashboard/orders/${sold}/tags`, { tags: `gift, ${longName.slice(0, 30)}` })
  const link = await shop.sold(elsewhere.slug)
  await shop.api.until(sold, (order: { invoicePDFs?: object[] }) => order.invoicePDFs !== undefined)
  await shop.api.until(refunded, (order: { creditMemoPDFs?: object[] }) => order.creditMemoPDFs !== undefined)
  const [key] = await shop.system.database.sql<{ id: string }>('select id from api_keys limit 1')
  const invited = await visitor.submit('/dashboard/people', { email: 'second@example.com', role: 'staff' })
  const person = /password of/i.test(await invited.text()) && (await visitor.get('/dashboard/people'))
  const personId = /people\/(usr_\w+)\/remove/.exec(person ? await person.text() : '')?.[1]

  const goods = await shop.api.order(
    [{ skuId: 'sku-digital' }, { skuId: 'sku-physical', quantity: 2 }, { skuId: 'sku-pod' }],
    { email: 'goods@example.com' },
  )
  await shop.api.pay(goods.id)
  await shop.api.confirmed(goods.id)
  const parcels = `/dashboard/orders/${goods.id}/parcels`
  const parcel = (await shop.api.read(goods.id)).shipments[0].id

  const cartPages = ['en_US', 'de_DE', 'ar_EG'].map(async (locale): Promise<[string, string]> => {
    const goods = [{ skuId: 'sku-digital' }, { skuId: 'sku-physical', quantity: 2 }]
    const { id } = await shop.api.order(goods, { email: `${locale}@example.com`, locale })
    await shop.api.pay(id)
    await shop.api.until(id, (order: { state: string }) => order.state === 'confirmed')
    return [`order of a cart, ${locale}`, new URL(createOrderPages(shop.system.config).addressOf(id)).pathname]
  })

  return [
    ...(await Promise.all(cartPages)),
    ['find orders', '/o'],
    ['checkout', `/c/${guide.slug}`],
    ['checkout of several', `/c/${several.slug}`],
    ['checkout with a choice', `/c/${bonum.slug}`],
    ['no such offer', '/c/none'],
    ['pending order', `/c/${guide.slug}/order/${pending.id}`],
    ['order just paid', `/c/${guide.slug}/order/${pending.id}?back=1`],
    ['failed order', `/c/${guide.slug}/order/${failed.id}`],
    ['order being prepared', `/c/${licensed.slug}/order/${stuck.id}`],
    ['delivered text', `/c/${guide.slug}/order/${sold}`],
    ['order under review', `/c/${guide.slug}/order/${doubtful.id}`],
    ['refunded order', `/c/${guide.slug}/order/${refunded}`],
    ['delivered file', `/c/${file.slug}/order/${download}`],
    ['order to decide about', `/dashboard/orders/${doubtful.id}`],
    ['block', `/dashboard/orders/${doubtful.id}/block`],
    ['product with a file', `/dashboard/products/${file.product_id}`],
    ['delivered link', `/c/${elsewhere.slug}/order/${link}`],
    ['sign-in', '/dashboard/login'],
    ['home', '/dashboard'],
    ['search', `/dashboard/search?q=${encodeURIComponent(longName.slice(0, 10))}`],
    ['a search that finds nothing', '/dashboard/search?q=nowhere'],
    ['orders', '/dashboard/orders'],
    ['orders that do not exist', '/dashboard/orders?search=nobody'],
    ['order', `/dashboard/orders/${sold}?done=retried`],
    ['order that needs attention', `/dashboard/orders/${stuck.id}?problem=order_not_paid`],
    ['order of goods', `/dashboard/orders/${goods.id}`],
    ['void a label', `${parcels}/${parcel}/call-off`],
    ['send again', `${parcels}/${parcel}/send-again`],
    ['refund', `/dashboard/orders/${sold}/refund`],
    ['products', '/dashboard/products'],
    ['new product', '/dashboard/products/new'],
    ['new goods', '/dashboard/new-goods'],
    ['what can be printed on', '/dashboard/new-print'],
    ['new print', '/dashboard/new-print?product=71'],
    ['new print by an id', '/dashboard/new-print?product=other'],
    ['new product in variants', '/dashboard/new-variants'],
    ['variants', `/dashboard/variants/${shirt.id}`],
    ['a variant', `/dashboard/products/${shirt.variants[0].id}`],
    ['take variants off sale', `/dashboard/variants/${shirt.id}/archive`],
    ['products off sale', '/dashboard/products?archived=yes'],
    ['goods', '/dashboard/products/sku-physical'],
    ['take goods off sale', '/dashboard/products/sku-physical/archive'],
    ['product', `/dashboard/products/${licensed.product_id}`],
    ['links', '/dashboard/links'],
    ['new link', '/dashboard/links/new'],
    ['link', `/dashboard/links/${guide.id}`],
    ['files', '/dashboard/files'],
    ['brand', '/dashboard/brand'],
    ['revenue', '/dashboard/revenue'],
    ['balance', '/dashboard/balance'],
    ['webhooks', '/dashboard/webhooks'],
    ['webhook endpoint', `/dashboard/webhooks/${hook.id}`],
    ['what was sent to an endpoint', `/dashboard/webhooks/${hook.id}/deliveries/${sent.id}`],
    ['keys', '/dashboard/keys'],
    ['revoke a key', `/dashboard/keys/${key?.id}/revoke`],
    ['people', '/dashboard/people'],
    ['your account', '/dashboard/account'],
    ['second factor', '/dashboard/account/second-factor'],
    ['forgotten password', '/dashboard/login/forgotten'],
    ['reset that is too old', '/dashboard/login/reset?token=x'],
    ['remove somebody', `/dashboard/people/${personId}/remove`],
    ['nothing here', '/dashboard/nowhere'],
  ]
}
