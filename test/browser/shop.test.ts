import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { address } from '../storefront.ts'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, type Shop } from './shop.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// Removes the risk that the example which newcomers begin with sells nothing, or shows a shop nobody can use.
describe.skipIf(noBrowser)('the example shop', () => {
  let shop: Shop
  let browser: Browser

  beforeAll(async () => {
    shop = await openShop()
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
  })

  const add = async (page: Page, ...names: string[]) => {
    for (const name of names) {
      await page.getByRole('button', { name: `Add to cart: ${name}` }).click()
      await page.locator('#items').getByText(`1 × ${name}`).waitFor()
    }
  }
  const fill = async (page: Page, fields: Record<string, string>) => {
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
  }
  const { line1, city, state, postalCode } = address.address
  const to = {
    Name: address.name,
    Phone: address.phone,
    Street: line1,
    City: city,
    State: state,
    'Postal code': postalCode,
  }

  it('sells one of each kind, from the shelf to what was done for the order', async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' && page.url().startsWith(shop.url)) complaints.push(message.text())
    })
    await page.goto(`${shop.url}/shop`)
    await add(page, 'E-book', 'Mug', 'T-shirt')
    await fill(page, { 'Email address': 'ada@example.com', ...to })
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('How to send it').waitFor()
    const pay = page.getByRole('button', { name: /^Pay \$1\d\d\.\d\d$/ })
    const price = (await pay.textContent())?.slice('Pay '.length) ?? ''
    await pay.click()
    await page.getByRole('heading', { name: price }).waitFor()
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.waitForURL(/\/shop\/order\.html\?order=ord_/)
    await page.getByText('Paid and confirmed. Thank you!').waitFor()
    await page.getByText('Chapter one').waitFor()
    await page
      .locator('#shipments')
      .getByText(/^Parcel USPS/)
      .waitFor()
    await page
      .locator('#shipments')
      .getByText(/tracking \d{10}/)
      .first()
      .waitFor()
    await page
      .locator('#shipments')
      .getByText(/^Printing/)
      .waitFor()
    await page.locator('#totals dd').filter({ hasText: price }).waitFor()
    await handOver(new URL(page.url()).searchParams.get('order') ?? '')
    for (const name of ['E-book', 'Mug', 'T-shirt'])
      await page.locator('#items').getByText(`1 × ${name}: fulfilled`).waitFor()
    expect(complaints).toEqual([])
    await page.close()
  }, 60_000)

  it('keeps the cart of a visit, asks no address for a download, and lets a refused card pay again', async () => {
    const page = await browser.newPage()
    await page.goto(`${shop.url}/shop/`)
    await add(page, 'E-book')
    await page.reload()
    await page.locator('#items').getByText('1 × E-book').waitFor()
    await fill(page, { 'Email address': 'grace@example.com' })
    expect(await page.getByLabel('Street').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Pay $20.00' }).click()
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.goto(`${shop.url}/shop/order.html?order=${await lastOrder()}`)
    await page.getByText('The payment did not go through.').waitFor()
    await page.getByRole('button', { name: 'Pay again' }).click()
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.getByText('Paid and confirmed. Thank you!').waitFor()
    await page.goto(`${shop.url}/shop/order.html?order=ord_none`)
    await page.getByRole('alert').filter({ hasText: 'There is nothing here.' }).waitFor()
    await page.close()
  }, 60_000)

  it.each(['light', 'dark'] as const)(
    'has no serious accessibility problem and fits a phone, %s',
    async (colorScheme) => {
      const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme, bypassCSP: true })
      const page = await context.newPage()
      const problems: string[] = []
      const look = async (name: string) => {
        await page.evaluate(axe)
        const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })')
        const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        problems.push(...bad.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`))
        if ((await page.evaluate<number>('document.documentElement.scrollWidth')) > 360)
          problems.push(`${name}: too wide`)
      }
      await page.goto(`${shop.url}/shop/`)
      await add(page, 'Mug')
      await fill(page, { 'Email address': 'ada@example.com', ...to })
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('How to send it').waitFor()
      await look('the shop')
      const order = await shop.api.order([{ skuId: 'sku-physical' }])
      await shop.api.pay(order.id)
      await page.goto(`${shop.url}/shop/order.html?order=${order.id}`)
      await page.getByText('Paid and confirmed. Thank you!').waitFor()
      await look('the order')
      await context.close()
      expect(problems).toEqual([])
    },
    60_000,
  )

  it('is only there where the sandbox plays, loads nothing from outside and hands out nothing else', async () => {
    const policy = (await fetch(`${shop.url}/shop/`)).headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none';/)
    expect(policy).not.toMatch(/https?:|\*|unsafe/)
    for (const path of ['/shop/tsconfig.json', '/shop/..%2f..%2fpackage.json', '/shop/README.md'])
      expect((await fetch(`${shop.url}${path}`)).status).toBe(404)
    const { sandboxUrl } = shop.system.config
    Object.assign(shop.system.config, { sandboxUrl: undefined })
    try {
      for (const path of ['/shop', '/shop/', '/shop/settings.json', '/shop/shop.ts'])
        expect((await fetch(`${shop.url}${path}`)).status).toBe(404)
    } finally {
      Object.assign(shop.system.config, { sandboxUrl })
    }
  })

  /** The carrier scans the parcel, and the printer sends its own. */
  const handOver = async (orderId: string) => {
    const [label] = (await shop.api.books(orderId)).easypost.labels
    const { shipments } = await shop.api.read(orderId)
    const printJob = shipments.find(({ path }: { path: string }) => path === 'pod')
    const status = { status: 'in_transit' }
    await shop.api.sandbox('POST', `/sandbox/easypost/trackers/${label.shipment_id ?? label.id}`, status)
    await shop.api.sandbox('POST', `/sandbox/printful/orders/@${printJob.id}/ship`, {})
  }
  const lastOrder = async () => (await shop.api.must('GET', '/v2/orders?limit=1')).data[0].id
})
