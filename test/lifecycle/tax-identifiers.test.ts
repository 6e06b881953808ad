import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sweepTaxIdentifiers } from '../../src/customers/sweep-tax-identifiers.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { createMerchant } from '../../src/merchants/merchants.ts'
import { type Answer, eventually, storefront } from '../storefront.ts'
import { publishableKey, type System, startSystem } from '../system.ts'

const wrongCode = (answer: Answer) => [answer.status, answer.body.errors?.[0]?.code, answer.body.errors?.[0]?.parameter]
const buyer = {
  name: 'Beispiel GmbH',
  address: { line1: 'Hauptstr. 1', city: 'Wien', postalCode: '1010', country: 'AT' },
}
/** An Austrian number; the register knows those that do not end in 00. */
const known = 'ATU13585627'
const unknown = 'ATU10000700'

// Removes the risk that a buyer is freed from tax by somebody else's number, by one that does not exist, or loses one that does.
describe('tax identifiers', () => {
  let system: System
  let shop: ReturnType<typeof storefront>
  let strangersKey: string

  beforeAll(async () => {
    system = await startSystem({ env: { RETRY_DELAY_FACTOR: '0.01' } })
    shop = storefront(system)
    const { id } = await createMerchant(system.database.em(), null, {
      name: 'Another shop',
      email: null,
      commissionBps: null,
      commissionFixed: null,
      stripeAccountId: null,
      shipFrom: null,
    })
    strangersKey = (await createApiKey(system.database, { merchantId: id, kind: 'secret', liveMode: false })).key
  })
  afterAll(() => system?.close())
  afterEach(() => shop.sandbox('DELETE', '/sandbox/faults'))

  const create = (type: string, value: string, options: { key?: string; headers?: Record<string, string> } = {}) =>
    shop.call('POST', '/tax-identifiers', { type, value }, options)
  const made = async (type: string, value: string) => {
    const { status, body } = await create(type, value)
    expect(status, JSON.stringify(body)).toBe(201)
    return body
  }
  const read = (id: string) => shop.must('GET', `/tax-identifiers/${id}`)
  const until = (id: string, state: string) =>
    eventually(async () => {
      const seen = await read(id)
      return seen.state === state ? seen : undefined
    }, `${id} to be ${state}`)
  const customer = async () => (await shop.must('POST', '/customers', { type: 'business' })).id
  const attach = (customerId: string, id: string, key?: string) =>
    shop.call('POST', `/customers/${customerId}/tax-identifiers/${id}`, undefined, key ? { key } : {})
  const events = async (id: string) =>
    (await shop.must('GET', '/v2/events?limit=100')).data
      .filter((event: { data: { object: { id: string } } }) => event.data.object.id === id)
      .map((event: { type: string }) => event.type)
      .reverse()
  const checkout = (more: object = {}) =>
    shop.call('POST', '/checkouts', {
      currency: 'EUR',
      email: 'buyer@example.com',
      billTo: buyer,
      customerType: 'business',
      items: [{ productDetails: { name: 'Kurs' }, price: 100 }],
      ...more,
    })

  it('R217 are pending at first, and verified once their register has said so', async () => {
    const created = await made('at', known)
    expect(created).toMatchObject({
      id: expect.any(String),
      type: 'at',
      value: known,
      state: 'pending',
      stateTransitions: { pending: expect.any(String) },
      createdTime: expect.any(String),
      updatedTime: expect.any(String),
    })
    const verified = await until(created.id, 'verified')
    expect(verified).toMatchObject({
      stateTransitions: { pending: expect.any(String), verified: expect.any(String) },
      verified_name: expect.stringContaining('COMPANY'),
      verified_address: expect.any(String),
      verifiedName: verified.verified_name,
    })
    expect(await events(created.id)).toEqual(['tax_identifier.pending', 'tax_identifier.verified'])
  })

  it('are not valid when their register does not know them', async () => {
    const { id } = await made('at', unknown)
    await until(id, 'not_valid')
    expect(await events(id)).toEqual(['tax_identifier.pending', 'tax_identifier.not_valid'])
  })

  it('are asked about again while their register is down', async () => {
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'vies',
      operation: 'check_vat_number',
      kind: 'status',
      status: 503,
      times: 2,
    })
    const { id } = await made('at', known)
    await until(id, 'verified')
  })

  it('R217 of the United Kingdom are verified by HMRC, which says whose they are, or not valid', async () => {
    const created = await made('uk', 'GB 000 2835 36')
    expect(created).toMatchObject({ type: 'uk', value: 'GB000283536', state: 'pending' })
    const verified = await until(created.id, 'verified')
    expect(verified).toMatchObject({
      stateTransitions: { pending: expect.any(String), verified: expect.any(String) },
      verified_name: 'COMPANY GB000283536',
      verified_address: '1 High Street\nLondon\nEC1A 1BB\nGB',
    })
    expect(await events(created.id)).toEqual(['tax_identifier.pending', 'tax_identifier.verified'])

    const unregistered = await made('uk', 'GB100040900')
    const refused = await until(unregistered.id, 'not_valid')
    expect([refused.verified_name, refused.verified_address]).toEqual([undefined, undefined])
    expect(await events(unregistered.id)).toEqual(['tax_identifier.pending', 'tax_identifier.not_valid'])
  })

  it('R217 of the United Kingdom that were entered before HMRC could be asked are asked about once it can', async () => {
    const { hmrc } = system.config
    Object.assign(system.config, { hmrc: undefined })
    const asked = (id: string) =>
      system.database.sql(`select id from tasks where payload ->> 'taxIdentifierId' = $1`, [id])
    try {
      const { id } = await made('uk', 'GB000283536')
      await sweepTaxIdentifiers(system.parts)
      expect([await asked(id), (await read(id)).state]).toEqual([[], 'pending'])
      Object.assign(system.config, { hmrc })
      await until(id, 'verified')
      await sweepTaxIdentifiers(system.parts)
      expect(await asked(id)).toHaveLength(1)
    } finally {
      Object.assign(system.config, { hmrc })
    }
  })

  it.each(['token', 'check_vat_number'])(
    'stay pending while HMRC does not answer its %s, and are asked about again',
    async (operation) => {
      const outage = { provider: 'hmrc', operation, kind: 'status', status: 503, times: 1_000 }
      await system.database.sql(`delete from provider_tokens where name = 'hmrc'`)
      await shop.sandbox('POST', '/sandbox/faults', outage)
      const { id } = await made('uk', 'GB000283536')
      await eventually(async () => {
        const [seen] = await system.database.sql<{ attempts: number }>(
          `select attempts from tasks where payload ->> 'taxIdentifierId' = $1`,
          [id],
        )
        return (seen?.attempts ?? 0) > 1 ? seen : undefined
      }, 'HMRC to be asked twice')
      expect((await read(id)).state).toBe('pending')
      await shop.sandbox('DELETE', '/sandbox/faults')
      await until(id, 'verified')
    },
  )

  it('stay pending where there is no register to ask', async () => {
    const { id } = await made('au', '51824753556')
    const [tasks] = await system.database.sql<{ count: number }>(
      `select count(*) as count from tasks where payload ->> 'taxIdentifierId' = $1`,
      [id],
    )
    expect(tasks?.count).toBe(0)
    expect((await read(id)).state).toBe('pending')
  })

  it.each([
    ['an unknown type', { type: 'mars', value: '1' }, 'type'],
    ['a wrong form', { type: 'at', value: 'U1' }, 'value'],
    ['no type', { value: known }, 'type'],
    ['no value', { type: 'at' }, 'value'],
  ])('refuse %s by name', async (_what, body, parameter) => {
    const answer = await shop.call('POST', '/tax-identifiers', body)
    expect([answer.status, answer.body.errors[0].parameter]).toEqual([400, parameter])
  })

  it('belong to one customer, who has one of each type', async () => {
    const [first, second] = [await customer(), await customer()]
    const { id } = await made('at', known)
    const answers = await Promise.all([attach(first, id), attach(second, id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const { customerId } = await read(id)
    const other = customerId === first ? second : first
    expect(wrongCode(await attach(other, id))).toEqual([409, 'tax_identifier_in_use', 'taxIdentifiers'])
    expect((await attach(customerId, id)).body).toMatchObject({ id, customerId })
    expect((await shop.must('GET', `/customers/${customerId}`)).taxIdentifiers).toMatchObject([{ id }])

    const another = await made('at', 'ATU33864707')
    expect(wrongCode(await attach(customerId, another.id))).toEqual([409, 'tax_identifier_in_use', 'taxIdentifiers'])
    expect((await attach(other, another.id)).status).toBe(200)
  })

  it('are unknown to customers that do not exist, and to other merchants', async () => {
    const { id } = await made('at', known)
    const mine = await customer()
    expect(wrongCode(await attach('nobody', id))).toEqual([404, 'not_found', 'id'])
    expect(wrongCode(await attach(mine, 'txid_nothing'))).toEqual([404, 'not_found', 'id'])
    expect((await attach(mine, id, strangersKey)).status).toBe(404)
    expect((await shop.call('GET', `/tax-identifiers/${id}`, undefined, { key: strangersKey })).status).toBe(404)
    expect((await shop.call('DELETE', `/tax-identifiers/${id}`, undefined, { key: strangersKey })).status).toBe(404)
    expect((await create('at', known, { key: publishableKey })).status).toBe(403)
    const gone = await customer()
    await shop.call('DELETE', `/customers/${gone}`)
    expect((await attach(gone, id)).status).toBe(404)
  })

  it('are listed by customer, type, value and state, newest first', async () => {
    const owner = await customer()
    const [first, second] = [await made('at', known), await made('uk', 'GB000283536')]
    await attach(owner, first.id)
    await attach(owner, second.id)
    const ids = async (query: string) =>
      (await shop.must('GET', `/tax-identifiers?customerId=${owner}${query}`)).data.map(({ id }: { id: string }) => id)
    expect(await ids('')).toEqual([second.id, first.id])
    expect(await ids('&type=at')).toEqual([first.id])
    expect(await ids('&value=GB000283536')).toEqual([second.id])
    expect(await ids('&state=not_valid')).toEqual([])
    expect(await ids('&limit=1')).toEqual([second.id])
    expect(await ids(`&startingAfter=${second.id}`)).toEqual([first.id])
  })

  it('are deleted once, and leave their customer', async () => {
    const owner = await customer()
    const { id } = await made('at', known)
    await attach(owner, id)
    await until(id, 'verified')
    const answers = await Promise.all([1, 2].map(() => shop.call('DELETE', `/tax-identifiers/${id}`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404])
    expect((await shop.must('GET', `/customers/${owner}`)).taxIdentifiers).toEqual([])
    expect((await events(id)).at(-1)).toBe('tax_identifier.deleted')
  })

  it('are made once of one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const [first, second] = [await create('at', known, { headers }), await create('at', known, { headers })]
    expect(second.body).toEqual(first.body)
  })

  it('R216 stand on the orders they were applied to', async () => {
    const { id } = await made('at', known)
    const { body } = await checkout({ taxIdentifiers: [{ id }] })
    expect(body.taxIdentifiers).toMatchObject([{ id, type: 'at', value: known }])
    const source = await shop.must('POST', '/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa' })
    await shop.must('POST', `/checkouts/${body.id}/sources/${source.id}`)
    const order = await shop.must('POST', '/orders', { checkoutId: body.id })
    expect(order.taxIdentifiers).toMatchObject([{ id, type: 'at', value: known, state: expect.any(String) }])
  })

  it('free a business from tax while pending or verified, and no longer once they are not valid', async () => {
    const { body: taxed } = await checkout()
    expect(taxed.totalTax).toBeGreaterThan(0)
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'vies',
      operation: 'check_vat_number',
      kind: 'status',
      status: 503,
      times: 1000,
    })
    const { id } = await made('at', 'ATU38516405')
    const { body: pending } = await checkout({ taxIdentifiers: [{ id }] })
    expect(pending.totalTax).toBe(0)
    await shop.sandbox('DELETE', '/sandbox/faults')
    await until(id, 'verified')
    const { body: verified } = await checkout({ taxIdentifiers: [{ id }] })
    expect(verified.totalTax).toBe(0)

    const wrong = await made('at', unknown)
    await until(wrong.id, 'not_valid')
    const changed = await shop.must('POST', `/checkouts/${verified.id}`, { taxIdentifiers: [{ id: wrong.id }] })
    expect(changed.totalTax).toBe(taxed.totalTax)
  })

  it("of another customer cannot be applied to one's checkout", async () => {
    const owner = await customer()
    const { id } = await made('at', known)
    await attach(owner, id)
    expect(wrongCode(await checkout({ taxIdentifiers: [{ id }] }))).toEqual([
      409,
      'tax_identifier_in_use',
      'taxIdentifiers',
    ])
    expect((await checkout({ taxIdentifiers: [{ id }], customerId: owner })).status).toBe(201)
  })
})
