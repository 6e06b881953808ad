import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bootstrap } from '../../src/boot/bootstrap.ts'
import { connect } from '../../src/boot/connect.ts'
import { warnOfMissing } from '../../src/boot/warn-of-missing.ts'
import { demoSellingEntities, seedDemoSellingEntities } from '../../src/checkouts/demo-selling-entities.ts'
import { replaceSellingEntities } from '../../src/checkouts/selling-entities.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { createMerchant } from '../../src/merchants/merchants.ts'
import { createLog } from '../../src/platform/log.ts'
import { runningShop } from '../running-shop.ts'
import { freshDatabase } from '../services.ts'
import { type Answer, type Json, shipFrom, storefront } from '../storefront.ts'
import { publishableKey } from '../system.ts'

const ireland = {
  id: 'MILL_IE',
  name: 'Mill Ireland Ltd',
  country: 'IE',
  shipFromCountries: ['IE', 'DE'],
  shipToCountries: ['*'],
  billToCountries: ['IE', 'DE', 'FR'],
  taxIdentifiers: [
    { type: 'ie', value: 'ie 6433435f' },
    { type: 'eu_oss', value: 'EU372000123' },
  ],
  address: { line1: '1 Mill Quay', city: 'Dublin', postalCode: 'D01 F5P2', country: 'IE' },
}
const germany = {
  name: 'Erika Muster',
  address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
}

// Removes the risk that a company sells, owes taxes and issues invoices that nobody has entered, or that somebody else has.
describe('selling entities', () => {
  const { system, shop } = runningShop(storefront)
  let strangersKey: string
  let house: string
  let operator: Record<string, string>

  beforeAll(async () => {
    house = (await shop.must('GET', '/v2/merchants')).data[0].id
    const { id } = await createMerchant(system.database.em(), null, {
      name: 'Another shop',
      email: null,
      commissionBps: null,
      commissionFixed: null,
      stripeAccountId: null,
      shipFrom: null,
    })
    strangersKey = (await createApiKey(system.database, { merchantId: id, kind: 'secret', liveMode: false })).key
    const signIn = { email: 'admin@example.com', password: 'correct horse battery' }
    const { headers } = await shop.call('POST', '/v2/sessions', signIn, { key: null })
    operator = { cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '', origin: system.url }
  })

  afterEach(async () => {
    await clear()
    await replaceSellingEntities(system.database, null, demoSellingEntities)
  })

  const path = '/v2/selling-entities'
  const byOperator = (method: string, address: string, body?: unknown) =>
    shop.call(method, address, body, { key: null, headers: operator })
  const ids = ({ body }: Answer) => body.data.map(({ id }: { id: string }) => id)
  const wrong = ({ status, body }: Answer) => [status, body.errors?.[0]?.code, body.errors?.[0]?.parameter]
  const clear = async () => {
    for (const id of ids(await shop.call('GET', path))) await shop.must('DELETE', `${path}/${id}`)
  }
  const checkout = (more: Json = {}) =>
    shop.call('POST', '/v2/checkouts', {
      currency: 'EUR',
      email: 'buyer@example.com',
      billTo: germany,
      items: [{ productDetails: { name: 'Kurs' }, price: 100 }],
      ...more,
    })

  it('R58 are a merchant’s own, and sell for it from the moment they are entered', async () => {
    expect((await checkout()).body.sellingEntity).toMatchObject({ id: 'ORDERMILL_IE' })
    const made = await shop.call('POST', path, ireland)
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...ireland,
        merchantId: house,
        taxIdentifiers: [
          { type: 'ie', value: 'IE6433435F' },
          { type: 'eu_oss', value: 'EU372000123' },
        ],
        disclosures: [],
      },
    ])
    expect((await shop.must('GET', `${path}/MILL_IE`)).name).toBe('Mill Ireland Ltd')
    expect((await checkout()).body.sellingEntity).toMatchObject({ id: 'MILL_IE', name: 'Mill Ireland Ltd' })
    const japan = { ...germany, address: { ...germany.address, country: 'JP' } }
    expect(wrong(await checkout({ billTo: japan }))).toEqual([400, 'selling_entity_not_found', undefined])

    const renamed = await shop.must('POST', `${path}/MILL_IE`, { name: 'Mill Books Ltd', billToCountries: ['*', '*'] })
    expect(renamed).toMatchObject({ name: 'Mill Books Ltd', billToCountries: ['*'], shipFromCountries: ['IE', 'DE'] })
    expect((await checkout({ billTo: japan })).body.sellingEntity).toMatchObject({ name: 'Mill Books Ltd' })
    await clear()
    expect((await checkout()).body.sellingEntity).toMatchObject({ id: 'ORDERMILL_IE' })
  })

  it('are tried in the order that they say', async () => {
    for (const id of ['A', 'B', 'C']) await shop.must('POST', path, { ...ireland, id })
    await shop.must('POST', path, { ...ireland, id: 'FIRST', position: 1 })
    expect(ids(await shop.call('GET', path))).toEqual(['FIRST', 'A', 'B', 'C'])
    expect((await checkout()).body.sellingEntity.id).toBe('FIRST')
    await shop.must('POST', `${path}/C`, { position: 2 })
    await shop.must('POST', `${path}/FIRST`, { position: 50 })
    expect(ids(await shop.call('GET', path))).toEqual(['C', 'A', 'B', 'FIRST'])
    expect((await checkout()).body.sellingEntity.id).toBe('C')
  })

  it('are added at once without losing one', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `E${index}`)
    const answers = await Promise.all(names.map((id) => shop.call('POST', path, { ...ireland, id })))
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 201))
    expect(ids(await shop.call('GET', path)).toSorted()).toEqual(names)
    expect(wrong(await shop.call('POST', path, { ...ireland, id: 'E1' }))).toEqual([409, 'id_in_use', 'id'])
  })

  it.each([
    ['a country that there is not', { country: 'XX' }, 'country'],
    ['a country to ship to that there is not', { shipToCountries: ['DE', 'EU'] }, 'shipToCountries.1'],
    ['an address in no country', { address: { ...ireland.address, country: 'ie' } }, 'address.country'],
    ['an id with a blank', { id: 'MILL IE' }, 'id'],
    ['a name of two lines', { name: 'Mill\nLtd' }, 'name'],
    ['a number of an unknown type', { taxIdentifiers: [{ type: 'mars', value: '1' }] }, 'taxIdentifiers.0.value'],
    ['wrong check digits', { taxIdentifiers: [{ type: 'de', value: 'DE123456789' }] }, 'taxIdentifiers.0.value'],
    ['a prototype for a type', { taxIdentifiers: [{ type: 'constructor', value: '1' }] }, 'taxIdentifiers.0.value'],
    [
      'a script for a link',
      { disclosures: [{ type: 'imprint', localizedText: 'x', url: 'javascript:alert(1)' }] },
      'disclosures.0.url',
    ],
    ['a place before the first', { position: 0 }, 'position'],
  ])('refuse %s by name', async (_what, change, parameter) => {
    const answer = await shop.call('POST', path, { ...ireland, ...change })
    expect(wrong(answer)).toEqual([400, 'invalid_parameter', parameter])
    expect(ids(await shop.call('GET', path))).toEqual([])
  })

  it('are unknown to everybody else, and the installation’s are nobody’s to change but the operator’s', async () => {
    await shop.must('POST', path, ireland)
    for (const [method, body] of [
      ['GET', undefined],
      ['POST', { name: 'Mine now' }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await shop.call(method, `${path}/MILL_IE`, body, { key: strangersKey })
      expect(wrong(answer)).toEqual([404, 'not_found', 'id'])
      expect(wrong(await shop.call(method, `${path}/ORDERMILL_IE`, body))).toEqual([404, 'not_found', 'id'])
    }
    expect(wrong(await shop.call('GET', `${path}?merchantId=${house}`, undefined, { key: strangersKey }))).toEqual([
      404,
      'not_found',
      'merchantId',
    ])
    expect((await shop.call('GET', path, undefined, { key: publishableKey })).status).toBe(403)
    expect((await shop.call('GET', path, undefined, { key: null })).status).toBe(401)
    expect(ids(await byOperator('GET', path))).toEqual(demoSellingEntities.map(({ id }) => id))
    expect(ids(await byOperator('GET', `${path}?merchantId=${house}`))).toEqual(['MILL_IE'])
    expect(wrong(await byOperator('GET', `${path}?merchantId=mer_nobody`))).toEqual([404, 'not_found', 'merchantId'])
    const foreign = { key: null, headers: { ...operator, origin: 'https://evil.test' } }
    expect((await shop.call('POST', path, ireland, foreign)).status).toBe(403)
  })

  it('keep what they have sold as it was when they are changed or removed', async () => {
    await shop.must('POST', path, ireland)
    const { body } = await checkout()
    const source = await shop.must('POST', '/v2/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa' })
    await shop.must('POST', `/v2/checkouts/${body.id}/sources/${source.id}`)
    const order = await shop.must('POST', '/v2/orders', { checkoutId: body.id })
    await shop.must('POST', `${path}/MILL_IE`, { name: 'Somebody else Ltd' })
    await clear()
    expect((await shop.must('GET', `/v2/orders/${order.id}`)).sellingEntity).toMatchObject({
      id: 'MILL_IE',
      name: 'Mill Ireland Ltd',
    })
  })

  it('that are removed sell no checkout that was priced with them before it is priced anew', async () => {
    await shop.must('POST', path, ireland)
    const { body } = await checkout()
    const source = await shop.must('POST', '/v2/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa' })
    await shop.must('POST', `/v2/checkouts/${body.id}/sources/${source.id}`)
    await clear()
    const order = () => shop.call('POST', '/v2/orders', { checkoutId: body.id })
    expect(wrong(await order())).toEqual([409, 'price_changed', 'checkoutId'])
    const anew = await shop.must('POST', `/v2/checkouts/${body.id}`, { locale: 'de_DE' })
    expect(anew.sellingEntity.id).toBe('ORDERMILL_IE')
    expect((await order()).body.sellingEntity).toMatchObject({ id: 'ORDERMILL_IE' })
  })

  it('are needed for checkouts and for carts that bear tax, and their lack is said wherever somebody looks', async () => {
    await replaceSellingEntities(system.database, null, [])
    expect(wrong(await checkout())).toEqual([409, 'selling_entity_missing', undefined])
    const cart = () =>
      shop.must('POST', '/v2/carts', {
        currency: 'USD',
        email: 'buyer@example.com',
        items: [{ skuId: 'sku-digital', quantity: 1 }],
        billTo: germany,
      })
    const untaxed = await shop.must('POST', '/v2/orders', { cartId: (await cart()).id })
    expect(untaxed.sellingEntity).toBeUndefined()
    const bear = (cartTax: string) =>
      shop.must('POST', `/v2/merchants/${house}`, { name: 'Mill Store', shipFrom, cartTax })
    await bear('exclusive')
    const { id } = await cart()
    expect(wrong(await shop.call('POST', `/v2/carts/${id}/tax`))).toEqual([409, 'selling_entity_missing', undefined])
    expect(wrong(await shop.call('POST', '/v2/orders', { cartId: id }))).toEqual([409, 'tax_not_calculated', 'cartId'])
    await bear('none')

    const ready = await shop.call('GET', '/readyz', undefined, { key: null })
    expect([ready.status, ready.body.degraded]).toEqual([200, true])
    expect(ready.body.problems).toContainEqual(expect.stringMatching(/^No selling entity is entered/))
    const home = await fetch(`${system.url}/ops`, { headers: { ...operator, accept: 'text/html' } })
    expect(await home.text()).toContain('No selling entity is entered')

    expect((await byOperator('POST', path, ireland)).status).toBe(201)
    expect((await checkout()).body.sellingEntity).toMatchObject({ id: 'MILL_IE' })
    const { body } = await shop.call('GET', '/readyz', undefined, { key: null })
    expect(body.problems).not.toContainEqual(expect.stringMatching(/^No selling entity/))
  })
})

// Removes the risk that real money is taken and invoiced by a company of nobody, at rates that nobody has looked at.
describe('an installation for real money', () => {
  const { system } = runningShop(storefront)

  it('begins without selling entities and tax rates, says so, and loses those it was tried out with', async () => {
    const server = await freshDatabase()
    const database = await connect({ url: server.url, poolSize: 2, name: 'test' })
    const config = {
      ...system.config,
      production: true,
      bootstrap: { ...system.config.bootstrap, secretKey: undefined },
    }
    const counted = async () =>
      (
        await database.sql(
          `select (select count(*)::int from selling_entities) as entities, (select count(*)::int from tax_rates) as rates`,
        )
      )[0]
    await bootstrap(database, config)
    expect(await counted()).toEqual({ entities: 0, rates: 0 })

    await seedDemoSellingEntities(database.sql)
    await replaceSellingEntities(database, 'mer_1', [{ ...ireland, disclosures: [] }])
    await bootstrap(database, config)
    expect(await counted()).toEqual({ entities: 1, rates: 0 })
    await replaceSellingEntities(database, 'mer_1', [])

    const lines: string[] = []
    const log = createLog('info', 'test', { write: (line: string) => void lines.push(line) })
    await warnOfMissing({ database, config, log })
    expect(lines.join('')).toMatch(/No selling entity is entered[\s\S]*No tax rates are entered/)
    await database.close()
    await server.drop()
  })
})
