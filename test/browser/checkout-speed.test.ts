import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, type Shop } from './shop.ts'
import { slowly } from './slow-phone.ts'

/**
 * Lighthouse itself would install 176 MB for this one test. These are the conditions of its mobile preset, and what it asks of a page that is
 * good: https://web.dev/articles/vitals. Its accessibility is looked at in `every-page.test.ts`, by the rules that Lighthouse has them from.
 */
const good = { lcpMs: 2500, cls: 0.1, blockedMs: 200, bytes: 150_000 }

// Removes the risk that a buyer with an old phone on a bad network leaves before the page is there.
describe.skipIf(noBrowser)('the checkout page on a slow phone', () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop?.close())

  it('is there within the time, jumps nowhere, blocks nobody, and is small', async () => {
    const { slug, product_id: id } = await shop.link({ max_quantity: 5 })
    const noise = { type: 'gaussian', mean: 128, sigma: 10 } as const
    const picture = await sharp({ create: { width: 2400, height: 1600, channels: 3, background: '#fff', noise } })
      .blur(8)
      .jpeg()
      .toBuffer()
    const form = new FormData()
    const said = {
      name: 'Guide',
      price: '12.50',
      currency: 'USD',
      description: '# All of it',
      content_type: 'text',
      text: 'x',
    }
    for (const [name, value] of Object.entries(said)) form.set(name, value)
    form.set('picture', new Blob([new Uint8Array(picture)]), 'guide.jpg')
    await (await shop.signedIn()).send(`/dashboard/products/${id}`, form)

    const browser = await launchChromium()
    const context = await browser.newContext({ viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75 })
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    let bytes = 0
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', { offline: false, ...slowly })
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    await page.addInitScript(`
      window.seen = { lcpMs: 0, cls: 0, blockedMs: 0 }
      const watch = (type, heard) => new PerformanceObserver((list) => list.getEntries().forEach(heard)).observe({ type, buffered: true })
      watch('largest-contentful-paint', (entry) => { seen.lcpMs = entry.startTime })
      watch('layout-shift', (entry) => { seen.cls += entry.value })
      watch('longtask', (entry) => { seen.blockedMs += entry.duration - 50 })`)
    await page.goto(`${shop.url}/c/${slug}`, { waitUntil: 'networkidle' })
    expect(await page.evaluate('document.querySelector("img.picture").naturalWidth')).toBeGreaterThan(0)
    const seen = await page.evaluate<{ lcpMs: number; cls: number; blockedMs: number }>('seen')
    await browser.close()
    expect(seen.lcpMs).toBeGreaterThan(0)
    expect(seen.lcpMs).toBeLessThan(good.lcpMs)
    expect(seen.cls).toBeLessThan(good.cls)
    expect(seen.blockedMs).toBeLessThan(good.blockedMs)
    expect(bytes).toBeGreaterThan(1000)
    expect(bytes).toBeLessThan(good.bytes)
  }, 60_000)
})
