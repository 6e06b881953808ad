import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noBrowser } from './chromium.ts'
import { openShop, pageText, type Shop, seller, stranger } from './shop.ts'

const form = {
  name: 'Jersey',
  price: '20',
  currency: 'USD',
  description: '',
  inventory: '5',
  inventory_before: '',
  option_1: 'Size',
  values_1: 'S, M',
  option_2: 'Colour',
  values_2: 'Blue, Red',
  option_3: '',
  values_3: '',
  weight: '200',
  weight_unit: 'g',
  length: '20',
  width: '20',
  height: '2',
  size_unit: 'cm',
  country_of_origin: '',
  tax_code: '',
  listed: '1',
}

// Removes the risk that whoever sells one thing in several sizes has to write a program, or a product for each size.
describe('products in variants, in the seller’s pages', () => {
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

  const created = async (more: Record<string, string> = {}) => {
    const visitor = await shop.signedIn()
    const answer = await visitor.submit('/dashboard/new-variants', { ...form, ...more })
    expect(answer.status).toBe(303)
    const path = answer.headers.get('location')?.split('?')[0] ?? ''
    const product = await shop.api.must('GET', `/v2/products/${path.split('/').at(-1)}`)
    return { visitor, path, product }
  }
  const count = async () => (await shop.api.must('GET', '/v2/products?limit=100')).data.length

  it('are made of every combination, each with the price, the stock and the weight that were said', async () => {
    const { product, visitor } = await created()
    expect(product.variants.map(({ name }: { name: string }) => name)).toEqual([
      'Jersey (S, Blue)',
      'Jersey (S, Red)',
      'Jersey (M, Blue)',
      'Jersey (M, Red)',
    ])
    for (const variant of product.variants)
      expect(variant).toMatchObject({ price: 20, inventory: 5, weight: 200, kind: 'physical', listed: true })
    const list = await pageText(await visitor.get('/dashboard/products'))
    expect(list).toContain('4 variants')
    expect(list).not.toContain('Jersey (S')
  })

  it.each([
    [{ option_1: '', values_1: '', option_2: '', values_2: '' }, 'say what buyers choose'],
    [{ values_1: ' , ' }, 'what there is to choose from'],
    [{ option_2: '' }, 'give it a name'],
    [{ option_2: 'size' }, 'is there twice'],
    [{ values_1: 'S, M, s' }, 'Size has s twice'],
    [{ values_1: Array.from({ length: 51 }, (_, at) => at).join() }, 'more than 100 variants'],
    [{ values_1: 'x'.repeat(61) }, 'keep it short'],
    [{ name: 'n'.repeat(195) }, 'more than 200 letters'],
    [{ price: 'much' }, 'such as 12.50'],
    [{ inventory: '-1' }, 'whole number'],
    [{ weight: '' }, 'one piece weighs'],
  ])('say what is wrong: %o', async (wrong, sentence) => {
    const before = await count()
    const visitor = await shop.signedIn()
    const answer = await visitor.submit('/dashboard/new-variants', { ...form, ...wrong })
    expect(answer.status).toBe(400)
    expect(await pageText(answer)).toContain(sentence)
    expect(await count()).toBe(before)
  })

  it('keep what was sold while prices and stock were looked at, and change all of them or none', async () => {
    const { visitor, path, product } = await created()
    const [first, second] = product.variants
    await shop.api.must('POST', `/v2/skus/${first.id}/inventory`, { adjustBy: -2 })
    const offer = (id: string, price: string, inventory: string) => ({
      [`price_${id}`]: price,
      [`inventory_${id}`]: inventory,
      [`before_${id}`]: '5',
    })
    const read = async () =>
      (await shop.api.must('GET', `/v2/products/${product.id}`)).variants
        .slice(0, 2)
        .map(({ price, inventory }: Record<string, unknown>) => [price, inventory])
    const said = { ...offer(first.id, '21,50', '6'), ...offer(second.id, '19', '') }
    expect((await visitor.submit(`${path}/offers`, said)).status).toBe(303)
    expect(await read()).toEqual([
      [21.5, 4],
      [19, undefined],
    ])
    for (const wrong of [offer(second.id, 'much', '5'), offer(second.id, '1', 'x'), offer(second.id, '-1', '5')])
      expect((await visitor.submit(`${path}/offers`, { ...offer(first.id, '1', '5'), ...wrong })).status).toBe(400)
    const tooFew = await visitor.submit(`${path}/offers`, {
      ...offer(second.id, '1', '5'),
      ...offer(first.id, '1', '0'),
    })
    expect(tooFew.status).toBe(400)
    expect(await pageText(tooFew)).toContain('There is not enough of this left.')
    expect(await read()).toEqual([
      [21.5, 4],
      [19, undefined],
    ])
  })

  it('get another variant, are called otherwise together, and refuse what is there', async () => {
    const { visitor, path, product } = await created()
    const add = (value_1: string, value_2: string, another_price = '25') =>
      visitor.submit(`${path}/add`, { value_1, value_2, another_price, another_inventory: '1' })
    expect((await add('L', 'red')).status).toBe(303)
    const known = await add('L', 'Red')
    expect([known.status, (await pageText(known)).includes('has a variant with these options')]).toEqual([400, true])
    expect((await add('', 'Red')).status).toBe(400)
    expect((await add('L', 'Blue', '')).status).toBe(400)
    const common = {
      name: 'Shirt',
      description: 'Soft',
      option_1: 'Fit',
      values_1: 'L, M, S',
      option_2: 'Colour',
      values_2: 'Red, Blue',
    }
    expect((await visitor.submit(path, common)).status).toBe(303)
    const now = await shop.api.must('GET', `/v2/products/${product.id}`)
    expect(now.variants[0]).toMatchObject({
      name: 'Shirt (L, Red)',
      price: 25,
      inventory: 1,
      weight: 200,
      description: 'Soft',
    })
    const lost = await visitor.submit(path, { ...common, values_1: 'L, M' })
    expect([lost.status, (await pageText(lost)).includes('There is no Fit S')]).toEqual([400, true])
    expect((await visitor.submit(path, { ...common, option_2: '', values_2: '' })).status).toBe(400)
    expect((await visitor.submit(path, { ...common, name: '' })).status).toBe(400)
  })

  it('are nobody else’s', async () => {
    const { path, product } = await created()
    const other = await shop.signedIn(stranger)
    for (const answer of [
      await other.get(path),
      await other.get(`${path}/archive`),
      ...(await Promise.all(
        ['', '/offers', '/add', '/archive', '/restore'].map((to) => other.submit(`${path}${to}`, form)),
      )),
    ])
      expect(answer.status).toBe(404)
    expect(await shop.api.must('GET', `/v2/products/${product.id}`)).toEqual(product)
  })

  it.skipIf(noBrowser)(
    'are made, priced, taken off sale and brought back in the browser',
    async () => {
      const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
      await page.goto(`${shop.url}/dashboard`)
      await page.getByLabel('Email address').fill(seller.email)
      await page.getByLabel('Password').fill(seller.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('link', { name: 'Products' }).click()
      await page.getByRole('link', { name: '… in variants' }).click()
      for (const [label, value] of [
        ['Name', 'Hoodie'],
        ['Option 1', 'Size'],
        ['Its values, of option 1', 'M, L'],
        ['Price', '40'],
        ['Pieces in stock', '3'],
        ['Weight', '600'],
        ['Length', '30'],
        ['Width', '30'],
        ['Height', '5'],
      ] as const)
        await page.getByLabel(label, { exact: true }).fill(value)
      await page.getByRole('button', { name: 'Create the product' }).click()
      await page.getByText('The product is saved.').waitFor()
      await page.getByLabel('Pieces in stock of L').fill('1')
      await page.getByLabel('Price of L').fill('42.50')
      await page.getByRole('button', { name: 'Save prices and stock' }).click()
      await page.getByText('Prices and stock are saved.').waitFor()

      await page.getByText('Another variant').click()
      await page.getByLabel('Size', { exact: true }).fill('XL')
      await page.getByLabel('Price, USD').last().fill('45')
      await page.getByRole('button', { name: 'Add it' }).click()
      await page.getByText('The variant is on sale.').waitFor()

      await page.getByRole('link', { name: 'M', exact: true }).click()
      await page.getByRole('heading', { name: 'Hoodie (M)' }).waitFor()
      await page.getByLabel('Weight').first().fill('550')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('The product is saved.').waitFor()
      await page.getByRole('link', { name: 'Take it off sale…' }).click()
      await page.getByRole('button', { name: 'Take it off sale' }).click()
      await page.getByText('The product is off sale.').waitFor()
      const id = page.url().split('/').at(-1)?.split('?')[0]
      const read = () => shop.api.must('GET', `/v2/products/${id}`)
      expect((await read()).variants).toMatchObject([
        { name: 'Hoodie (L)', price: 42.5, inventory: 1, weight: 600 },
        { name: 'Hoodie (XL)', price: 45 },
      ])
      await page.getByText('Off sale (1)').click()
      await page.getByRole('button', { name: 'Sell again M' }).click()
      await page.getByText('The product is on sale again.').waitFor()
      expect((await read()).variants[0]).toMatchObject({ name: 'Hoodie (M)', price: 40, inventory: 3, weight: 550 })

      await page.getByRole('link', { name: 'Take it off sale…' }).click()
      await page.getByRole('button', { name: 'Take it off sale' }).click()
      await page.getByText('The product is off sale.').waitFor()
      await page.getByRole('link', { name: 'Off sale' }).click()
      await page.getByRole('button', { name: 'Sell again Hoodie' }).click()
      await page.getByRole('link', { name: 'Hoodie' }).click()
      await page.getByText('Price, USD').first().waitFor()
      expect((await read()).variants).toHaveLength(3)
      await page.close()
    },
    90_000,
  )
})
