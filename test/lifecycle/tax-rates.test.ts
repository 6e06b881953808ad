import { beforeAll, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { type Answer, type Json, storefront } from '../storefront.ts'

const head = 'country,state,county,city,postalFrom,postalTo,category,rate,shippingTaxable,validFrom,validUntil'

// Removes the risk that a rate which an operator has entered is not the one that is asked for, or that half a file is.
describe('tax rates', () => {
  const { system, shop } = runningShop(storefront)
  let operator: Record<string, string>

  beforeAll(async () => {
    const signIn = { email: 'admin@example.com', password: 'correct horse battery' }
    const { headers } = await shop.call('POST', '/v2/sessions', signIn, { key: null })
    operator = { cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '', origin: system.url }
  })

  const send = async (body: string | Uint8Array<ArrayBuffer>, type = 'text/csv'): Promise<Answer> => {
    const headers = { ...operator, 'content-type': type }
    const response = await fetch(`${system.url}/v2/tax-rates`, { method: 'POST', headers, body })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  const enter = (...lines: string[]) => send([head, ...lines].join('\n'))
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${system.url}${path}`, { headers: { ...operator, ...headers } })
  const exported = async (query = '') => (await get(`/v2/tax-rates.csv${query}`)).text()
  const told = ({ status, body }: Answer) => [
    status,
    ...body.errors.map(({ message, parameter }: { message: string; parameter: string }) => [parameter, message]),
  ]
  const taxIn = async (address: Json, more: Json = {}) => {
    const checkout = await shop.must('POST', '/v2/checkouts', {
      currency: 'USD',
      email: 'buyer@example.com',
      shipTo: { name: 'Ada Buyer', address: { line1: '1 Main St', country: 'US', ...address } },
      shipFrom: { address: { line1: '1 Main St', city: 'Reno', state: 'NV', postalCode: '89501', country: 'US' } },
      items: [{ productDetails: { name: 'Mug', physical: true }, price: 1000, ...more }],
    })
    return checkout.totalTax
  }

  it('are exported, and an import of the export changes nothing', async () => {
    const file = await exported()
    expect(file.split('\r\n')[0]).toBe(head)
    expect(file).toContain('\r\nDE,,,,,,standard,0.19,true,2026-01-01,\r\n')
    const lines = file.trim().split('\r\n').length - 1
    const again = await send(file)
    expect([again.status, again.body]).toEqual([200, { added: 0, changed: 0, unchanged: lines }])
    expect(await exported()).toBe(file)
    expect(await (await get('/v2/tax-rates', { accept: 'text/csv' })).text()).toBe(file)
  })

  it('of a postal code go before those of a city, a state and the country, and the narrowest range before all', async () => {
    const salem = { city: 'Springfield', state: 'CA', postalCode: '90210-1234' }
    const before = await taxIn(salem)
    expect(before).toBeGreaterThan(0)
    const steps: [line: string, tax: number][] = [
      ['US,CA,,Springfield,,,standard,0.081,true,2026-01-01,', 81],
      ['US,CA,Los Angeles,,90000,90999,standard,0.091,true,2026-01-01,', 91],
      ['US,CA,Los Angeles,,90200,90299,standard,0.095,true,2026-01-01,', 95],
      ['US,CA,Los Angeles,SPRINGFIELD,90200,90299,standard,0.10,true,2026-01-01,', 100],
    ]
    for (const [line, tax] of steps) {
      expect((await enter(line)).body).toEqual({ added: 1, changed: 0, unchanged: 0 })
      expect(await taxIn(salem)).toBe(tax)
    }
    expect(await taxIn({ ...salem, city: 'Beverly Hills', postalCode: '90299' })).toBe(95)
    expect(await taxIn({ ...salem, city: 'Beverly Hills', postalCode: '90300' })).toBe(91)
    expect(await taxIn({ ...salem, city: 'Beverly Hills', postalCode: '91000' })).toBe(before)
    expect(await taxIn({ ...salem, city: 'springfield', postalCode: '91000' })).toBe(81)
    expect(await taxIn({ ...salem, state: 'NY', city: 'New York' })).not.toBe(100)
  })

  it('begin and end on their days', async () => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const reno = { city: 'Reno', state: 'NV', postalCode: '89501' }
    const line = (rate: string, from: string, until: string) =>
      `US,NV,,,89501,89501,standard,${rate},true,${from},${until}`
    const before = await taxIn(reno)
    await enter(line('0.3', day(2), ''), line('0.4', day(-9), day(-1)))
    expect(await taxIn(reno)).toBe(before)
    await enter(line('0.2', day(-9), day(2)))
    expect(await taxIn(reno)).toBe(200)
    expect((await enter(line('0.2', day(-9), day(-1)))).body).toEqual({ added: 0, changed: 1, unchanged: 0 })
    expect(await taxIn(reno)).toBe(before)
    const { data } = (await (
      await get(`/v2/tax-rates?country=US&state=NV&on=${day(3)}&limit=100`)
    ).json()) as Answer['body']
    expect(data.map(({ rate }: { rate: number }) => rate)).toContain(0.3)
    expect(data.map(({ rate }: { rate: number }) => rate)).not.toContain(0.2)
  })

  it('are stored all or none, and every wrong cell is named by its line and column', async () => {
    const file = await exported()
    const answer = await enter(
      'DE,,,,,,standard,0.18,true,2026-06-01,',
      'XX,,,,,,standard,0.18,true,2026-06-01,',
      'US,ZZ,,,,,standard,0.18,true,2026-06-01,',
      'DE,,,Berlin,,,standard,0.18,true,2026-06-01,',
      'US,CA,,,90210,,standard,0.18,true,2026-06-01,',
      'US,CA,,,90211,90210,standard,0.18,true,2026-06-01,',
      'US,CA,Kern,,,,standard,0.18,true,2026-06-01,',
      'DE,,,,,,cheap,19,perhaps,1.6.2026,2026-05-01',
      'FR,,,,,,standard,0.2,true,2026-06-01,2026-06-01',
      'DE,,,,,,standard,0.17,true,2026-06-01,',
      'US,CA,,"=HYPERLINK(""x"")",,,standard,0.18,true,2026-06-01,',
      'DE,,,,,,reduced,0.07,true,0000-01-01,0000-02-29',
    )
    expect(told(answer)).toEqual([
      400,
      ['lines.3.country', expect.stringMatching(/^Line 3: country: /)],
      ['lines.4.state', 'Line 4: state: is no state of US'],
      ['lines.5.state', expect.any(String)],
      ['lines.6.postalTo', expect.any(String)],
      ['lines.7.postalTo', expect.any(String)],
      ['lines.8.county', expect.any(String)],
      ['lines.9.category', expect.any(String)],
      ['lines.9.rate', expect.stringContaining('0.19 is 19 %')],
      ['lines.9.shippingTaxable', expect.any(String)],
      ['lines.9.validFrom', expect.any(String)],
      ['lines.10.validUntil', expect.any(String)],
      ['lines.11.validFrom', expect.stringContaining('line 2')],
      ['lines.12.city', expect.any(String)],
      ['lines.13.validFrom', expect.stringContaining('years')],
      ['lines.13.validUntil', expect.stringContaining('years')],
    ])
    expect(await exported()).toBe(file)
  })

  it.each([
    ['nothing', ''],
    ['a column too few', 'country,category,rate\nDE,standard,0.19'],
    ['a column nobody knows', `${head},vat\n`],
    ['a column twice', `${head},rate\n`],
    ['a cell too many', `${head}\nDE,,,,,,standard,0.19,true,2026-01-01,,1`],
    ['an open quote', `${head}\n"DE,,,,,,standard,0.19,true,2026-01-01,`],
  ])('are not read from a file with %s', async (_what, file) => {
    const answer = await send(file)
    expect([answer.status, answer.body.errors[0].parameter]).toEqual([400, 'lines'])
  })

  it.each([
    ['blanks', `${' '.repeat(1_000_000)}`],
    ['cells', ','.repeat(1_000_000)],
    ['an open quote', `"${'x'.repeat(1_000_000)}`],
  ])('are not read from a line without an end, of %s', async (_of, line) => {
    for (const [file, number] of [
      [`${head}\r\n${line}`, 2],
      [line, 1],
    ] as const) {
      const { status, body } = await send(file)
      expect([status, body.errors[0].message]).toEqual([400, `Line ${number}: a line has at most 2048 characters.`])
    }
  })

  it('are not read from other bytes than UTF-8, nor from JSON', async () => {
    expect((await send(new Uint8Array([0xff, 0xfe, 0x44]))).status).toBe(400)
    expect((await send('{}', 'application/json')).body.errors[0].code).toBe('invalid_content_type')
    const bom = await send(`\uFEFFCountry,category,rate,validFrom\r\nAD,standard,0.045,2026-01-01\r\n`)
    expect(bom.body).toEqual({ added: 1, changed: 0, unchanged: 0 })
  })

  it('are the operator’s, or the only merchant’s', async () => {
    expect((await shop.call('GET', '/v2/tax-rates')).status).toBe(200)
    expect((await fetch(`${system.url}/v2/tax-rates`)).status).toBe(401)
    await system.database.sql(`insert into merchants (id, name) values ('mer_second', 'Second')`)
    expect((await shop.call('GET', '/v2/tax-rates')).status).toBe(403)
    expect((await shop.call('GET', '/v2/tax-rates.csv')).status).toBe(403)
  })
})
