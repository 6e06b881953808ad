import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { publishableKey } from '../system.ts'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, type Shop } from './shop.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const billingAddress = {
  firstName: 'Ada',
  lastName: 'Buyer',
  email: 'ada@example.com',
  phoneNumber: '952-111-1111',
  address: { line1: 'Hauptstr. 1', line2: '', city: 'Berlin', state: '', postalCode: '10115', country: 'DE' },
}

// Removes the risk that a page which was written for Digital River's script shows no form, or a form that makes no source.
describe.skipIf(noBrowser)('the drop-in script', () => {
  let shop: Shop
  let browser: Browser
  let site: { url: string; server: Server }

  beforeAll(async () => {
    shop = await openShop({ STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox' })
    browser = await launchChromium()
    site = await otherSite(shop.url)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    site?.server.close()
    await shop?.close()
  })

  /** A shop's own page at another origin, with the script and what the shop's developer wrote. */
  const openPage = async (options: object = {}, more: object = {}, key = publishableKey, locale = 'en-US') => {
    const page = await browser.newPage()
    await page.goto(site.url)
    const configuration = JSON.stringify({ billingAddress, options, ...more })
    await page.evaluate(`{
      const digitalriver = new DigitalRiver(${JSON.stringify(key)}, { locale: ${JSON.stringify(locale)} })
      window.told = {}
      window.dropin = digitalriver.createDropin({
        ...${configuration},
        onSuccess: (data) => { told.success = data },
        onError: (data) => { told.error = data },
        onReady: (data) => { told.ready = data },
      })
      dropin.mount('drop-in')
    }`)
    return page
  }
  const told = async <T>(page: Page, what: 'success' | 'error' | 'ready'): Promise<T> => {
    await page.waitForFunction(`told.${what}`)
    return await page.evaluate<T>(`told.${what}`)
  }
  const enterCard = async (page: Page, number = '4242 4242 4242 4242') => {
    await page.getByLabel('Card number').fill(number)
    await page.getByLabel('Expiry date').fill('12 / 34')
    await page.getByLabel('Security code').fill('123')
  }
  type Made = { source: { id: string; type: string; state: string; creditCard: object }; readyForStorage: boolean }

  it('mounts a form that makes a source of a card, and the source pays an order', async () => {
    const { id: checkoutId } = await checkout('EUR')
    const page = await openPage({ button: { type: 'buyNow' } }, { sessionId: checkoutId })
    expect(await told(page, 'ready')).toEqual({ paymentMethodTypes: ['creditCard', 'wireTransfer', 'bancontact'] })
    await enterCard(page)
    await page.getByRole('button', { name: 'Buy now' }).click()
    const { source, readyForStorage } = await told<Made>(page, 'success')
    expect(readyForStorage).toBe(false)
    expect(source).toMatchObject({
      type: 'creditCard',
      state: 'chargeable',
      creditCard: { brand: 'Visa', lastFourDigits: '4242' },
      owner: { firstName: 'Ada', address: { line1: 'Hauptstr. 1', country: 'DE' } },
    })
    await shop.api.must('POST', `/checkouts/${checkoutId}`, { sourceId: source.id })
    const order = await shop.api.must('POST', '/orders', { checkoutId })
    expect(order).toMatchObject({
      state: 'accepted',
      payment: { charges: [{ sourceId: source.id, state: 'capturable' }] },
    })
    await page.close()
  })

  it('keeps a card for later when the buyer wishes it, with what the bank asks for in between', async () => {
    const page = await openPage({ showSavePaymentAgreement: true })
    await told(page, 'ready')
    await enterCard(page, '4000 0027 6000 3184')
    await page.getByLabel('Keep this card').check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page
      .frameLocator('iframe[title="Your bank"]')
      .getByRole('button', { name: 'Complete authentication' })
      .click()
    const { source, readyForStorage } = await told<Made>(page, 'success')
    expect([source.state, readyForStorage]).toEqual(['chargeable', true])
    const customer = await shop.api.must('POST', '/customers', { email: 'ada@example.com' })
    const kept = await shop.api.must('POST', `/customers/${customer.id}/sources/${source.id}`)
    expect(kept).toMatchObject({ id: source.id, reusable: true })
    await page.close()
  })

  it('says what is wrong with a card, and lets the buyer try again', async () => {
    const page = await openPage({ flow: 'managePaymentMethods' })
    expect(await told(page, 'ready')).toEqual({ paymentMethodTypes: ['creditCard'] })
    await enterCard(page, '4000 0000 0000 0002')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('alert').filter({ hasText: 'declined' }).waitFor()
    expect(await told(page, 'error')).toMatchObject({ errors: [{ code: 'generic_decline' }] })
    await enterCard(page, '4242')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('alert').filter({ hasText: 'incomplete' }).waitFor()
    await enterCard(page)
    await page.getByRole('button', { name: 'Continue' }).click()
    expect((await told<Made>(page, 'success')).readyForStorage).toBe(true)
    await page.close()
  })

  it('offers what pays the session, in the page’s language, with consent before anything is made', async () => {
    const { id: sessionId } = await checkout('JPY', 1200)
    const page = await openPage({ showTermsOfSaleDisclosure: true }, { sessionId }, publishableKey, 'de-DE')
    expect(await told(page, 'ready')).toEqual({ paymentMethodTypes: ['creditCard', 'konbini', 'wireTransfer'] })
    await page.getByLabel('Überweisung').check()
    expect(await page.locator('.DR-card').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Weiter' }).click()
    await page.getByRole('alert').filter({ hasText: 'Bitte stimmen Sie' }).waitFor()
    await page.getByLabel('Ich stimme').check()
    await page.getByRole('button', { name: 'Weiter' }).click()
    expect(await told(page, 'success')).toMatchObject({ source: { type: 'wireTransfer', flow: 'receiver' } })
    await page.close()
  })

  it('tells the page when it cannot be shown: a wrong key, a key of another site, nothing to pay with', async () => {
    const bound = await boundKey('https://elsewhere.example')
    const nothing = { paymentMethodConfiguration: { enabledPaymentMethods: ['payPal'] } }
    const cases = [
      [{}, 'pk_test_nobody', 'unauthorized'],
      [{}, bound, 'unavailable'],
      [{ sessionId: '00000000-0000-4000-8000-000000000000' }, publishableKey, 'not_found'],
      [nothing, publishableKey, 'no_payment_methods'],
    ] as const
    for (const [more, key, code] of cases) {
      const page = await openPage({}, more, key)
      expect(await told(page, 'error'), code).toMatchObject({ errors: [{ code }] })
      await page.close()
    }
  })

  it('gives the fields one by one, with their classes and events, and a source of them', async () => {
    const page = await browser.newPage()
    await page.goto(site.url)
    const result = page.evaluate<{ source: { id: string } }>(`(async () => {
      const digitalriver = new DigitalRiver(${JSON.stringify(publishableKey)}, { locale: 'en-US' })
      const options = { classes: { base: 'DRElement', complete: 'complete', empty: 'empty', focus: 'focus', invalid: 'invalid' } }
      window.changes = []
      for (const [type, place] of [['cardnumber', 'card-number'], ['cardexpiration', 'card-expiration'], ['cardcvv', 'card-cvv']]) {
        const field = digitalriver.createElement(type, options)
        field.mount(place)
        field.on('change', (event) => changes.push(event))
      }
      await new Promise((resolve) => { window.pay = resolve })
      return await digitalriver.createSource({ type: 'creditCard', owner: ${JSON.stringify(billingAddress)}, amount: 10, currency: 'EUR' })
    })()`)
    await enterCard(page)
    expect(await page.locator('#card-number').getAttribute('class')).toBe('DRElement complete')
    expect(await page.evaluate('changes[0]')).toEqual({
      elementType: 'cardnumber',
      empty: false,
      complete: true,
      error: null,
    })
    await page.evaluate('pay()')
    expect(await result).toMatchObject({ source: { type: 'creditCard', state: 'chargeable' } })
    await page.close()
  })

  it('has no serious accessibility problem and fits a phone', async () => {
    const page = await openPage({ showSavePaymentAgreement: true, showTermsOfSaleDisclosure: true })
    await page.setViewportSize({ width: 360, height: 740 })
    await told(page, 'ready')
    await page.evaluate(axe)
    const { violations } = await page.evaluate<AxeResults>('axe.run("#drop-in", { resultTypes: ["violations"] })')
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    await page.close()
  })

  const checkout = (currency: string, price = 20) =>
    shop.api.must('POST', '/checkouts', {
      currency,
      email: 'ada@example.com',
      billTo: {
        name: 'Ada Buyer',
        address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
      },
      items: [{ productDetails: { name: 'Course' }, price, quantity: 1 }],
    })

  const boundKey = async (origin: string) => {
    const [owner] = await shop.system.database.sql<{ merchantId: string }>(
      `select merchant_id as "merchantId" from api_keys where kind = 'publishable' limit 1`,
    )
    if (!owner) throw new Error('there is no publishable key')
    const made = { ...owner, kind: 'publishable' as const, liveMode: false, origins: [origin] }
    return (await createApiKey(shop.system.database, made)).key
  }
})

/** Somebody's shop at another origin: a page as the guides of Digital River have it, with another address of the script. */
async function otherSite(api: string): Promise<{ url: string; server: Server }> {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Shop</title><link rel="stylesheet" href="${api}/v1/css/DigitalRiver.css" type="text/css">
<script type="text/javascript" src="${api}/v1/DigitalRiver.js"></script>
<main><div id="drop-in"></div><div id="card-number"></div><div id="card-expiration"></div><div id="card-cvv"></div></main></html>`
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server }
}
