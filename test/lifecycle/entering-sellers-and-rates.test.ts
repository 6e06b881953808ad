import { beforeAll, describe, expect, it } from 'vitest'
import { providerEntries } from '../../src/providers/registry.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'

const liveKey = 'sk_live_of_the_mill_2026'
const secret = '6d696c6c206f6e207468652072697665'
const production = {
  NODE_ENV: 'production',
  METRICS_TOKEN: 'metrics-of-this-shop',
  SIGNING_SECRET: 'a secret of thirty-two characters',
  BOOTSTRAP_SECRET_KEY: liveKey,
  BOOTSTRAP_PUBLISHABLE_KEY: 'pk_live_of_the_mill_2026',
  EASYPOST_WEBHOOK_SECRET: secret,
  PRINTFUL_WEBHOOK_SECRET: secret,
  HMRC_CLIENT_SECRET: secret,
  ...Object.fromEntries(
    providerEntries.flatMap(({ webhookSecret, sandboxSecret, sandbox }) => [
      [webhookSecret, secret],
      ...Object.entries(sandbox('http://127.0.0.1:1'))
        .filter(([, value]) => value === sandboxSecret)
        .map(([name]) => [name, secret]),
    ]),
  ),
}

const ireland = {
  id: 'MILL_IE',
  country: 'ie',
  name: 'Mill Ireland Ltd',
  line1: '1 Mill Quay',
  line2: '',
  postalCode: 'D01 F5P2',
  city: 'Dublin',
  state: '',
  addressCountry: 'IE',
  shipFromCountries: 'ie, de',
  shipToCountries: '*',
  billToCountries: 'IE DE FR',
  taxIdentifiers: 'ie 6433435F\neu_oss EU372000123',
  disclosures: 'imprint | Imprint | https://mill.example/imprint\ntermsOfSale | Terms',
}
const germanRate = { country: 'de', category: 'digital', rate: '19', shippingTaxable: 'true', validFrom: '2026-01-01' }
const columns = 'country,state,category,rate,validFrom'

// Removes the risk that an installation for real money can only begin to sell by somebody who writes calls by hand.
describe('an operator of an installation for real money', () => {
  const shopOf = (system: Parameters<typeof storefront>[0]) => ({ ...storefront(system), stock: async () => undefined })
  const { system, shop } = runningShop(shopOf, { env: production, workers: false })
  let cookie: string

  beforeAll(async () => {
    const signIn = { email: 'admin@example.com', password: 'correct horse battery' }
    const { headers } = await shop.call('POST', '/v2/sessions', signIn, { key: null })
    cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
  })

  const request = (method: string, path: string, body?: URLSearchParams | FormData, origin = system.url) =>
    fetch(`${system.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { cookie, origin, accept: 'text/html' },
      ...(body ? { body } : {}),
    })
  const read = async (path: string) => (await request('GET', path)).text()
  const submit = async (path: string, form: Record<string, string>) => {
    const answer = await request('POST', path, new URLSearchParams(form))
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
  }
  const upload = async (text: string) => {
    const form = new FormData()
    form.append('file', new Blob([text], { type: 'text/csv' }), 'rates.csv')
    const answer = await request('POST', '/ops/tax-rates/import', form)
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
  }
  /** What a page says at a field. */
  const errorAt = (text: string, field: string) =>
    new RegExp(`id="${field}-error">([\\s\\S]*?)</(?:p|ul)>`).exec(text)?.[1]?.replaceAll(/<[^>]*>/g, ' ')
  const checkout = () =>
    shop.call(
      'POST',
      '/v2/checkouts',
      {
        currency: 'EUR',
        email: 'buyer@example.com',
        billTo: {
          name: 'Erika Muster',
          address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
        },
        items: [{ productDetails: { name: 'Kurs' }, price: 100 }],
      },
      { key: liveKey },
    )
  const ids = async () =>
    [...(await read('/ops/selling-entities')).matchAll(/<code>(\w+)<\/code> ·/g)].map(([, id]) => id)

  it('R58 enters who sells and what is owed from nothing, until a checkout can be made', async () => {
    expect((await checkout()).body.errors[0].code).toBe('selling_entity_missing')
    expect(await read('/ops')).toContain('href="/ops/selling-entities"')
    expect(await read('/ops/selling-entities')).toContain('None is entered')
    expect(await submit('/ops/new-selling-entity', ireland)).toMatchObject({
      status: 303,
      location: '/ops/selling-entities?done=added',
    })
    expect((await checkout()).body.errors[0].code).toBe('tax_rates_missing')
    expect(await read('/ops/tax-rates')).toContain('No rate fits')
    expect((await submit('/ops/new-tax-rate', germanRate)).location).toBe(
      '/ops/tax-rates?done=stored&added=1&changed=0&unchanged=0',
    )
    const { status, body } = await checkout()
    expect(status).toBe(201)
    expect(body).toMatchObject({ totalTax: 19, sellingEntity: { id: 'MILL_IE', name: 'Mill Ireland Ltd' } })
    expect(JSON.parse(await read('/v2/selling-entities/MILL_IE'))).toMatchObject({
      shipFromCountries: ['IE', 'DE'],
      shipToCountries: ['*'],
      billToCountries: ['IE', 'DE', 'FR'],
      taxIdentifiers: [
        { type: 'ie', value: 'IE6433435F' },
        { type: 'eu_oss', value: 'EU372000123' },
      ],
    })
    expect(await read('/ops')).not.toContain('is entered: checkouts')
  })

  it('says beside its field what is wrong with an entity, and keeps what was written', async () => {
    const refused = await submit('/ops/new-selling-entity', {
      ...ireland,
      id: 'MILL IE',
      city: '',
      addressCountry: 'XX',
      shipFromCountries: 'IE, EU',
      taxIdentifiers: '',
      disclosures: 'imprint | Imprint | javascript:alert(1)',
    })
    expect(refused.status).toBe(400)
    expect(errorAt(refused.text, 'id')).toContain('letters, digits')
    expect(errorAt(refused.text, 'city')).toContain('enter the city')
    expect(errorAt(refused.text, 'addressCountry')).toContain('two-letter country code')
    expect(errorAt(refused.text, 'shipFromCountries')).toContain('Entry 2: must be a two-letter')
    expect(errorAt(refused.text, 'disclosures')).toContain('Entry 1: url')
    expect(refused.text).toContain('value="1 Mill Quay"')
    const number = await submit('/ops/new-selling-entity', { ...ireland, id: 'B', taxIdentifiers: 'de DE123456789' })
    expect(errorAt(number.text, 'taxIdentifiers')).toContain('DE123456789')
    expect(errorAt((await submit('/ops/new-selling-entity', ireland)).text, 'id')).toContain('There is an entity')
    expect(await ids()).toEqual(['MILL_IE'])
  })

  it('changes, moves and removes entities, of the installation and of a merchant', async () => {
    await submit('/ops/new-selling-entity', { ...ireland, id: 'SECOND', name: 'Second Ltd' })
    expect(await ids()).toEqual(['MILL_IE', 'SECOND'])
    await submit('/ops/selling-entities/SECOND/move', { position: '1' })
    expect(await ids()).toEqual(['SECOND', 'MILL_IE'])
    expect((await checkout()).body.sellingEntity.id).toBe('SECOND')
    const form = await read('/ops/selling-entities/SECOND')
    expect(form).toContain('imprint | Imprint | https://mill.example/imprint\ntermsOfSale | Terms')
    const { id: _id, country: _country, ...changes } = { ...ireland, name: 'Second Mill Ltd', taxIdentifiers: '' }
    expect((await submit('/ops/selling-entities/SECOND', changes)).location).toBe('/ops/selling-entities?done=saved')
    expect((await checkout()).body.sellingEntity).toMatchObject({ id: 'SECOND', name: 'Second Mill Ltd' })
    expect(JSON.parse(await read('/v2/selling-entities/SECOND')).taxIdentifiers).toEqual([])
    const [house] = (await shop.must('GET', '/v2/merchants', undefined, { key: liveKey })).data
    const own = `?merchantId=${house.id}`
    await submit(`/ops/new-selling-entity${own}`, { ...ireland, id: 'OWN' })
    expect((await checkout()).body.sellingEntity.id).toBe('OWN')
    expect((await submit(`/ops/selling-entities/OWN/remove${own}`, {})).location).toBe(
      `/ops/selling-entities${own}&done=removed`,
    )
    await submit('/ops/selling-entities/SECOND/remove', {})
    expect(await ids()).toEqual(['MILL_IE'])
    expect((await request('GET', '/ops/selling-entities/SECOND')).status).toBe(404)
    expect((await request('GET', '/ops/selling-entities?merchantId=mer_nobody')).status).toBe(404)
  })

  it('takes rates in and out as a file, all of it or nothing, naming the wrong line and column', async () => {
    const refused = await upload(`${columns}\nFR,,standard,0.2,2026-01-01\nUS,XX,standard,0.04,soon\n`)
    expect(refused.status).toBe(400)
    expect(errorAt(refused.text, 'file')).toContain('Line 3: validFrom: must be a day')
    expect(await read('/ops/tax-rates?country=FR')).toContain('No rate fits')
    expect((await upload('')).status).toBe(400)
    const lines = ['FR,,standard,0.2,2026-01-01', 'US,NY,standard,0.04,2026-01-01']
    expect((await upload(`${columns}\n${lines.join('\n')}\n`)).location).toContain('added=2&changed=0&unchanged=0')
    expect((await upload(`${columns}\n${lines[0]}\n`)).location).toContain('added=0&changed=0&unchanged=1')
    const french = await read('/ops/tax-rates?country=fr')
    expect(french).toContain('20 %')
    expect(french).not.toContain('US, NY')
    const address = /href="(\/v2\/tax-rates\.csv[^"]*)"/.exec(french)?.[1] ?? ''
    expect(await read(address)).toMatch(/^country,[\s\S]*\r\nFR,[^\n]*,0\.2,true,2026-01-01,\r\n$/)
    const unknown = await request('GET', '/ops/tax-rates?country=Q')
    expect([unknown.status, errorAt(await unknown.text(), 'country')]).toEqual([
      400,
      'It must be a two-letter ISO 3166 country code.',
    ])
  })

  it('ends a rate, and is told beside its field what is wrong with one', async () => {
    const wrong = await submit('/ops/new-tax-rate', { ...germanRate, rate: '190', validFrom: 'soon', state: 'TOOLONG' })
    expect(wrong.status).toBe(400)
    for (const field of ['rate', 'validFrom', 'state']) expect(errorAt(wrong.text, field)).toContain('must be')
    expect((await submit('/ops/new-tax-rate', { ...germanRate, category: 'reduced', rate: '7,125 %' })).status).toBe(
      303,
    )
    const list = await read('/ops/tax-rates?country=DE&category=reduced')
    expect(list).toContain('7.125 %')
    const id = /tax-rates\/([^/"]+)\/end/.exec(list)?.[1] ?? ''
    const early = await submit(`/ops/tax-rates/${id}/end`, { until: '2025-01-01' })
    expect([early.status, errorAt(early.text, `until-${id}`)]).toEqual([400, 'It must be after validFrom.'])
    expect((await submit(`/ops/tax-rates/${id}/end`, { until: '2026-06-01' })).location).toBe(
      '/ops/tax-rates?done=ended',
    )
    expect(await read('/ops/tax-rates?country=DE&category=reduced&on=2026-07-01')).toContain('No rate fits')
    expect((await submit('/ops/tax-rates/none/end', { until: '2026-06-01' })).status).toBe(404)
  })

  it.each([
    '/ops/new-selling-entity',
    '/ops/selling-entities/MILL_IE',
    '/ops/selling-entities/MILL_IE/move',
    '/ops/selling-entities/MILL_IE/remove',
    '/ops/new-tax-rate',
    '/ops/tax-rates/none/end',
    '/ops/tax-rates/import',
  ])('is not made to send %s by another site, nor does anybody else', async (path) => {
    expect((await request('POST', path, new URLSearchParams(ireland), 'https://evil.example')).status).toBe(403)
    const stranger = await fetch(`${system.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { authorization: `Bearer ${liveKey}` },
      body: new URLSearchParams(ireland),
    })
    expect(stranger.status).toBe(401)
    expect(await ids()).toEqual(['MILL_IE'])
  })
})
