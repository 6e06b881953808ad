import { describe, expect, it } from 'vitest'
import { anotherKey } from '../another-merchant.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json, storefront } from '../storefront.ts'
import { publishableKey } from '../system.ts'

const code = (answer: Answer) => [answer.status, answer.body.errors?.[0]?.code ?? answer.body.error?.code]
type Found = Answer['body']
const browser = { key: publishableKey }

const is = (size: string, colour?: string) => [
  { name: 'Size', value: size },
  ...(colour ? [{ name: 'Colour', value: colour }] : []),
]
const delivery = { contentType: 'text', content: 'How to wear it' }
const shirt = {
  name: 'T-shirt',
  description: 'Of cotton.',
  kind: 'digital',
  currency: 'USD',
  options: [
    { name: 'Size', values: ['S', 'M', 'L'] },
    { name: 'Colour', values: ['Blue', 'Red'] },
  ],
  variants: [
    { options: is('M', 'Blue'), price: 20, inventory: 1, delivery },
    { options: is('L', 'Blue'), price: 22.5, inventory: 5, delivery },
    { options: is('S', 'Red'), price: 20 },
  ],
}

// Removes the risk that somebody who buys one size gets another, or that one size keeps the others from being sold.
describe('a product that is sold in variants', () => {
  const { system, shop } = runningShop(storefront)
  const made = (more: Json = {}) => shop.must('POST', '/v2/products', { ...shirt, ...more })
  const cartOf = (...skuIds: string[]) =>
    shop.call('POST', '/v2/carts', { currency: 'USD', items: skuIds.map((skuId) => ({ skuId, quantity: 1 })) }, browser)
  const variantOf = (product: Found, value: string): Found =>
    product.variants.find(({ options }: Found) => options[0].value === value)

  it('shows its variants in the order of their choices, each a SKU with the words that set it apart', async () => {
    const product = await made()
    expect(product.variants).toMatchObject([
      {
        name: 'T-shirt (S, Red)',
        options: is('S', 'Red'),
        productId: product.id,
        price: 20,
        description: 'Of cotton.',
      },
      { name: 'T-shirt (M, Blue)', inventory: 1, inStock: true },
      { name: 'T-shirt (L, Blue)', inventory: 5, price: 22.5 },
    ])
    expect(await shop.must('GET', `/v2/products/${product.id}`)).toEqual(product)
    const [variant] = product.variants
    expect(await shop.must('GET', `/v2/skus/${variant.id}`)).toEqual(variant)
    expect((await shop.must('GET', '/v2/products')).data).toContainEqual(product)
    const found = (await shop.must('GET', '/v2/skus?q=T-shirt%20(M')).data
    expect(found.map(({ name }: Json) => name)).toContain('T-shirt (M, Blue)')
  })

  it('is shown to a storefront with the choices that are left, and nothing of what it delivers or counts', async () => {
    const product = await made({ name: 'Public shirt' })
    const secret = variantOf(product, 'L')
    await shop.must('DELETE', `/v2/skus/${secret.id}`)
    const shown = await shop.must('GET', `/v2/products/${product.id}`, undefined, browser)
    expect(shown.options).toEqual([
      { name: 'Size', values: ['S', 'M'] },
      { name: 'Colour', values: ['Blue', 'Red'] },
    ])
    expect(shown.variants.map(({ options }: Found) => options)).toEqual([is('S', 'Red'), is('M', 'Blue')])
    expect(shown.variants[1]).toMatchObject({ inStock: true, price: 20 })
    expect(shown.variants[1].inventory).toBeUndefined()
    expect((await shop.must('GET', '/v2/products', undefined, browser)).data).toContainEqual(shown)

    const since = async (comparison: string) => {
      const path = `/v2/products?createdTime[${comparison}]=${encodeURIComponent(shown.createdTime)}`
      return (await shop.must('GET', path, undefined, browser)).data.map(({ id }: Json) => id)
    }
    expect(await since('gte')).toContain(product.id)
    expect(await since('lt')).not.toContain(product.id)

    const hidden = await made({ name: 'Hidden', variants: [{ options: is('S', 'Red'), price: 1, listed: false }] })
    expect(code(await shop.call('GET', `/v2/products/${hidden.id}`, undefined, browser))).toEqual([404, 'not_found'])
    const { data } = await shop.must('GET', '/v2/products', undefined, browser)
    expect(data.map(({ name }: Json) => name)).not.toContain('Hidden')
  })

  it('sells two variants in one order; when one has run out, the other is still sold', async () => {
    const product = await made()
    const [m, l] = [variantOf(product, 'M'), variantOf(product, 'L')]
    const order = await shop.order([{ skuId: m.id }, { skuId: l.id, quantity: 2 }])
    await shop.pay(order.id)
    const sold = await shop.confirmed(order.id)
    expect(sold.items.map(({ productDetails, quantity }: Found) => [productDetails.name, quantity])).toEqual([
      ['T-shirt (M, Blue)', 1],
      ['T-shirt (L, Blue)', 2],
    ])
    const left = await shop.must('GET', `/v2/products/${product.id}`)
    expect(variantOf(left, 'M')).toMatchObject({ inventory: 0, inStock: false })
    expect(variantOf(left, 'L')).toMatchObject({ inventory: 3, inStock: true })
    const refused = await shop.call(
      'POST',
      '/v2/orders',
      { cartId: (await cartOf(m.id)).body.id, email: 'a@example.com' },
      browser,
    )
    expect(refused.status).toBeGreaterThanOrEqual(400)
    const again = await shop.order([{ skuId: l.id }])
    await shop.pay(again.id)
    await shop.confirmed(again.id)
    expect(variantOf(await shop.must('GET', `/v2/products/${product.id}`), 'L').inventory).toBe(2)
  })

  it('is printed as the variant that was bought, and weighs what it weighs', async () => {
    const files = [{ url: 'https://example.com/art.png' }]
    const print = (size: string, variantId: number) => ({
      options: is(size),
      price: 30,
      printful: { variantId, files },
    })
    const options = [{ name: 'Size', values: ['M', 'L'] }]
    const printed = await made({ kind: 'pod', options, variants: [print('M', 4012), print('L', 4013)] })
    const parcel = (size: string, weight: number) => ({
      options: is(size),
      price: 30,
      weight,
      weightUnit: 'oz',
      dimensions: { length: 6, width: 5, height: 5 },
    })
    const sent = await made({ kind: 'physical', options, variants: [parcel('M', 8), parcel('L', 160)] })
    const rateOf = async (skuId: string) => (await shop.cart([{ skuId }])).shippingChoice.amount
    expect(await rateOf(variantOf(sent, 'M').id)).toBeLessThan(await rateOf(variantOf(sent, 'L').id))

    const order = await shop.order(printed.variants.map(({ id }: Json) => ({ skuId: id })))
    await shop.pay(order.id)
    const job = await eventually(async () => {
      const answer = await fetch(`${system.sandbox.url}/printful/orders?limit=100`, {
        headers: { authorization: 'Bearer token' },
      })
      const { result } = (await answer.json()) as { result: { items: { variant_id: number; name: string }[] }[] }
      return result.find(({ items }) => items.some(({ name }) => name === 'T-shirt (L)'))
    }, 'both variants at the printer')
    expect(job.items.map(({ variant_id, name }) => [variant_id, name])).toEqual([
      [4012, 'T-shirt (M)'],
      [4013, 'T-shirt (L)'],
    ])
  })

  it('gives its name, words and picture to all of its variants, but not to one with a picture of its own', async () => {
    const own = 'https://shop.example/red.png'
    const [red, ...others] = [shirt.variants[2], shirt.variants[0], shirt.variants[1]]
    const product = await made({ variants: [{ ...red, imageUrl: own }, ...others] })
    const changed = await shop.must('POST', `/v2/products/${product.id}`, {
      name: 'Jersey',
      imageUrl: 'https://shop.example/blue.png',
      options: [
        { name: 'Fit', values: ['S', 'M', 'L', 'XL'] },
        { name: 'Colour', values: ['Red', 'Blue'] },
      ],
    })
    expect(changed.variants).toMatchObject([
      {
        name: 'Jersey (S, Red)',
        imageUrl: own,
        options: [
          { name: 'Fit', value: 'S' },
          { name: 'Colour', value: 'Red' },
        ],
      },
      { name: 'Jersey (M, Blue)', imageUrl: 'https://shop.example/blue.png', inventory: 1 },
      { name: 'Jersey (L, Blue)' },
    ])
    expect(changed.variants[0].description).toBeUndefined()
  })

  it('gets another variant, which brings a choice; each variant is changed as a SKU and keeps what is its product’s', async () => {
    const product = await made()
    const path = `/v2/products/${product.id}/variants`
    const added = await shop.must('POST', path, { id: 'shirt-xl', options: is('XL', 'red'), price: 25 })
    expect(added).toMatchObject({
      id: 'shirt-xl',
      name: 'T-shirt (XL, Red)',
      options: is('XL', 'Red'),
      kind: 'digital',
    })
    expect((await shop.must('GET', `/v2/products/${product.id}`)).options[0].values).toEqual(['S', 'M', 'L', 'XL'])
    const said = { name: 'Another', kind: 'digital', currency: 'USD', price: 30 }
    expect(await shop.must('POST', '/v2/skus/shirt-xl', said)).toMatchObject({ name: 'T-shirt (XL, Red)', price: 30 })
    for (const other of [
      { currency: 'EUR' },
      { kind: 'pod', printful: { variantId: 1, files: [{ url: 'https://x.example/a.png' }] } },
    ])
      expect(code(await shop.call('POST', '/v2/skus/shirt-xl', { ...said, ...other }))).toEqual([
        400,
        'invalid_parameter',
      ])
    const put = { name: 'x', eccn: 'EAR99', taxCode: 'T', countryOfOrigin: 'US' }
    await shop.must('PUT', '/skus/shirt-xl', put)
    expect(await shop.must('GET', '/v2/skus/shirt-xl')).toMatchObject({ name: 'T-shirt (XL, Red)', kind: 'digital' })
  })

  it('goes off sale as a whole or by variants, and comes back as it was', async () => {
    const product = await made()
    const [s, m] = [variantOf(product, 'S'), variantOf(product, 'M')]
    await shop.must('DELETE', `/v2/skus/${s.id}`)
    await shop.must('DELETE', `/v2/products/${product.id}`)
    expect((await cartOf(m.id)).status).toBe(400)
    expect(code(await shop.call('GET', `/v2/products/${product.id}`))).toEqual([404, 'not_found'])
    expect((await shop.must('GET', '/v2/products?archived=true')).data.map(({ id }: Json) => id)).toEqual([product.id])
    expect(code(await shop.call('POST', `/v2/skus/${m.id}/restore`))).toEqual([409, 'product_archived'])
    expect(
      code(await shop.call('POST', `/v2/products/${product.id}/variants`, { options: is('XL', 'Red'), price: 1 })),
    ).toEqual([404, 'not_found'])
    const back = await shop.must('POST', `/v2/products/${product.id}/restore`)
    expect(back.variants.map(({ options }: Found) => options)).toEqual([is('M', 'Blue'), is('L', 'Blue')])
    expect(await shop.must('POST', `/v2/products/${product.id}/restore`)).toEqual(back)
    expect((await cartOf(m.id)).status).toBe(201)
    await shop.must('POST', `/v2/products/${product.id}/variants`, { options: is('S', 'Red'), price: 1 })
    expect(code(await shop.call('POST', `/v2/skus/${s.id}/restore`))).toEqual([409, 'variant_in_use'])
    const put = { name: 'x', eccn: 'EAR99', taxCode: 'T', countryOfOrigin: 'US' }
    expect(code(await shop.call('PUT', `/skus/${s.id}`, put))).toEqual([409, 'variant_in_use'])
  })

  it.each([
    ['no options', { options: [] }],
    ['four options', { options: ['a', 'b', 'c', 'd'].map((name) => ({ name, values: ['x'] })) }],
    [
      'an option twice',
      {
        options: [
          { name: 'Size', values: ['M'] },
          { name: 'size', values: ['M'] },
        ],
      },
    ],
    [
      'a value twice',
      {
        options: [
          { name: 'Size', values: ['M', 'm'] },
          { name: 'Colour', values: ['Blue'] },
        ],
      },
    ],
    ['no variants', { variants: [] }],
    ['a variant of a size that is none', { variants: [{ options: is('XXS', 'Blue'), price: 1 }] }],
    ['a variant without a colour', { variants: [{ options: is('M'), price: 1 }] }],
    [
      'a variant with too much',
      { variants: [{ options: [...is('M', 'Red'), { name: 'Fit', value: 'x' }], price: 1 }] },
    ],
    ['an option said twice', { variants: [{ options: [...is('M', 'Red'), ...is('S')], price: 1 }] }],
    ['a variant without a price', { variants: [{ options: is('M', 'Blue') }] }],
    ['a variant with a name', { variants: [{ options: is('M', 'Blue'), price: 1, name: 'x' }] }],
    ['names that are too long', { name: 'n'.repeat(198) }],
    ['a value that is too long', { options: [{ name: 'Size', values: ['n'.repeat(61)] }] }],
    ['values that are no list', { options: [{ name: 'Size', values: 'M' }] }],
    ['somebody else’s seller', { merchantId: 'mer_none' }],
    ['a print job without what to print', { kind: 'pod' }],
  ])('refuses %s, and stores nothing', async (_, wrong) => {
    const count = async () => (await system.database.sql<{ n: number }>('select count(*)::int as n from skus'))[0]?.n
    const before = await count()
    const answer = await shop.call('POST', '/v2/products', { ...shirt, ...wrong })
    expect([answer.status, answer.body]).toEqual([400, expect.anything()])
    expect(await count()).toBe(before)
  })

  it('refuses two variants of one kind, sent at once, one after the other and at the same time', async () => {
    const twice = { ...shirt, variants: [shirt.variants[0], { options: is('m', 'BLUE'), price: 3 }] }
    expect(code(await shop.call('POST', '/v2/products', twice))).toEqual([409, 'variant_in_use'])
    const product = await made()
    const add = (options: Json[]) => shop.call('POST', `/v2/products/${product.id}/variants`, { options, price: 1 })
    expect(code(await add(is('M', 'Blue')))).toEqual([409, 'variant_in_use'])
    const both = await Promise.all([1, 2, 3].map(() => add(is('M', 'Red'))))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  it('has 100 variants and no more', async () => {
    const values = Array.from({ length: 100 }, (_, at) => `No ${at}`)
    const variants = values.map((value) => ({ options: is(value), price: 1 }))
    const full = await made({ options: [{ name: 'Size', values }], variants })
    expect(full.variants).toHaveLength(100)
    const another = { options: is('No 100'), price: 1 }
    expect(code(await shop.call('POST', `/v2/products/${full.id}/variants`, another))).toEqual([
      409,
      'too_many_variants',
    ])
    const more = { ...shirt, options: [{ name: 'Size', values }], variants: [...variants, another] }
    expect(code(await shop.call('POST', '/v2/products', more))).toEqual([400, 'invalid_parameter'])
    await shop.must('DELETE', `/v2/skus/${full.variants[0].id}`)
    await shop.must('POST', `/v2/products/${full.id}/variants`, another)
    expect(code(await shop.call('POST', `/v2/skus/${full.variants[0].id}/restore`))).toEqual([409, 'too_many_variants'])
  })

  it('is nobody else’s', async () => {
    const product = await made()
    const key = await anotherKey(system)
    const path = `/v2/products/${product.id}`
    const { name, options } = shirt
    for (const [method, at, body] of [
      ['GET', path, undefined],
      ['POST', path, { name, options }],
      ['POST', `${path}/variants`, { options: is('L', 'Red'), price: 1 }],
      ['POST', `${path}/restore`, undefined],
      ['DELETE', path, undefined],
    ] as const)
      expect([method, code(await shop.call(method, at, body, { key }))]).toEqual([method, [404, 'not_found']])
    expect((await shop.must('GET', '/v2/products', undefined, { key })).data).toEqual([])
    expect(code(await shop.call('GET', '/v2/products/prod_none'))).toEqual([404, 'not_found'])
    expect(await shop.must('GET', path)).toEqual(product)
  })
})
