import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../storefront.ts'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, pageText, policyOf, type Shop } from './shop.ts'

const evil = `<script>alert(1)</script>"'&`

/** Stripe's script as far as the page talks to it, in a browser with these wallets. */
const stripeStandIn = (wallets: object | undefined) => `
  window.confirmed = []
  window.wallet = {}
  window.Stripe = () => ({
    elements: () => ({
      create: (kind) => ({
        on: (event, heard) => {
          if (event === 'confirm') window.wallet.confirm = heard
          if (event === 'ready') heard({ availablePaymentMethods: ${JSON.stringify(wallets)} })
        },
        mount: (place) => { document.querySelector(place).dataset.mounted = kind },
      }),
    }),
    confirmPayment: async ({ confirmParams }) => {
      window.confirmed.push(confirmParams.return_url)
      return { error: { message: 'Your card was declined.' } }
    },
  })`

// Removes the risk that a page runs what a seller typed in, lets its address leak, or leaves a buyer without a word.
describe('pages for buyers', () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop?.close())

  describe('the checkout page', () => {
    it('R241 shows seller, title, price in the notation of the buyer, and a form that needs no JavaScript', async () => {
      const { slug } = await shop.link({ title: 'Mushrooms' }, { description: 'All of them' })
      const german = await pageText(await shop.visitor().get(`/c/${slug}`, { 'accept-language': 'de-DE,de;q=0.9' }))
      for (const shown of ['Mill Store', 'Mushrooms', 'Field guide', 'All of them', '12,50\u00a0$']) {
        expect(german).toContain(shown)
      }
      expect(german).not.toContain('secret of mushrooms')
      expect(german).not.toContain('<script')
      expect(await pageText(await shop.visitor().get(`/c/${slug}`))).toContain('Pay $12.50')
    })

    it('R241 escapes what a seller typed in, in text and in attributes', async () => {
      const { slug } = await shop.link({ title: evil }, { name: `${evil}name`, description: evil })
      const page = await pageText(await shop.visitor().get(`/c/${slug}`))
      expect(page).not.toContain('<script')
      expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    })

    it('allows the picture of the product, by https only, and nothing else from outside', async () => {
      const shown = await shop.link({}, { image_url: 'https://pictures.example/a.png?x=1' })
      const answer = await shop.visitor().get(`/c/${shown.slug}`)
      expect(policyOf(answer)).toContain('img-src data: https://pictures.example;')
      expect(policyOf(answer)).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
      expect(policyOf(answer)).not.toContain('script-src')
      expect(policyOf(answer)).toContain("frame-ancestors 'none'")
      expect(await answer.text()).toContain('src="https://pictures.example/a.png?x=1"')
      const plain = await shop.link({}, { image_url: 'http://pictures.example/a.png' })
      const refused = await shop.visitor().get(`/c/${plain.slug}`)
      expect(await refused.text()).not.toContain('pictures.example')
    })

    it('R242 R243 takes an order and sends the buyer to pay, once per browser', async () => {
      const { slug } = await shop.link()
      const form = { email: 'Ada@Example.com', name: 'Ada', method: 'STRIPE' }
      const buyer = shop.visitor()
      const answer = await buyer.submit(`/c/${slug}`, form)
      expect(answer.status).toBe(303)
      const target = new URL(answer.headers.get('location') ?? '')
      expect(target.origin).toBe(shop.system.sandbox.url)
      expect(target.searchParams.get('return_url')).toMatch(new RegExp(`^${shop.url}/c/${slug}/order/ord_`))
      const again = await buyer.submit(`/c/${slug}`, form)
      expect(again.headers.get('location')).toBe(answer.headers.get('location'))
      const stranger = await shop.visitor().submit(`/c/${slug}`, form)
      expect(stranger.headers.get('location')).not.toBe(answer.headers.get('location'))
    })

    it('says what is wrong beside the field, keeps what was typed, and escapes it', async () => {
      const { slug } = await shop.link()
      const answer = await shop.visitor().submit(`/c/${slug}`, { email: evil, name: 'Ada "L" <b>' })
      expect(answer.status).toBe(400)
      const page = await pageText(answer)
      expect(page).toContain('id="email-error"')
      expect(page).toContain('aria-invalid="true"')
      expect(page).toContain('value="Ada &quot;L&quot; &lt;b&gt;"')
      expect(page).not.toContain('<script')
    })

    it('leads straight to the order when it costs nothing', async () => {
      const { slug } = await shop.link({}, { price: 0 })
      const answer = await shop.visitor().submit(`/c/${slug}`, { email: 'ada@example.com' })
      expect(answer.headers.get('location')).toMatch(new RegExp(`^/c/${slug}/order/ord_`))
    })

    it('answers with a friendly page when there is nothing (any more) to buy: 404 and 410', async () => {
      const off = await shop.link()
      await shop.api.must('PUT', `/v2/digital/links/${off.id}`, { is_active: false })
      const ended = await shop.link({ expires_at: '2020-01-01T00:00:00Z' })
      const single = await shop.link({ max_uses: 1 }, { price: 0 })
      await shop.visitor().submit(`/c/${single.slug}`, { email: 'ada@example.com' })
      const cases = [
        ['unknown', 404, 'Nothing here'],
        ['Nicht%20einmal..<b>', 404, 'Nothing here'],
        [off.slug, 404, 'Nothing here'],
        [ended.slug, 410, 'This offer has ended'],
        [single.slug, 410, 'Sold out'],
      ] as const
      for (const [slug, status, title] of cases) {
        for (const answer of [
          await shop.visitor().get(`/c/${slug}`),
          await shop.visitor().submit(`/c/${slug}`, { email: 'bob@example.com' }),
        ]) {
          expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=UTF-8'])
          expect(await answer.text()).toContain(title)
        }
      }
    })
  })

  it('says in the buyer’s language why nothing can be bought, and what to do then', async () => {
    const ended = await shop.link({ expires_at: '2020-01-01T00:00:00Z' })
    const gone = await shop.link()
    await shop.api.must('POST', `/v2/skus/${gone.product_id}/inventory`, { inventory: 0 })
    const cases = [
      [ended.slug, 'de', 410, 'Fragen Sie den Verkäufer, ob es ein neues gibt.'],
      [ended.slug, 'fr', 410, 'Demandez au vendeur s’il y en a une nouvelle.'],
      [gone.slug, 'es', 409, 'Pregunte al vendedor si habrá más.'],
      [gone.slug, 'ar', 409, 'اسألوا البائع إن كان سيتوفر المزيد.'],
      ['unknown', 'ja', 404, '販売者に新しいアドレスをお問い合わせください。'],
      ['unknown', 'en', 404, 'ask the seller for a new one'],
    ] as const
    for (const [slug, language, status, sentence] of cases) {
      const answer = await shop.visitor().get(`/c/${slug}`, { 'accept-language': language })
      const page = await answer.text()
      expect([slug, answer.status]).toEqual([slug, status])
      expect(page).toContain(sentence)
      expect(page).toContain(`<html lang="${language}"${language === 'ar' ? ' dir="rtl"' : ''}>`)
      expect(page).toContain('href="/o"')
    }
  })

  it('refuses what it cannot take with a page, in the buyer’s language and with a way on', async () => {
    const { slug } = await shop.link()
    const { id } = await shop.order(slug)
    const pay = `/c/${slug}/order/${id}/pay`
    const large = { name: 'x'.repeat(20_000) }
    const cases = [
      [`/c/${slug}`, large, 'de', 413, 'größer, als wir annehmen', '/o'],
      [pay, large, 'es', 413, 'más grande de lo que se admite', `/c/${slug}/order/${id}`],
      [`/c/${slug}/order/ord_guessed/pay`, {}, 'fr', 404, 'Cette page n’existe pas', '/o'],
      ['/o/nothing', {}, 'ar', 404, 'هذه الصفحة غير موجودة', '/o'],
      ['/dashboard/login', large, 'en', 413, 'Too much at once', '/dashboard'],
    ] as const
    for (const [path, form, language, status, sentence, back] of cases) {
      const answer = await shop.visitor().submit(path, form, { 'accept-language': language })
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        status,
        'text/html; charset=UTF-8',
      ])
      const page = await pageText(answer)
      expect(page).toContain(sentence)
      expect(page).toContain(`href="${back}"`)
      expect(page).toContain(`<html lang="${language}"${language === 'ar' ? ' dir="rtl"' : ''}>`)
    }
  })

  describe('the page of an order', () => {
    it('R249 R250 is private: not stored, not indexed, without referrer', async () => {
      const { slug } = await shop.link()
      const { id } = await shop.order(slug)
      const answer = await shop.visitor().get(`/c/${slug}/order/${id}`)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const page = await answer.text()
      expect(page).toContain('<meta name="referrer" content="no-referrer">')
      expect(page).toContain('<meta name="robots" content="noindex">')
      expect(page).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>')
      expect(page).toContain('Waiting for your payment')
      expect(policyOf(answer)).toContain("script-src 'self';")
    })

    it('R254 does not exist under another link', async () => {
      const [one, other] = [await shop.link(), await shop.link()]
      const { id } = await shop.order(one.slug)
      for (const path of [`/c/${other.slug}/order/${id}`, `/c/${one.slug}/order/ord_guessed`]) {
        expect((await shop.visitor().get(path)).status).toBe(404)
        expect((await shop.visitor().submit(`${path}/pay`, {})).status).toBe(404)
      }
    })

    it('takes the payment’s secret out of the address it came back with', async () => {
      const { slug } = await shop.link()
      const { id } = await shop.order(slug)
      const path = `/c/${slug}/order/${id}`
      const answer = await shop.visitor().get(`${path}?payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_2`)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `${path}?back=1`])
    })

    it('R263 shows the text once it is paid, escaped', async () => {
      const { slug } = await shop.link({}, { delivery_content: evil })
      const page = await pageText(await shop.visitor().get(`/c/${slug}/order/${await shop.sold(slug)}`))
      expect(page).toContain('Thank you! Here it is')
      expect(page).toContain('&lt;script&gt;alert(1)')
      expect(page).not.toContain('<script>')
      expect(page).not.toContain('http-equiv="refresh"')
    })

    it('explains a refund and a sale that came too late', async () => {
      const { slug } = await shop.link()
      const orderId = await shop.sold(slug)
      const visitor = await shop.signedIn()
      expect(await pageText(await visitor.get(`/dashboard/orders/${orderId}/refund`))).toContain('at most $12.50')
      await visitor.submit(`/dashboard/orders/${orderId}/refund`, {})
      await until(`/c/${slug}/order/${orderId}`, 'Refunded')

      const last = await shop.link({ max_uses: 1 })
      const [late, first] = [
        await shop.order(last.slug, 'late@example.com'),
        await shop.order(last.slug, 'first@example.com'),
      ]
      await shop.api.confirm(first.client_secret)
      await shop.api.confirmed(first.id)
      await shop.api.confirm(late.client_secret)
      await until(`/c/${last.slug}/order/${late.id}`, 'Your money goes back to you in full')
    })

    const until = (path: string, words: string) =>
      eventually(async () => {
        const page = await (await shop.visitor().get(path)).text()
        return page.includes(words) ? page : undefined
      }, `"${words}" on ${path}`)
  })

  it.skipIf(noBrowser)('shows wallets above the form where a browser has one, and pays by either', async () => {
    const { slug } = await shop.link()
    const { id } = await shop.order(slug, 'wallets@example.com')
    const stripe = shop.system.parts.providers.get('stripe')
    if (!stripe) throw new Error('Stripe is not configured')
    const { config } = shop.system
    Object.assign(config, { sandboxUrl: undefined })
    Object.assign(stripe, { cardForm: { script: 'https://js.stripe.com/v3/', key: 'pk_test_element' } })
    const browser = await launchChromium()
    try {
      for (const wallets of [undefined, { googlePay: true }]) {
        const page = await browser.newPage()
        await page.route('https://js.stripe.com/v3/', (route) =>
          route.fulfill({ contentType: 'text/javascript', body: stripeStandIn(wallets) }),
        )
        await page.goto(`${shop.url}/c/${slug}/order/${id}/pay`)
        await page.locator('#payment-element[data-mounted]').waitFor({ state: 'attached' })
        expect(await page.getByText('Or pay below:').isVisible()).toBe(wallets !== undefined)
        await page.evaluate('wallet.confirm()')
        await page.getByText('Your card was declined.').waitFor()
        await page.getByRole('button', { name: 'Pay' }).click()
        await page.waitForFunction('confirmed.length === 2')
        const back = `${config.publicUrl}/c/${slug}/order/${id}`
        expect(await page.evaluate('confirmed')).toEqual([back, back])
        await page.close()
      }
    } finally {
      await browser.close()
      Object.assign(config, { sandboxUrl: shop.system.sandbox.url })
      Object.assign(stripe, { cardForm: undefined })
    }
  })

  it('shows Stripe’s own form where there is a publishable key and no sandbox, on the pages where cards are entered only', async () => {
    const { slug } = await shop.link()
    const { id } = await shop.order(slug, 'element@example.com')
    const { config } = shop.system
    const stripe = shop.system.parts.providers.get('stripe')
    if (!stripe) throw new Error('Stripe is not configured')
    Object.assign(config, { sandboxUrl: undefined })
    Object.assign(stripe, { cardForm: { script: 'https://js.stripe.com/v3/', key: 'pk_test_element' } })
    try {
      const path = `/c/${slug}/order/${id}/pay`
      expect((await shop.visitor().submit(path, {})).headers.get('location')).toBe(path)
      const page = await shop.visitor().get(path)
      expect(policyOf(page)).toContain("script-src 'self' https://js.stripe.com;")
      expect(policyOf(page)).toContain(
        'frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com;',
      )
      const body = await page.text()
      expect(body).toContain('data-key="pk_test_element"')
      expect(body).not.toContain('_secret_')
      const started = await shop.visitor().submit(path, {}, { accept: 'application/json' })
      expect(await started.json()).toEqual({ clientSecret: expect.stringContaining('_secret_') })
      for (const other of [`/c/${slug}/order/${id}`, '/o'])
        expect(policyOf(await shop.visitor().get(other))).not.toContain('stripe')
      // Apple Pay and Google Pay open the browser's own sheet, from Stripe's frames on these pages and from nowhere else.
      const sheet = 'payment=(self "https://js.stripe.com" "https://pay.google.com")'
      for (const answer of [page, await shop.visitor().get(`/c/${slug}`)])
        expect(answer.headers.get('permissions-policy')).toBe(sheet)
      for (const other of [`/c/${slug}/order/${id}`, '/o', '/dashboard/login'])
        expect((await shop.visitor().get(other)).headers.get('permissions-policy')).toBe('payment=()')
    } finally {
      Object.assign(config, { sandboxUrl: shop.system.sandbox.url })
      Object.assign(stripe, { cardForm: undefined })
    }
  })
})
