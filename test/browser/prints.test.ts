import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../storefront.ts'
import { openShop, pageText, type Shop, stranger } from './shop.ts'

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

  describe('a picture of them', () => {
    const make = async (more: Record<string, string> = {}) => madeIn(await send(['1321'], { product: '19', ...more }))
    const ask = async (id: string) => (await shop.signedIn()).submit(`/dashboard/products/${id}/mock-up`, {})
    const pageOf = async (id: string) => pageText(await (await shop.signedIn()).get(`/dashboard/products/${id}`))
    const tasksOf = (id: string) =>
      shop.system.database.sql<{ job: string }>(
        `select job from tasks where payload ->> 'skuId' = $1 and job like '%mock-up' order by created_at`,
        [id],
      )
    const pictureOf = (id: string) =>
      eventually(async () => {
        const { imageUrl } = await shop.api.must('GET', `/v2/skus/${id}`)
        return typeof imageUrl === 'string' ? imageUrl : undefined
      }, 'the picture')
    const failed = (id: string) =>
      eventually(async () => {
        const page = await pageOf(id)
        return page.includes('has made no picture') ? page : undefined
      }, 'the picture to fail')

    it('is made by Printful once, however often it is asked for meanwhile', async () => {
      const id = await make()
      expect(await pageOf(id)).toContain('Have Printful make a picture')
      const answers = await Promise.all([ask(id), ask(id), ask(id)])
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303])
      const picture = await fetch(await pictureOf(id))
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp'])
      expect(await tasksOf(id)).toEqual([{ job: 'begin-mock-up' }, { job: 'take-mock-up' }])
      const page = await pageOf(id)
      expect(page).toContain('class="picture')
      expect(page).toContain('Have Printful make a picture')

      const { imageUrl: first } = await shop.api.must('GET', `/v2/skus/${id}`)
      await ask(id)
      await eventually(async () => ((await pictureOf(id)) === first ? undefined : true), 'another picture')
    })

    it('comes although Printful does not answer for a while', async () => {
      const fault = { provider: 'printful', kind: 'status', status: 503, times: 2 }
      for (const operation of ['mock_ups.create', 'mock_ups.read'])
        await shop.api.sandbox('POST', '/sandbox/faults', { ...fault, operation })
      const id = await make()
      await ask(id)
      expect(await pictureOf(id)).toContain('/pictures/')
    })

    it('is not made of what cannot be printed; the page says so, and it can be asked for again', async () => {
      const id = await make({ print_file: 'https://shop.example/unprintable.png' })
      await ask(id)
      expect(await failed(id)).toContain('Have Printful make a picture')
      expect((await ask(id)).status).toBe(303)
      await eventually(async () => ((await tasksOf(id)).length === 4 ? true : undefined), 'the second try')
      await failed(id)
      expect((await shop.api.must('GET', `/v2/skus/${id}`)).imageUrl).toBeUndefined()
    })

    it('may be asked for again when nothing has come of it for an hour', async () => {
      const id = await make()
      await shop.system.database.sql(
        `insert into mock_ups (merchant_id, sku_id) select merchant_id, id from skus where id = $1`,
        [id],
      )
      expect(await pageOf(id)).toContain('Printful is making a picture')
      await ask(id)
      expect(await tasksOf(id)).toEqual([])
      await shop.system.database.sql(`update mock_ups set asked_at = now() - interval '61 minutes' where sku_id = $1`, [
        id,
      ])
      expect(await pageOf(id)).toContain('Have Printful make a picture')
      await ask(id)
      expect(await pictureOf(id)).toContain('/pictures/')
    })

    it('is asked for of a product of one’s own that is printed', async () => {
      const id = await make()
      const visitor = await shop.signedIn(stranger)
      expect((await visitor.submit(`/dashboard/products/${id}/mock-up`, {})).status).toBe(404)
      expect((await ask('sku-physical')).status).toBe(404)
      expect((await ask('nothing')).status).toBe(404)
      expect(await tasksOf(id)).toEqual([])
    })
  })
})
