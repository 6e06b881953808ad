import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrderPages } from '../../src/orders/order-page-address.ts'
import { openShop, pageText, policyOf, type Shop } from './shop.ts'

const draw = async (background: string, width = 2400, height = 1200) =>
  new Blob([
    new Uint8Array(
      await sharp({ create: { width, height, channels: 3, background } })
        .jpeg()
        .toBuffer(),
    ),
  ])

/** What a seller types about a guide. */
const guide = {
  name: 'Field guide',
  price: '12.50',
  currency: 'USD',
  description: '# All of them\n\nWith **pictures**, and [a map](https://mill.example/map).',
  image_url: '',
  content_type: 'text',
  text: 'The secret of mushrooms',
  inventory: '',
  inventory_before: '',
}

// Removes the risk that a checkout page is slow or jumps, runs what a seller wrote, or looks like nothing where its address is shown.
describe('what a checkout page shows of a product', () => {
  let shop: Shop
  let made: { id: string; slug: string; imageUrl: string }

  beforeAll(async () => {
    shop = await openShop()
    made = await create({}, await draw('#c63'))
  })
  afterAll(() => shop?.close())

  const formOf = (fields: Record<string, string>, picture?: Blob) => {
    const data = new FormData()
    for (const [name, value] of Object.entries({ ...guide, ...fields })) data.set(name, value)
    if (picture) data.set('picture', picture, 'guide.jpg')
    return data
  }
  const create = async (fields: Record<string, string> = {}, picture?: Blob) => {
    const visitor = await shop.signedIn()
    const answer = await visitor.send('/dashboard/products/new', formOf(fields, picture))
    const [, id = ''] = /products\/(sku_\w+)\?done/.exec(answer.headers.get('location') ?? '') ?? []
    const { image_url: imageUrl } = (await shop.api.must('GET', `/v2/digital/products/${id}`)).data
    const slug = `looks-${id.slice(-10)}`
    await shop.api.must('POST', '/v2/digital/links', { product_id: id, slug, title: 'Mushrooms' })
    return { id, slug, imageUrl }
  }
  const pageOf = async (path: string, headers?: Record<string, string>) =>
    pageText(await shop.visitor().get(path, headers))
  const imgOf = (page: string, style: string): Record<string, string | undefined> => {
    const [tag = ''] = new RegExp(`<img class="${style}[^>]*>`).exec(page) ?? []
    return Object.fromEntries([...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
  }

  describe('its picture', () => {
    it('comes in the sizes that screens ask for, says its own, and is fetched first', async () => {
      const answer = await shop.visitor().get(`/c/${made.slug}`)
      expect(policyOf(answer)).toContain("img-src data: 'self';")
      const { src, srcset, sizes, width, height, fetchpriority } = imgOf(await pageText(answer), 'picture')
      expect({ src, sizes, width, height, fetchpriority }).toEqual({
        src: new URL(made.imageUrl).pathname,
        sizes: '(min-width: 32rem) 30rem, 100vw',
        width: '1200',
        height: '600',
        fetchpriority: 'high',
      })
      const widths = (srcset ?? '').split(', ').map((entry) => entry.split(' ') as [string, string])
      expect(widths.map(([, said]) => said)).toEqual(['160w', '320w', '640w', '960w', '1200w'])
      const bytes: number[] = []
      for (const [path, said] of widths) {
        const picture = await fetch(`${shop.url}${path}`)
        expect(picture.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
        const data = await picture.arrayBuffer()
        const { width: real, format } = await sharp(data).metadata()
        expect([`${real}w`, format]).toEqual([said, 'webp'])
        bytes.push(data.byteLength)
      }
      expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
    })

    it('is not made larger than it was', async () => {
      const small = await create({}, await draw('#fc0', 400, 300))
      const { srcset, width, height } = imgOf(await pageOf(`/c/${small.slug}`), 'picture')
      expect([width, height]).toEqual(['400', '300'])
      expect(srcset?.match(/\d+w(?=,|$)/g)).toEqual(['160w', '320w', '400w'])
    })

    it('is shown on the pages of orders, late, as it was when it was bought', async () => {
      const path = `/c/${made.slug}/order/${await shop.sold(made.slug)}`
      const cart = await shop.api.order([{ skuId: made.id }, { skuId: 'sku-physical' }])
      const whole = new URL(createOrderPages(shop.system.config).addressOf(cart.id)).pathname
      const visitor = await shop.signedIn()
      await visitor.send(`/dashboard/products/${made.id}`, formOf({}, await draw('#36c', 600, 600)))
      const replaced = (await shop.api.must('GET', `/v2/digital/products/${made.id}`)).data.image_url
      expect(replaced).not.toBe(made.imageUrl)
      for (const page of [await pageOf(path), await pageOf(whole)]) {
        const thumb = imgOf(page, 'thumb')
        expect(thumb).toMatchObject({ src: new URL(made.imageUrl).pathname, sizes: '4rem', loading: 'lazy', alt: '' })
        expect((await fetch(`${shop.url}${thumb.src}`)).status).toBe(200)
        expect(page.match(/<img class="thumb/g)).toHaveLength(1)
      }
    })

    it('that is none is refused, and nothing is stored of it', async () => {
      const visitor = await shop.signedIn()
      const before = await shop.system.database.sql('select id from files')
      const answer = await visitor.send('/dashboard/products/new', formOf({}, new Blob(['<svg/>'])))
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('id="picture-error"')])
      expect(await shop.system.database.sql('select id from files')).toHaveLength(before.length)
    })
  })

  describe('its description', () => {
    it('is Markdown, also where its seller looks at it before saving, which saves nothing', async () => {
      const drawn =
        '<h2>All of them</h2>\n<p>With <strong>pictures</strong>, and <a href="https://mill.example/map" rel="nofollow noopener noreferrer">a map</a>.</p>'
      expect(await pageOf(`/c/${made.slug}`)).toContain(drawn)
      const visitor = await shop.signedIn()
      for (const path of ['/dashboard/products/new', `/dashboard/products/${made.id}`, '/dashboard/new-goods']) {
        const answer = await visitor.send(path, formOf({ preview: 'yes', name: '' }))
        expect(answer.status).toBe(200)
        const page = await pageText(answer)
        expect(page).toContain(drawn)
        expect(page).not.toContain('aria-invalid')
      }
      expect((await shop.api.must('GET', `/v2/digital/products/${made.id}`)).data.name).toBe('Field guide')
    })

    it('runs nothing and loads nothing, whatever it says', async () => {
      const description = [
        '<script>alert(1)</script>',
        '[x](javascript:alert(1))',
        '![x](https://elsewhere.example/pixel.png)',
        '<img src=x onerror=alert(1)>',
        `${'>'.repeat(3000)} deep`,
      ].join('\n\n')
      const { slug } = await create({ description })
      const answer = await shop.visitor().get(`/c/${slug}`)
      const page = await pageText(answer)
      expect(page).not.toMatch(/<script|<img|href="javascript|elsewhere\.example/)
      expect(policyOf(answer)).not.toContain('script-src')
    })
  })

  describe('told to search engines and to conversations', () => {
    it('is what it is called, says, costs and looks like, in absolute addresses and plain words', async () => {
      const { slug, imageUrl } = await create({ description: 'All **"about"** <b> & _more_' }, await draw('#c63'))
      const page = await pageOf(`/c/${slug}`, { 'accept-language': 'de-DE' })
      const metas = Object.fromEntries(
        [...page.matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)">/g)].map(([, name, said]) => [
          name,
          said,
        ]),
      )
      const words = 'All &quot;about&quot; &lt;b&gt; &amp; more'
      expect(metas).toMatchObject({
        description: words,
        'og:title': 'Mushrooms',
        'og:description': words,
        'og:url': `${shop.url}/c/${slug}`,
        'og:site_name': 'Mill Store',
        'og:image': imageUrl,
        'og:image:width': '1200',
        'og:locale': 'de_DE',
        'product:price:amount': '12.50',
        'product:price:currency': 'USD',
        'twitter:card': 'summary_large_image',
      })
      expect(page).toContain(`<link rel="canonical" href="${shop.url}/c/${slug}">`)
      expect(page).not.toContain('noindex')
    })

    it('says nothing of pages that are private', async () => {
      const { id } = await shop.order(made.slug, 'private@example.com')
      const cart = await shop.api.order([{ skuId: made.id }])
      const whole = new URL(createOrderPages(shop.system.config).addressOf(cart.id)).pathname
      for (const path of [`/c/${made.slug}/order/${id}`, whole, '/o', '/dashboard/login', '/c/none']) {
        const page = await pageOf(path)
        expect(page, path).toContain('<meta name="robots" content="noindex">')
        expect(page, path).not.toMatch(/og:|canonical/)
      }
    })
  })
})
