import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, pageText, policyOf, type Shop } from './shop.ts'

// Removes the risk that a buyer of several pieces pays for another number of them than was shown, or is sold what is not there.
describe('how many pieces a buyer takes', () => {
  let shop: Shop
  let browser: Browser

  beforeAll(async () => {
    shop = await openShop()
    if (!noBrowser) browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
  })

  const several = (over = {}, product = {}) => shop.link({ min_quantity: 2, max_quantity: 5, ...over }, product)
  const buyer = { email: 'ada@example.com', name: 'Ada', method: 'STRIPE' }
  const linesIn = (page: string) =>
    [...page.matchAll(/<div><dt>([^<]*)<\/dt><dd class="num">([^<]*)<\/dd><\/div>/g)].map(([, label, amount]) => [
      label,
      amount,
    ])
  const orderOf = async (answer: Response) => {
    const back = new URL(answer.headers.get('location') ?? '').searchParams.get('return_url') ?? ''
    return shop.api.must('GET', `/v2/orders/${/ord_\w+/.exec(back)?.[0]}`)
  }
  const stock = (skuId: string, inventory: number) =>
    shop.api.must('POST', `/v2/skus/${skuId}/inventory`, { inventory })

  it('is one where the seller has said nothing: nobody is asked, and the page needs no script', async () => {
    const { slug } = await shop.link()
    const answer = await shop.visitor().get(`/c/${slug}`)
    expect(policyOf(answer)).not.toContain('script-src')
    expect(await pageText(answer)).not.toContain('name="quantity"')
    const refused = await shop.visitor().submit(`/c/${slug}`, { ...buyer, quantity: '2' })
    expect(refused.status).toBe(400)
  })

  it('begins with the fewest, and costs what the server says, line by line, with a coupon and a tax', async () => {
    const code = 'HALF'
    await shop.api.must('POST', '/v2/coupons', { code, percentOff: 50 })
    const { slug } = await several({ coupon_code: code })
    const page = await pageText(await shop.visitor().get(`/c/${slug}`))
    expect(linesIn(page)).toEqual([
      ['2 × $12.50', '$25.00'],
      ['Discount', '-$12.50'],
      ['Total', '$12.50'],
    ])
    const applied = await shop.visitor().submit(`/c/${slug}`, { ...buyer, quantity: '4', apply: 'yes' })
    expect(applied.status).toBe(200)
    const more = await pageText(applied)
    expect(linesIn(more)).toEqual([
      ['4 × $12.50', '$50.00'],
      ['Discount', '-$25.00'],
      ['Total', '$25.00'],
    ])
    expect(more).toContain('name="seen" value="2500"')
    expect(more).toContain('Pay $25.00')
  })

  it('is what is ordered; another number is another order, and the same one the same', async () => {
    const { slug } = await several()
    const visitor = shop.visitor()
    await visitor.get(`/c/${slug}`)
    const submit = (quantity: string, seen: string) => visitor.submit(`/c/${slug}`, { ...buyer, quantity, seen })
    const three = await orderOf(await submit('3', '3750'))
    expect(three).toMatchObject({ totalAmount: 37.5, items: [{ quantity: 3, amount: 37.5 }] })
    expect((await orderOf(await submit('3', '3750'))).id).toBe(three.id)
    const two = await orderOf(await submit('2', '2500'))
    expect(two).toMatchObject({ totalAmount: 25, items: [{ quantity: 2 }] })
    expect(two.id).not.toBe(three.id)
  })

  it('orders nothing for another price than was shown', async () => {
    const { slug } = await several()
    const answer = await shop.visitor().submit(`/c/${slug}`, { ...buyer, quantity: '5', seen: '2500' })
    expect(answer.status).toBe(409)
    const page = await pageText(answer)
    expect(page).toContain('This is what it costs now.')
    expect(page).toContain('name="seen" value="6250"')
  })

  it.each(['1', '6', '0', '-2', '2.5', 'two', '99999999', '1e3'])(
    'is refused where it is not sold, and the page says what is: %s',
    async (quantity) => {
      const { slug } = await several()
      for (const apply of ['', 'yes']) {
        const answer = await shop.visitor().submit(`/c/${slug}`, { ...buyer, quantity, apply })
        expect(answer.status).toBe(400)
        const page = await pageText(answer)
        expect(page).toContain('id="quantity-error">Please choose from 2 to 5.')
        expect(page).toMatch(/name="quantity" value="[25]"/)
      }
    },
  )

  it('is never more than there is: the page says how many are left, in the buyer’s language, and nothing is ordered', async () => {
    const { slug, product_id: skuId } = await several()
    await stock(skuId, 3)
    const answer = await shop
      .visitor()
      .submit(`/c/${slug}`, { ...buyer, quantity: '4' }, { 'accept-language': 'de-DE' })
    expect(answer.status).toBe(400)
    const page = await pageText(answer)
    expect(page).toContain('Es sind nur noch 3 da. Bitte nehmen Sie weniger.')
    expect(page).toContain('max="3"')
    const { status, body } = await shop.api.call('POST', `/v2/public/checkout/${slug}/pay`, {
      buyer_email: 'ada@example.com',
      quantity: 4,
    })
    expect([status, body.error.code, body.error.message]).toEqual([409, 'out_of_stock', 'There are 3 left.'])
    await stock(skuId, 1)
    expect((await shop.visitor().get(`/c/${slug}`)).status).toBe(409)
  })

  it('hands out as many licence keys', async () => {
    const { slug, product_id: skuId } = await several({}, { licensed: true })
    const visitor = await shop.signedIn()
    await visitor.submit(`/dashboard/products/${skuId}/licence-keys`, { keys: 'k-1\nk-2\nk-3' })
    const { data } = await shop.api.must('POST', `/v2/public/checkout/${slug}/pay`, {
      buyer_email: 'keys@example.com',
      quantity: 3,
    })
    await shop.api.confirm(data.client_secret)
    await shop.api.confirmed(data.id)
    const page = await pageText(await shop.visitor().get(`/c/${slug}/order/${data.id}`))
    for (const key of ['k-1', 'k-2', 'k-3', 'Field guide × 3']) expect(page).toContain(key)
  })

  it('can be read and said by the API, and a range that is none is refused', async () => {
    const { id, slug } = await several()
    const offer = async (query = '') => (await shop.api.must('GET', `/v2/public/checkout/${slug}${query}`)).data
    expect(await offer()).toMatchObject({ min_quantity: 2, max_quantity: 5, price: 25, list_price: 25 })
    expect(await offer('?quantity=5')).toMatchObject({ price: 62.5 })
    for (const [change, parameter] of [
      [{ max_quantity: 1 }, 'max_quantity'],
      [{ min_quantity: 6 }, 'max_quantity'],
      [{ min_quantity: 0 }, 'min_quantity'],
      [{ max_quantity: 10_001 }, 'max_quantity'],
      [{ max_quantity: '3' }, 'max_quantity'],
    ] as const) {
      const { status, body } = await shop.api.call('PUT', `/v2/digital/links/${id}`, change)
      expect([status, body.error.message]).toEqual([400, expect.stringContaining(parameter)])
    }
    const refused = await shop.api.call('GET', `/v2/public/checkout/${slug}?quantity=6`)
    expect([refused.status, refused.body.error.code]).toEqual([400, 'quantity_not_sold'])
  })

  it.skipIf(noBrowser)('shows what it costs as soon as it is chosen, and is paid by the Enter key', async () => {
    const { slug } = await several({}, { price: 10 })
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(`${shop.url}/c/${slug}`)
    await page.getByLabel('Email address').fill('enter@example.com')
    await page.getByLabel('How many?').fill('3')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Pay $30.00' }).waitFor()
    expect(await page.locator('#lines').innerText()).toContain('3 × $10.00')
    await page.getByLabel('How many?').fill('9')
    await page.keyboard.press('Tab')
    await page.getByText('Please choose from 2 to 5.').waitFor()
    await page.getByRole('button', { name: 'Pay $50.00' }).waitFor()
    expect(complaints.filter((said) => !/400/.test(said))).toEqual([])
    await page.getByLabel('Email address').press('Enter')
    await page.waitForURL((url) => url.origin === shop.system.sandbox.url)
    await page.close()
  })

  it.skipIf(noBrowser)('needs no JavaScript: a button shows the price', async () => {
    const { slug } = await several({}, { price: 10 })
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${shop.url}/c/${slug}`)
    await page.getByLabel('How many?').fill('4')
    await page.getByRole('button', { name: 'Show the price' }).click()
    await page.getByRole('button', { name: 'Pay $40.00' }).waitFor()
    await context.close()
  })
})
