import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digitalRiverAddress, isDigitalRiverPath } from '../../src/api/digital-river.ts'
import { componentOf, type Document, methods, type Operation, type Schema } from '../../src/api/openapi/json-schema.ts'
import { wholeDocument } from '../api-document.ts'
import { type Answer, storefront } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'
import { accessTable } from './access-table.ts'

/** Opened by a browser, whose address may have got more on its way: a mail program's tracking, for instance. */
const openedByBrowsers = ['GET /v2/file-links/{token}/content', 'GET /v2/file-links/{token}/e-invoice']

const misspelt = 'zzUnknown'

// Removes the risk that a misspelt filter lists everything and a misspelt field is lost, without a word.
describe('what the API does not know', () => {
  let system: System
  let shop: ReturnType<typeof storefront>
  let document: Document
  let operator: Record<string, string>

  beforeAll(async () => {
    system = await startSystem({ workers: false })
    shop = storefront(system)
    document = await wholeDocument(system.url)
    const credentials = { email: 'admin@example.com', password: 'correct horse battery' }
    const signedIn = await shop.call('POST', '/v2/sessions', credentials, { key: null })
    operator = { cookie: signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '', origin: system.url }
  }, 60_000)
  afterAll(() => system?.close())

  const operations = (fits: (path: string) => boolean): [key: string, operation: Operation][] =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      methods.flatMap((method): [string, Operation][] => {
        const operation = item[method]
        return operation && fits(path) ? [[`${method.toUpperCase()} ${path}`, operation]] : []
      }),
    )
  const isOurs = (path: string) => path.startsWith('/v2/') && !/^\/v2\/(public|digital|downloads)\//.test(path)
  const own = () => operations(isOurs).filter(([key]) => !openedByBrowsers.includes(key))

  /** Calls an operation as somebody who passes its gate. */
  const call = (key: string, query = '', body?: unknown, at = (path: string) => path): Promise<Answer> => {
    const [written = '', path = ''] = key.split(' ')
    // Their clients change a webhook by PATCH; what is posted there comes from a provider.
    const method = written === 'POST' && at(path) === '/webhooks/{id}' ? 'PATCH' : written
    const address = `${at(path).replace(/\{\w+\}/g, 'nobodys')}${query}`
    const to = accessTable[key]?.to
    const caller = to === 'operator' || to === 'bookkeeper' ? { key: null, headers: operator } : {}
    return shop.call(method, address, body, to === 'anyone' ? { key: null } : caller)
  }
  const refused = (answer: Answer, parameter: string) =>
    answer.status === 400 &&
    answer.body.type === 'bad_request' &&
    answer.body.errors.some(
      (error: Answer['body']) => error.code === 'unknown_parameter' && error.parameter === parameter,
    )

  /** The schema of a place itself; one of those that it may be. */
  const resolve = (schema: Schema): Schema => {
    const component = componentOf(schema)
    if (component !== undefined) return resolve(document.components.schemas[component] ?? {})
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map(resolve), { properties: propertiesOf(schema.allOf) })
    const [option] = (schema.anyOf ?? schema.oneOf ?? [])
      .map(resolve)
      .filter(({ properties, items }) => properties ?? items)
    return option ?? schema
  }

  const propertiesOf = (parts: readonly Schema[]): Record<string, Schema> =>
    Object.assign({}, ...parts.map((part) => resolve(part).properties ?? {}))

  /** Every body with one unknown field in one of its closed objects, and where that stands. */
  function* spoilt(given: Schema, depth = 0): Generator<{ at: string; body: unknown }> {
    const schema = resolve(given)
    if (depth === 6) return
    if (schema.items) {
      for (const { at, body } of spoilt(schema.items, depth + 1)) yield { at: `0.${at}`, body: [body] }
      return
    }
    if (!schema.properties) return
    if (!schema.additionalProperties) yield { at: misspelt, body: { [misspelt]: 1 } }
    for (const [name, inner] of Object.entries(schema.properties))
      for (const { at, body } of spoilt(inner, depth + 1)) yield { at: `${name}.${at}`, body: { [name]: body } }
  }

  const bodyOf = ({ requestBody }: Operation) => requestBody?.content['application/json']?.schema

  it('is refused in the query of every operation that reads', async () => {
    const reads = own().filter(([key]) => key.startsWith('GET '))
    const silent = await Promise.all(
      reads.map(async ([key]) => (refused(await call(key, `?${misspelt}=1`), misspelt) ? [] : [key])),
    )
    expect(silent.flat()).toEqual([])
    expect(reads.length).toBeGreaterThan(50)
  })

  it('is refused in every object of every body', async () => {
    const silent: string[] = []
    let sent = 0
    for (const [key, operation] of own()) {
      const schema = bodyOf(operation)
      if (!schema) continue
      const places = [...spoilt(schema)]
      // An order takes what a checkout of a customer does, which its document says in words.
      if (key === 'POST /v2/orders') places.push({ at: misspelt, body: { [misspelt]: 1 } })
      if (places.length === 0) silent.push(`${key}: takes anything`)
      for (const { at, body } of places) {
        sent += 1
        const answer = await call(key, '', body)
        if (!refused(answer, at)) silent.push(`${key} ${at}: ${answer.status} ${JSON.stringify(answer.body)}`)
      }
    }
    expect(silent).toEqual([])
    expect(sent).toBeGreaterThan(100)
  }, 60_000)

  it('is taken without a word where Digital River’s clients and checkout links send it', async () => {
    const theirs = operations(
      (path) =>
        isDigitalRiverPath(path) || digitalRiverAddress(path) !== undefined || /^\/v2\/(public|digital)\//.test(path),
    )
    const asTheirs = (path: string) => digitalRiverAddress(path) ?? path
    const spoken = await Promise.all(
      theirs.map(async ([key, operation]) => {
        const answer = await call(key, `?${misspelt}=1`, bodyOf(operation) ? { [misspelt]: 1 } : undefined, asTheirs)
        return JSON.stringify(answer.body ?? '').includes('unknown_parameter') ? [key] : []
      }),
    )
    expect(spoken.flat()).toEqual([])
    expect(theirs.length).toBeGreaterThan(50)
  })

  it('is told with the name that was meant', async () => {
    const told = async (method: string, path: string, body?: unknown) => {
      const { status, body: said } = await shop.call(method, path, body)
      expect(status).toBe(400)
      return said.errors.map(({ code, message, parameter }: Answer['body']) => [code, parameter, message])
    }
    expect(await told('GET', '/v2/orders?emial=x')).toEqual([
      ['unknown_parameter', 'emial', 'Unknown parameter `emial`. Did you mean `email`?'],
    ])
    expect(await told('GET', '/v2/orders?customer_id=x')).toEqual([
      ['unknown_parameter', 'customer_id', 'Unknown parameter `customer_id`. Did you mean `customerId`?'],
    ])
    expect(await told('GET', '/v2/orders?xyzzy=1&limit=0')).toEqual([
      ['unknown_parameter', 'xyzzy', 'Unknown parameter `xyzzy`.'],
    ])
    const items = [
      { skuId: 'a', quantity: 1 },
      { skuId: 'a', quantitty: 2 },
    ]
    const shipTo = { name: 'Ada', address: { line1: 'x', postcode: '1', country: 'US' } }
    expect(await told('POST', '/v2/carts', { currency: 'USD', emial: 'a@example.com', items, shipTo })).toEqual([
      ['unknown_parameter', 'emial', 'Unknown parameter `emial`. Did you mean `email`?'],
      ['unknown_parameter', 'items.1.quantitty', 'Unknown parameter `items.1.quantitty`. Did you mean `quantity`?'],
      [
        'unknown_parameter',
        'shipTo.address.postcode',
        'Unknown parameter `shipTo.address.postcode`. Did you mean `postalCode`?',
      ],
    ])
  })

  it('is told before what is missing, and after who may not ask at all', async () => {
    const answer = await shop.call('POST', '/v2/carts', { curency: 'USD' })
    expect(answer.body.errors).toMatchObject([{ code: 'unknown_parameter', parameter: 'curency' }])
    expect((await shop.call('GET', '/v2/orders?emial=x', undefined, { key: null })).status).toBe(401)
  })

  it('does not concern notes, and an order may be sent as it was read', async () => {
    await shop.stock()
    const cart = await shop.must('POST', '/v2/carts', {
      currency: 'USD',
      email: 'ada@example.com',
      items: [{ skuId: 'sku-digital' }],
      metadata: { anyName: 'mine' },
    })
    expect(cart.metadata).toEqual({ anyName: 'mine' })
    const order = await shop.must('POST', '/v2/orders', { cartId: cart.id, currency: 'USD' })
    const { orderId: _alias, ...read } = order
    const changed = await shop.must('POST', `/v2/orders/${order.id}`, { ...read, metadata: { seen: true } })
    expect(changed.metadata).toEqual({ anyName: 'mine', seen: true })
  })

  it('does not concern what was read of a product or a coupon and is sent back', async () => {
    const made = { name: 'Read', kind: 'physical', price: 5, currency: 'USD', weight: 2, weightUnit: 'oz' }
    const sku = await shop.must('POST', '/v2/skus', made)
    const renamed = await shop.must('POST', `/v2/skus/${sku.id}`, { ...sku, name: 'Renamed' })
    expect(renamed).toEqual({ ...sku, name: 'Renamed', updatedTime: expect.any(String) })
    const coupon = await shop.must('POST', '/v2/coupons', { code: 'READ', percentOff: 10 })
    expect(await shop.must('POST', `/v2/coupons/${coupon.id}`, { ...coupon, percentOff: 20 })).toEqual({
      ...coupon,
      percentOff: 20,
    })
    const misspelt = await shop.call('POST', `/v2/coupons/${coupon.id}`, { ...coupon, percentOf: 20 })
    expect(misspelt.body.errors).toMatchObject([{ code: 'unknown_parameter', parameter: 'percentOf' }])
  })
})
