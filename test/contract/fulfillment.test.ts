// Risk removed: parcels and prints tested against fields that EasyPost and Printful never send.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EasypostSdk, easypostClient } from '../../sandbox/easypost-sdk.ts'
import { type Stage, startStage } from '../../sandbox/stage.ts'
import { document, documentsPresent, loadOracle } from './documents.ts'

const present = documentsPresent('Contract with EasyPost and Printful')

type Shape = Record<string, unknown>
type Recording = {
  log: { entries: { request: { url: string; postData?: { text: string } }; response: { content: { text: string } } }[] }
}

/** How two JSON values differ in fields and kinds of values; `null` fits anything, and so does an empty list. */
function differences(expected: unknown, actual: unknown, at = ''): string[] {
  if (expected === null || actual === null) return []
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return expected.length === 0 || actual.length === 0 ? [] : differences(expected[0], actual[0], `${at}[]`)
  }
  if (typeof expected !== typeof actual || Array.isArray(expected) !== Array.isArray(actual)) {
    return [`${at}: ${typeof expected} became ${typeof actual}`]
  }
  if (typeof expected !== 'object') return []
  const [wanted, got] = [expected as Shape, actual as Shape]
  const absent = Object.keys(wanted)
    .filter((key) => !(key in got))
    .map((key) => `${at}.${key} is missing`)
  const invented = Object.keys(got)
    .filter((key) => !(key in wanted))
    .map((key) => `${at}.${key} is invented`)
  return [
    ...absent,
    ...invented,
    ...Object.keys(wanted).flatMap((key) => (key in got ? differences(wanted[key], got[key], `${at}.${key}`) : [])),
  ]
}

describe.skipIf(!present)('EasyPost', () => {
  let stage: Stage
  let easypost: EasypostSdk
  const wire = (path: string) => stage.call('GET', `/easypost/v2/${path}`, undefined, { authorization: 'Basic RVo6' })

  beforeAll(async () => {
    stage = await startStage()
    easypost = easypostClient(stage.sandbox.url)
  })
  afterAll(() => stage?.close())

  test('a recorded request gets a shipment of the recorded shape, before and after the purchase', async () => {
    const { entries } = document<Recording>('easypost/har/Shipment-Service__buys-a-shipment.har.json').log
    const [create, buy] = entries.map(({ request, response }) => ({
      sent: JSON.parse(request.postData?.text ?? '{}') as { shipment: Shape },
      answer: JSON.parse(response.content.text) as Shape,
    }))
    const shipment = await easypost.Shipment.create(create?.sent.shipment ?? {})
    // What the caller put into `options` comes back; the verification of addresses is not played.
    const played = (found: string[]) => found.filter((line) => !/verifications/.test(line))
    expect(played(differences(create?.answer, (await wire(`shipments/${shipment.id}`)).json))).toEqual([])
    await easypost.Shipment.buy(shipment.id, shipment.rates[0]?.id ?? '')
    const bought = (await wire(`shipments/${shipment.id}`)).json
    // Newer trackers say whether they are final; the recording of 2024 does not know these two.
    const invented = ['.tracker.finalized is invented', '.tracker.is_return is invented']
    expect(played(differences(buy?.answer, bought)).filter((line) => !invented.includes(line))).toEqual([])
  })

  test('a tracker and an address have the documented shapes', async () => {
    const tracker = await easypost.Tracker.create({ tracking_code: 'EZ1000000001', carrier: 'USPS' })
    const shapes = differences(
      document('easypost/docs-responses/trackers-create.json'),
      (await wire(`trackers/${tracker.id}`)).json,
    )
    expect(shapes.filter((line) => line !== '.fees is invented')).toEqual([])
    const sent = {
      address: {
        company: 'EasyPost',
        street1: '417 Montgomery St',
        city: 'San Francisco',
        state: 'CA',
        zip: '94104',
        country: 'US',
      },
    }
    const address = await stage.call('POST', '/easypost/v2/addresses', sent, { authorization: 'Basic RVo6' })
    expect(differences(document('easypost/docs-responses/addresses-create.json'), address.json)).toEqual([])
  })

  test('a webhook has the shape of the official sample', async () => {
    const tracker = await easypost.Tracker.create({ tracking_code: 'EZ7000000007', carrier: 'USPS' })
    await stage.call('POST', `/sandbox/easypost/trackers/${tracker.id}`, { status: 'in_transit' })
    const { event } = await stage.webhook('tracker.updated', ({ body }) => body.includes(tracker.id))
    const shapes = differences(document('easypost/fixtures/event-body.json'), event)
    expect(shapes.filter((line) => !/est_delivery_date is invented|\.fees is invented/.test(line))).toEqual([])
  })

  test('errors are the recorded ones', async () => {
    const name = 'Error-Service__pulls-out-error-properties-of-an-API-error'
    const [entry] = document<Recording>(`easypost/har/${name}.har.json`).log.entries
    const answer = await stage.call('POST', '/easypost/v2/shipments', {}, { authorization: 'Basic RVo6' })
    expect(answer.json).toEqual(JSON.parse(entry?.response.content.text ?? '{}'))
  })
})

describe.skipIf(!present)('Printful', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await startStage()
  })
  afterAll(() => stage?.close())

  test('its catalogue is the one that its second API documents', async () => {
    const printful = (await loadOracle()).openapi('printful/printful-v2.openapi.json')
    const authorization = { authorization: 'Bearer t' }
    const products = await stage.call('GET', '/printful/v2/catalog-products?limit=1', undefined, authorization)
    expect(products.json.paging).toEqual({ total: 2, offset: 0, limit: 1 })
    const [product] = products.json.data
    expect(printful.schema('ProductInfo')(product)).toEqual([])
    const path = `/printful/v2/catalog-products/${product.id}/catalog-variants`
    const variants = await stage.call('GET', path, undefined, authorization)
    expect(variants.json.data).toHaveLength(product.variant_count)
    for (const variant of variants.json.data) expect(printful.schema('Variant')(variant)).toEqual([])
    const none = await stage.call('GET', '/printful/v2/catalog-products/9/catalog-variants', undefined, authorization)
    expect(none.status).toBe(404)
  })

  test('its pictures are those that its second API documents', async () => {
    const printful = (await loadOracle()).openapi('printful/printful-v2.openapi.json')
    const headers = { authorization: 'Bearer t', 'content-type': 'application/json' }
    const variant = await stage.call('GET', '/printful/v2/catalog-variants/4011', undefined, headers)
    expect(printful.schema('Variant')(variant.json.data)).toEqual([])
    const styles = await stage.call('GET', '/printful/v2/catalog-products/71/mockup-styles', undefined, headers)
    for (const style of styles.json.data) expect(printful.schema('MockupStyles')(style)).toEqual([])
    const placement = {
      placement: 'front',
      technique: 'dtg',
      layers: [{ type: 'file', url: 'https://a.example/b.png' }],
    }
    const product = { source: 'catalog', mockup_style_ids: [1], catalog_product_id: 71, catalog_variant_ids: [4011] }
    expect(printful.schema('CatalogMockupProduct')({ ...product, placements: [placement] })).toEqual([])
    const body = { format: 'png', products: [{ ...product, placements: [placement] }] }
    const asked = await stage.call('POST', '/printful/v2/mockup-tasks', body, headers)
    const [task] = asked.json.data
    for (const status of ['pending', 'completed']) {
      const read = await stage.call('GET', `/printful/v2/mockup-tasks?id=${task.id}`, undefined, headers)
      expect(read.json.data).toMatchObject([{ id: task.id, status }])
      for (const shown of [task, ...read.json.data]) expect(printful.schema('MockupGeneratorTask')(shown)).toEqual([])
    }
    const nothing = await stage.call('POST', '/printful/v2/mockup-tasks', { format: 'png', products: [] }, headers)
    expect(nothing.status).toBe(400)
  })

  test('addresses, states and amounts of its first API are those that the second one documents', async () => {
    const printful = (await loadOracle()).openapi('printful/printful-v2.openapi.json')
    const recipient = {
      name: 'A Buyer',
      address1: '1 Main St',
      city: 'Town',
      state_code: 'CA',
      country_code: 'US',
      zip: '94107',
    }
    const items = [{ variant_id: 4012, quantity: 1, files: [{ url: 'https://files.example/print.png' }] }]
    const body = { external_id: 'ord_1', recipient, items }
    const { json } = await stage.call('POST', '/printful/orders', body, { authorization: 'Bearer t' })
    const { costs, status } = json.result
    expect(printful.schema('Address')(json.result.recipient)).toEqual([])
    const { currency, subtotal, discount, shipping, digitization, additional_fee, fulfillment_fee, vat, tax, total } =
      costs
    const amounts = {
      currency,
      subtotal,
      discount,
      shipping,
      digitization,
      additional_fee,
      fulfillment_fee,
      vat,
      tax,
      total,
    }
    expect(
      printful.schema('Costs')({
        calculation_status: 'done',
        retail_delivery_fee: costs.retail_delivery_fee,
        ...amounts,
      }),
    ).toEqual([])
    expect(['draft', 'failed', 'pending', 'canceled', 'onhold', 'inprocess', 'partial', 'fulfilled']).toContain(status)
  })
})
