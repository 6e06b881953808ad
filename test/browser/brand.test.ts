import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrderPages } from '../../src/orders/order-page-address.ts'
import { eventually } from '../storefront.ts'
import { openShop, pageText, policyOf, type Shop, stranger } from './shop.ts'

const draw = (background: string) =>
  sharp({ create: { width: 1600, height: 400, channels: 3, background } })
    .withExif({ IFD0: { Copyright: 'taken at home' } })
    .png()
    .toBuffer()

const said = {
  display_name: 'Moulin & Söhne',
  accent: '#FFEE00',
  support_email: 'help@example.com',
  terms_url: 'https://moulin.example/terms?a=1&b=2',
  privacy_url: 'https://moulin.example/privacy',
  imprint: 'Moulin & Söhne\r\n1 Mill Lane <Cork>',
}

// Removes the risk that a buyer does not see whose shop this is, or that a seller's words and colours break its page.
describe('the brand of a seller', () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop?.close())

  const send = async (fields: Record<string, string>, logo?: Blob) => {
    const data = new FormData()
    for (const [name, value] of Object.entries({ ...said, ...fields })) data.set(name, value)
    if (logo) data.set('logo', logo, 'logo.png')
    return (await shop.signedIn()).send('/dashboard/brand', data)
  }
  const drawn = async (background: string) => new Blob([new Uint8Array(await draw(background))], { type: 'image/png' })
  const brand = async () => shop.api.must('GET', '/v2/brand')
  const logoId = async () => /file_\w+$/.exec((await brand()).logoUrl)?.[0]

  it('is nothing but the name of the merchant where nothing was said', async () => {
    const { slug } = await shop.link()
    const page = await pageText(await shop.visitor().get(`/c/${slug}`))
    expect(page).toContain('Mill Store')
    expect(page).not.toContain('<footer')
    expect(await brand()).toEqual({
      displayName: null,
      logoUrl: null,
      accent: null,
      termsUrl: null,
      privacyUrl: null,
      imprint: null,
      supportEmail: null,
    })
  })

  it('stands on every page of its buyers: name, logo, colour, and what they may want to read', async () => {
    expect((await send({}, await drawn('#c63'))).headers.get('location')).toBe('/dashboard/brand?done=brand-saved')
    const { slug } = await shop.link()
    const { id } = await shop.order(slug)
    const cart = await shop.api.order([{ skuId: 'sku-digital' }])
    const whole = new URL(createOrderPages(shop.system.config).addressOf(cart.id)).pathname
    const logo = await logoId()
    for (const path of [`/c/${slug}`, `/c/${slug}/order/${id}`, whole]) {
      const answer = await shop.visitor().get(path)
      const text = await answer.text()
      const page = text.replaceAll(/<style>.*?<\/style>/gs, '')
      for (const shown of [
        `<p>Moulin &amp; Söhne</p>`,
        `<img src="/pictures/${logo}" width="480" height="120" alt="">`,
        'href="https://moulin.example/terms?a=1&amp;b=2"',
        'href="https://moulin.example/privacy"',
        'href="mailto:help@example.com"',
        'Moulin &amp; Söhne\n1 Mill Lane &lt;Cork&gt;',
      ])
        expect(page, path).toContain(shown)
      expect(text, path).toContain('--fill: #ffee00; --on-fill: #000000')
      expect(policyOf(answer), path).toMatch(/style-src 'sha256-[^']+' 'sha256-[^']+'; img-src data: 'self'/)
    }
  })

  it('stands on what a buyer is told when an offer has ended, and not where there is nothing', async () => {
    expect((await send({})).headers.get('location')).toBe('/dashboard/brand?done=brand-saved')
    const { slug } = await shop.link({ expires_at: '2020-01-01T00:00:00Z' })
    const { slug: open } = await shop.link()
    const ended = await shop.visitor().get(`/c/${slug}`)
    expect([ended.status, await ended.text()]).toEqual([410, expect.stringContaining('<p>Moulin &amp; Söhne</p>')])
    for (const path of ['/c/none', '/c/none/order/ord_1', `/c/${open}/order/ord_1`]) {
      const answer = await shop.visitor().get(path)
      expect([path, answer.status, (await answer.text()).includes('Moulin')]).toEqual([path, 404, false])
    }
  })

  it('has a logo that anybody may see, small and without what the camera wrote', async () => {
    const picture = await fetch((await brand()).logoUrl)
    expect(picture.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const { width, height, exif, format } = await sharp(await picture.arrayBuffer()).metadata()
    expect({ width, height, exif, format }).toEqual({ width: 480, height: 120, exif: undefined, format: 'webp' })
  })

  it('may be drawn of a picture as a camera makes them, of several megabytes, but of no more than ten', async () => {
    const noise = (side: number) =>
      sharp({
        create: {
          width: side,
          height: side,
          channels: 3,
          background: '#fff',
          noise: { type: 'gaussian', mean: 128, sigma: 30 },
        },
      })
        .png({ compressionLevel: 0 })
        .toBuffer()
    const large = await noise(1200)
    expect(large.length).toBeGreaterThan(4_000_000)
    expect((await send({}, new Blob([new Uint8Array(large)]))).status).toBe(303)
    const tooLarge = await send({}, new Blob([new Uint8Array(await noise(1840))]))
    expect([tooLarge.status, await tooLarge.text()]).toEqual([400, expect.stringContaining('at most 10 MB')])
    expect((await send({}, new Blob([new Uint8Array(await noise(2100))]))).status).toBe(413)
  })

  it('removes the logo that was replaced, and the one that is taken away', async () => {
    const former = await logoId()
    await send({}, await drawn('#36c'))
    const replaced = await logoId()
    expect(replaced).not.toBe(former)
    expect((await fetch(`${shop.url}/pictures/${former}`)).status).toBe(404)
    await send({})
    expect(await logoId()).toBe(replaced)
    await send({ remove_logo: '1' })
    expect((await brand()).logoUrl).toBeNull()
    expect((await fetch(`${shop.url}/pictures/${replaced}`)).status).toBe(404)
  })

  it('is refused field by field, and keeps what was typed', async () => {
    const cases = [
      ['accent', 'red', 'Please enter a colour such as #1a6b34.'],
      ['accent', '#fff}*{x', 'Please enter a colour such as #1a6b34.'],
      ['terms_url', 'javascript:alert(1)', 'Please enter an address that begins with https://.'],
      ['privacy_url', '//elsewhere', 'Please enter an address that begins with https://.'],
      ['support_email', 'nobody', 'Please enter an email address, such as help@example.com.'],
      ['display_name', 'x'.repeat(101), 'Please use one line of at most 100 characters.'],
      ['imprint', 'x'.repeat(2001), 'Please use at most 2000 characters.'],
    ] as const
    const before = await brand()
    for (const [field, value, sentence] of cases) {
      const answer = await send({ [field]: value })
      expect([field, answer.status]).toEqual([field, 400])
      const page = await pageText(answer)
      expect(page).toContain(`id="${field}-error">${sentence}`)
      expect(page).toContain(
        'value="help@example.com"'.replace('help@example.com', field === 'support_email' ? value : said.support_email),
      )
    }
    const noPicture = await send({}, new Blob(['<svg onload="alert(1)"/>'], { type: 'image/svg+xml' }))
    expect([noPicture.status, await noPicture.text()]).toEqual([400, expect.stringContaining('id="logo-error"')])
    expect(await brand()).toEqual(before)
  })

  it('can be read and changed with a secret key: what is not given stays, null takes back', async () => {
    await shop.api.must('PATCH', '/v2/brand', { accent: '#1A6B34', imprint: 'Mill Ltd' })
    const changed = await shop.api.must('PATCH', '/v2/brand', { imprint: null })
    expect(changed).toMatchObject({ accent: '#1a6b34', imprint: null, displayName: 'Moulin & Söhne' })
    expect(await brand()).toEqual(changed)
    const refused = [
      { accent: 'green' },
      { accent: 7 },
      { termsUrl: 'ftp://moulin.example' },
      { supportEmail: 'nobody' },
      { displayName: '' },
      { displayName: 'two\nlines' },
      { logoFileId: '' },
    ]
    for (const body of refused) {
      const answer = await shop.api.call('PATCH', '/v2/brand', body)
      expect([body, answer.status, answer.body.errors[0].parameter]).toEqual([body, 400, Object.keys(body)[0]])
    }
    expect(await brand()).toEqual(changed)
  })

  it('takes a logo from an own upload, and from nothing else', async () => {
    const upload = async (who?: typeof stranger) => {
      const data = new FormData()
      data.set('file', await drawn('#0a0'), 'logo.png')
      await (await shop.signedIn(who)).send('/dashboard/files', data)
      const page = await (await (await shop.signedIn(who)).get('/dashboard/files')).text()
      return /\/v2\/digital\/files\/(file_\w+)/.exec(page)?.[1]
    }
    const own = await upload()
    await shop.api.must('PATCH', '/v2/brand', { logoFileId: own })
    expect((await fetch((await brand()).logoUrl)).headers.get('content-type')).toBe('image/webp')
    const theirs = await upload(stranger)
    for (const [logoFileId, status, code] of [
      [theirs, 404, 'not_found'],
      ['file_nowhere', 404, 'not_found'],
    ]) {
      const { status: answered, body } = await shop.api.call('PATCH', '/v2/brand', { logoFileId })
      expect([answered, body.errors[0]]).toEqual([status, expect.objectContaining({ code, parameter: 'logoFileId' })])
    }
    await shop.api.must('PATCH', '/v2/brand', { logoFileId: null })
    expect((await brand()).logoUrl).toBeNull()
  })

  it('begun by many at once is one brand with what each of them said', async () => {
    await shop.system.database.sql('delete from brands')
    const changes = [
      { accent: '#123456' },
      { imprint: 'Here' },
      { supportEmail: 'a@example.com' },
      { displayName: 'One' },
    ]
    await Promise.all(changes.map((change) => shop.api.must('PATCH', '/v2/brand', change)))
    expect(await brand()).toMatchObject(Object.assign({}, ...changes))
  })

  it('gives mails their name and the address that answers go to', async () => {
    await shop.api.must('PATCH', '/v2/brand', { displayName: 'The Mill', supportEmail: 'ask@example.com' })
    const { slug } = await shop.link()
    const id = await shop.sold(slug, 'mailed@example.com')
    const mail = await mailOf(id)
    expect(mail.reply_to).toBe('ask@example.com')
    expect(mail.subject + mail.text).toContain('The Mill')
  })

  const mailOf = (orderId: string) =>
    eventually(async () => {
      const [mail] = await shop.system.database.sql<{ reply_to: string; subject: string; text: string }>(
        'select * from mails where order_id = $1',
        [orderId],
      )
      return mail
    }, `the mail of ${orderId}`)
})
