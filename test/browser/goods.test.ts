import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishableKey } from '../system.ts'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, pageText, type Shop, seller, stranger } from './shop.ts'

const inOregon = {
  name: 'Ada Buyer',
  phone: '5035550100',
  email: 'ada@example.com',
  address: { line1: 'Main St 1', city: 'Salem', state: 'OR', postalCode: '97301', country: 'US' },
}

/** What a seller types about a vase. */
const vase = {
  name: 'Vase',
  price: '40',
  currency: 'USD',
  description: '',
  inventory: '3',
  inventory_before: '',
  weight: '900',
  weight_unit: 'g',
  length: '20',
  width: '12,5',
  height: '30',
  size_unit: 'cm',
  country_of_origin: 'pt',
  tax_code: '4323.310_A',
  listed: '1',
}

const draw = (format: 'jpeg' | 'png', width = 2400, height = 1200) =>
  sharp({ create: { width, height, channels: 3, background: '#c63' } })
    .withExif({ IFD0: { Copyright: 'taken at home' } })
    .toFormat(format)
    .toBuffer()

// Removes the risk that whoever sells things cannot do so without writing programs.
describe('goods in the seller’s pages', () => {
  let shop: Shop
  let browser: Browser
  let site: { url: string; server: Server }

  beforeAll(async () => {
    shop = await openShop({ STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox' })
    if (!noBrowser) browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    site?.server.close()
    await shop?.close()
  })

  const form = (fields: Record<string, string>, picture?: Blob) => {
    const data = new FormData()
    for (const [name, value] of Object.entries(fields)) data.set(name, value)
    if (picture) data.set('picture', picture, 'vase.jpg')
    return data
  }
  const created = async (fields: Partial<typeof vase> = {}, picture?: Blob) => {
    const visitor = await shop.signedIn()
    const answer = await visitor.send('/dashboard/new-goods', form({ ...vase, ...fields }, picture))
    expect(answer.status).toBe(303)
    const id = /products\/(\w+)/.exec(answer.headers.get('location') ?? '')?.[1] ?? ''
    return { visitor, id, path: `/dashboard/products/${id}` }
  }

  it('are stored as the form says, and shown in it again', async () => {
    const { visitor, id, path } = await created()
    expect(await shop.api.must('GET', `/v2/skus/${id}`)).toMatchObject({
      name: 'Vase',
      kind: 'physical',
      price: 40,
      inventory: 3,
      weight: 900,
      weightUnit: 'g',
      dimensions: { length: 20, width: 12.5, height: 30, unit: 'cm' },
      countryOfOrigin: 'PT',
      taxCode: '4323.310_A',
      listed: true,
    })
    const page = await pageText(await visitor.get(path))
    for (const value of ['value="900"', 'value="12.5"', 'value="PT"', 'value="3"']) expect(page).toContain(value)
    const list = await pageText(await visitor.get('/dashboard/products'))
    for (const shown of ['Vase', '3 in stock', 'To ship', 'E-book', 'T-shirt', 'Printed on demand'])
      expect(list).toContain(shown)
  })

  it('keep what was sold while the form was open', async () => {
    const { visitor, id, path } = await created()
    await shop.api.must('POST', `/v2/skus/${id}/inventory`, { adjustBy: -2 })
    const save = (inventory: string, before: string) =>
      visitor.send(path, form({ ...vase, inventory, inventory_before: before }))
    const left = async () => (await shop.api.must('GET', `/v2/skus/${id}`)).inventory
    expect([(await save('3', '3')).status, await left()]).toEqual([303, 1])
    expect([(await save('8', '3')).status, await left()]).toEqual([303, 6])
    const tooFew = await save('0', '7')
    expect([tooFew.status, await left()]).toEqual([400, 6])
    expect(await pageText(tooFew)).toContain('There is not enough of this left.')
    expect([(await save('many', '6')).status, await left()]).toEqual([400, 6])
    expect([(await save('', '6')).status, await left()]).toEqual([303, undefined])
  })

  it('say by each field what is wrong with it', async () => {
    const visitor = await shop.signedIn()
    const wrong = { ...vase, name: ' ', price: 'much', weight: '', height: 'tall', country_of_origin: 'Portugal' }
    const answer = await visitor.send('/dashboard/new-goods', form(wrong))
    expect(answer.status).toBe(400)
    const page = await pageText(answer)
    for (const sentence of [
      'give it a name',
      'such as 12.50',
      'one piece weighs',
      'length, width and height',
      'two letters',
    ])
      expect(page).toContain(sentence)
    const noPicture = await visitor.send(
      '/dashboard/new-goods',
      form(vase, new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: 'image/png' })),
    )
    expect(noPicture.status).toBe(400)
    expect(await pageText(noPicture)).toContain('Choose a JPEG, PNG')
  })

  it('have a picture that anybody may see, small and without what the camera wrote', async () => {
    const { id, visitor } = await created({}, new Blob([new Uint8Array(await draw('jpeg'))], { type: 'image/jpeg' }))
    const { imageUrl } = await shop.api.must('GET', `/v2/skus/${id}`)
    const picture = await fetch(imageUrl)
    expect(Object.fromEntries(picture.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    })
    const { width, height, exif } = await sharp(await picture.arrayBuffer()).metadata()
    expect([width, height, exif]).toEqual([1200, 600, undefined])
    expect(await pageText(await visitor.get('/dashboard/files'))).not.toContain('picture.webp')
    const upload = new FormData()
    upload.set('file', new Blob(['secret'], { type: 'text/plain' }), 'secret.txt')
    await visitor.send('/dashboard/files', upload)
    const [file] = await shop.system.database.sql<{ id: string }>(`select id from files where filename = 'secret.txt'`)
    for (const other of [file?.id, 'file_unknown'])
      expect((await fetch(`${shop.url}/pictures/${other}`)).status).toBe(404)
  })

  it('are taken off sale after a question, by nobody but their seller', async () => {
    const { id, path, visitor } = await created()
    const other = await shop.signedIn(stranger)
    for (const answer of [await other.get(path), await other.get(`${path}/archive`), await other.submit(path, vase)])
      expect(answer.status).toBe(404)
    expect((await other.submit(`${path}/archive`, {})).status).toBe(404)
    expect(await pageText(await visitor.get(`${path}/archive`))).toContain('Take Vase off sale?')
    expect((await visitor.submit(`${path}/archive`, {})).headers.get('location')).toContain('done=product-archived')
    expect((await shop.api.call('GET', `/v2/skus/${id}`)).status).toBe(404)
    expect((await visitor.get(path)).status).toBe(404)
  })

  it('come back from where they were put, and are nobody else’s to bring back', async () => {
    const { id, path, visitor } = await created({ name: 'Jug' })
    await visitor.submit(`${path}/archive`, {})
    expect(await pageText(await visitor.get('/dashboard/products'))).not.toContain('Jug')
    const offSale = await pageText(await visitor.get('/dashboard/products?archived=yes'))
    expect(offSale).toContain('aria-label="Sell again Jug"')
    const other = await shop.signedIn(stranger)
    expect((await other.submit(`${path}/restore`, {})).status).toBe(404)
    expect((await visitor.submit(`${path}/restore`, {})).headers.get('location')).toContain('done=product-restored')
    expect(await shop.api.must('GET', `/v2/skus/${id}`)).toMatchObject({ name: 'Jug', inventory: 3 })
    expect(await pageText(await visitor.get('/dashboard/products?archived=yes'))).not.toContain('Jug')
  })

  describe.skipIf(noBrowser)('from the seller’s browser to the buyer’s and back', () => {
    const signIn = async (page: Page) => {
      await page.goto(`${shop.url}/dashboard`)
      await page.getByLabel('Email address').fill(seller.email)
      await page.getByLabel('Password').fill(seller.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { name: 'Orders' }).waitFor()
    }
    const make = async (page: Page) => {
      await page.getByRole('link', { name: 'Products' }).click()
      await page.getByRole('link', { name: 'New product to ship' }).click()
      for (const [label, value] of [
        ['Name', 'Blue bowl'],
        ['Price', '24.50'],
        ['Pieces in stock', '1'],
        ['Weight', '600'],
        ['Length', '20'],
        ['Width', '20'],
        ['Height', '9'],
        ['Country of origin', 'PT'],
        ['Tax category', '4323.310_A'],
      ] as const)
        await page
          .getByLabel(label, label === 'Name' ? { exact: true } : {})
          .first()
          .fill(value)
      await page
        .getByLabel('Picture')
        .setInputFiles({ name: 'bowl.png', mimeType: 'image/png', buffer: await draw('png', 300, 300) })
      await page.getByRole('button', { name: 'Create the product' }).click()
      await page.getByText('The product is saved.').waitFor()
      expect(await isDrawn(page, 'The picture of Blue bowl')).toBe(300)
      return page.url().split('/').at(-1)?.split('?')[0] ?? ''
    }
    /** How wide the picture is once the browser has it; fails where the browser will not show it. */
    const isDrawn = async (page: Page, alt: string) => {
      await page.getByAltText(alt).waitFor({ state: 'attached' })
      return page.evaluate<number>(`(async () => {
        const image = document.querySelector('img[alt=${JSON.stringify(alt)}]')
        await image.decode()
        return image.naturalWidth
      })()`)
    }
    const buy = async (skuId: string) => {
      const { imageUrl } = await shop.api.must('GET', `/v2/skus/${skuId}`, undefined, { key: publishableKey })
      site = await otherSite(shop.url, imageUrl)
      const { id: checkoutId } = await shop.api.must('POST', '/checkouts', {
        currency: 'USD',
        email: 'ada@example.com',
        items: [{ skuId, quantity: 1, price: 24.5 }],
        shipTo: inOregon,
        billTo: inOregon,
        shipFrom: { address: inOregon.address },
        shippingChoice: { amount: 0, description: 'Parcel', serviceLevel: 'SG' },
      })
      const page = await browser.newPage()
      await page.goto(site.url)
      expect(await isDrawn(page, 'Blue bowl')).toBe(300)
      await page.evaluate(`{
        window.told = {}
        new DigitalRiver(${JSON.stringify(publishableKey)}, { locale: 'en-US' }).createDropin({
          sessionId: ${JSON.stringify(checkoutId)},
          billingAddress: { firstName: 'Ada', lastName: 'Buyer', email: 'ada@example.com', address: ${JSON.stringify(inOregon.address)} },
          options: { button: { type: 'buyNow' } },
          onSuccess: (data) => { told.success = data },
        }).mount('drop-in')
      }`)
      await page.getByLabel('Card number').fill('4242 4242 4242 4242')
      await page.getByLabel('Expiry date').fill('12 / 34')
      await page.getByLabel('Security code').fill('123')
      await page.getByRole('button', { name: 'Buy now' }).click()
      await page.waitForFunction('told.success')
      const sourceId = await page.evaluate<string>('told.success.source.id')
      await shop.api.must('POST', `/checkouts/${checkoutId}`, { sourceId })
      return shop.api.must('POST', '/orders', { checkoutId })
    }

    it('a product with a picture is made, bought, sent, and half of its price given back', async () => {
      const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
      await signIn(page)
      const skuId = await make(page)
      const order = await buy(skuId)
      expect(order.state).toBe('accepted')

      await page.goto(`${shop.url}/dashboard/products`)
      const row = page.getByRole('listitem').filter({ hasText: 'Blue bowl' })
      await row.getByText('sold out').waitFor()

      await page.goto(`${shop.url}/dashboard/orders/${order.id}`)
      await page.getByText('1 × Blue bowl').first().waitFor()
      await page.getByLabel('Carrier').fill('USPS')
      await page.getByLabel('Tracking number').fill('9400 1111')
      await page.getByRole('button', { name: 'Mark as sent' }).click()
      await page.getByText('Marked as sent').waitFor()
      await shop.api.until(order.id, ({ state }) => state === 'complete', 'state complete')
      const { data } = await shop.api.must('GET', `/v2/fulfillments?orderId=${order.id}`)
      expect(data).toMatchObject([{ trackingCompany: 'USPS', trackingNumber: '9400 1111', items: [{ quantity: 1 }] }])

      await page.goto(`${shop.url}/dashboard/orders/${order.id}`)
      expect(await page.getByRole('button', { name: 'Mark as sent' }).count()).toBe(0)
      await page.getByRole('link', { name: 'Refund…' }).click()
      await page.getByLabel('Blue bowl, at most').fill('12.25')
      await page.getByRole('button', { name: 'Look at it first' }).click()
      await page.getByRole('button', { name: 'Refund $12.25' }).click()
      await page.getByText('The refund is on its way').waitFor()
      await shop.api.until(order.id, ({ refundedAmount }) => refundedAmount === 12.25, 'half of it given back')
      await page.reload()
      await page.getByText('$12.25 refunded').first().waitFor()
      expect(await shop.api.read(order.id)).toMatchObject({ state: 'complete', availableToRefundAmount: 12.25 })
      await page.close()
    }, 90_000)
  })
})

/** Somebody's shop at another origin, which shows a product of ours and our form to pay. */
async function otherSite(api: string, picture: string): Promise<{ url: string; server: Server }> {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
<script src="${api}/v1/DigitalRiver.js"></script><main><img src="${picture}" alt="Blue bowl"><div id="drop-in"></div></main></html>`
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server }
}
