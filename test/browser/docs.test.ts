import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, type Shop } from './shop.ts'

const limitMs = 1000

// Removes the risk that a developer waits for the documentation, or does not find in it what stands there.
describe.skipIf(noBrowser)('the documentation in a browser', () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop?.close())

  it('is there within a second on a slow computer, and finds an operation and a guide while somebody types', async () => {
    // Made by the first who asks, whoever that is.
    await fetch(`${shop.url}/docs`)
    const browser = await launchChromium()
    const page = await browser.newPage()
    const devtools = await page.context().newCDPSession(page)
    let bytes = 0
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    await devtools.send('Network.enable')
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    await page.goto(`${shop.url}/docs`, { waitUntil: 'networkidle' })
    expect(bytes).toBeGreaterThan(1000)
    expect(bytes).toBeLessThan(60_000)
    // What else this machine does can only make it later: the best of some is what the page takes.
    let firstMs = Number.POSITIVE_INFINITY
    for (let look = 0; look < 10 && firstMs > limitMs; look += 1) {
      if (look > 0) await page.reload({ waitUntil: 'networkidle' })
      const seen = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
      firstMs = Math.min(firstMs, await page.evaluate<number>(seen))
    }
    expect(firstMs).toBeGreaterThan(0)
    expect(firstMs).toBeLessThan(limitMs)

    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    const found = page.locator('#found')
    await page.getByRole('searchbox').pressSequentially('refun')
    await found.getByRole('link', { name: 'POST /v2/refunds' }).first().waitFor()
    await page.getByRole('searchbox').fill('idempotency')
    await found
      .getByRole('link', { name: /^Idempotency/ })
      .first()
      .waitFor()
    await page.getByRole('searchbox').fill('')
    await page.locator('#found:empty').waitFor({ state: 'attached' })

    await page.goto(`${shop.url}/docs#/Refunds/createRefund`)
    await page
      .getByRole('link', { name: 'POST /v2/refunds' })
      .or(page.locator('[id="/Refunds/createRefund"] a'))
      .click()
    await page.getByText('curl -X POST').waitFor()
    const trying = page.getByRole('link', { name: 'Try it out' })
    expect(await trying.getAttribute('href')).toBe('/docs/try#/Refunds/createRefund')
    await browser.close()
  }, 60_000)
})
