import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openShop, pageText, type Shop } from './shop.ts'

const form = {
  name: 'Poster shirt',
  print_file: 'https://shop.example/art.png',
  price: '30',
  currency: 'USD',
  description: '',
  inventory: '',
  inventory_before: '',
  country_of_origin: '',
  tax_code: '',
  listed: '1',
}
type Variant = { name: string; printful: unknown; options: unknown }

// Removes the risk that a seller copies a wrong number from Printful and sells what is printed as something else.
describe('products printed on demand, in the seller’s pages', () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop?.close())
  beforeEach(() => shop.api.sandbox('DELETE', '/sandbox/faults'))

  const down = (operation: string) =>
    shop.api.sandbox('POST', '/sandbox/faults', {
      provider: 'printful',
      operation,
      kind: 'status',
      status: 503,
      times: 50,
    })
  const send = async (variants: readonly string[], more: Record<string, string> = {}) => {
    const data = new FormData()
    for (const [name, value] of Object.entries({ ...form, ...more })) data.set(name, value)
    for (const variant of variants) data.append('variant', variant)
    const visitor = await shop.signedIn()
    return visitor.send('/dashboard/new-print', data)
  }
  const madeIn = (answer: Response) => answer.headers.get('location')?.split('/').at(-1)?.split('?')[0] ?? ''

  it('are chosen from Printful’s catalogue, and are printed as the variant that was chosen', async () => {
    const visitor = await shop.signedIn()
    expect(await pageText(await visitor.get('/dashboard/new-print'))).toContain('Bella + Canvas 3001')
    const page = await pageText(await visitor.get('/dashboard/new-print?product=71'))
    for (const shown of ['S, White', 'L, Black', 'value="4011"']) expect(page).toContain(shown)

    const answer = await send(['4012', '4015', '9999'], { product: '71' })
    expect(answer.status).toBe(303)
    const product = await shop.api.must('GET', `/v2/products/${madeIn(answer)}`)
    const files = [{ url: form.print_file }]
    expect(product.variants.map(({ name, printful }: Variant) => [name, printful])).toEqual([
      ['Poster shirt (White)', { variantId: 4012, files }],
      ['Poster shirt (Black)', { variantId: 4015, files }],
    ])
    const one = await send(['1321'], { product: '19' })
    expect(await shop.api.must('GET', `/v2/skus/${madeIn(one)}`)).toMatchObject({
      name: 'Poster shirt',
      kind: 'pod',
      price: 30,
      printful: { variantId: 1321, files },
    })
  })

  it.each([
    [[], {}, 'choose what is printed on'],
    [['9999'], {}, 'choose what is printed on'],
    [['4011'], { print_file: 'art.png' }, 'address of a picture'],
    [['4011'], { name: '' }, 'give it a name'],
    [['4011'], { price: 'x' }, 'such as 12.50'],
  ] as const)('say what is wrong: %o %o', async (variants, more, sentence) => {
    const answer = await send(variants, { product: '71', ...more })
    expect([answer.status, (await pageText(answer)).includes(sentence)]).toEqual([400, true])
  })

  it('can be made by a typed id while Printful does not answer, and nobody guesses which of several was meant', async () => {
    await down('catalogue.products')
    await down('catalogue.variants')
    const visitor = await shop.signedIn()
    // Not asked for before, so no answer of it is kept.
    const page = await pageText(await visitor.get('/dashboard/new-print?offset=7'))
    expect(page).toContain('cannot be read at the moment')
    expect(page).toContain('id of the variant')
    expect((await send(['4011', '4012'], { product: '77' })).status).toBe(400)
    const typed = await send(['4016'])
    expect(await shop.api.must('GET', `/v2/skus/${madeIn(typed)}`)).toMatchObject({ printful: { variantId: 4016 } })
    for (const wrong of ['', 'x', '-1', '0', '99999999999'])
      expect([wrong, (await send([wrong])).status]).toEqual([wrong, 400])
  })
})
