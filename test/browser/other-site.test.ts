import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storefront } from '../storefront.ts'
import { publishableKey, type System, secretKey, startSystem } from '../system.ts'
import { launchChromium, noBrowser } from './chromium.ts'

// Removes the risk that a storefront works with curl only: browsers ask before they let a page of one site call another.
describe.skipIf(noBrowser)('a storefront on a site of its own', () => {
  let system: System
  let browser: Browser
  let site: Server
  let address: string

  beforeAll(async () => {
    system = await startSystem({ workers: false })
    await storefront(system).stock()
    site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<h1>Shop</h1>'))
    await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await system?.close()
  })

  it('shows the catalogue and goes from cart to payment in the buyer’s browser', async () => {
    const page = await browser.newPage()
    await page.goto(address)
    const made = await page.evaluate(
      async ([url, key]) => {
        const call = async (method: string, path: string, body?: object) => {
          const answer = await fetch(`${url}${path}`, {
            method,
            headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': path },
            ...(body ? { body: JSON.stringify(body) } : {}),
          })
          // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of every shape.
          return (await answer.json()) as any
        }
        const { data } = await call('GET', '/v2/skus')
        const sku = data.find((entry: { kind: string }) => entry.kind === 'digital')
        const items = [{ skuId: sku.id, quantity: 1 }]
        const cart = await call('POST', '/v2/carts', { currency: 'USD', email: 'ada@example.com', items })
        await call('PATCH', `/v2/carts/${cart.id}/items/${cart.items[0].id}`, { quantity: 2 })
        const order = await call('POST', '/v2/orders', { cartId: cart.id })
        const intent = await call('POST', `/v2/orders/${order.id}/payment-intent`, { paymentMethod: 'STRIPE' })
        return { total: (await call('GET', `/v2/orders/${order.id}`)).totalAmount, secret: intent.clientSecret }
      },
      [system.url, publishableKey],
    )
    expect(made).toEqual({ total: 40, secret: expect.stringContaining('_secret_') })
  })

  it('is shown nothing when somebody has put a secret key into it', async () => {
    const page = await browser.newPage()
    await page.goto(address)
    const read = page.evaluate(
      async ([url, key]) => (await fetch(`${url}/v2/skus`, { headers: { authorization: `Bearer ${key}` } })).status,
      [system.url, secretKey],
    )
    await expect(read).rejects.toThrow('Failed to fetch')
  })
})
