// Risk removed: postage bought twice, because EasyPost has no idempotency keys and only says so on the second purchase.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EasypostSdk, easypostClient } from '../easypost-sdk.ts'
import { type Stage, startStage } from '../stage.ts'

let stage: Stage
let easypost: EasypostSdk

beforeAll(async () => {
  stage = await startStage()
  easypost = easypostClient(stage.sandbox.url)
})
afterAll(() => stage.close())

const address = (zip: string, country = 'US') => ({
  name: 'A Buyer',
  street1: '1 Main St',
  city: 'Town',
  state: 'CA',
  zip,
  country,
})
const parcel = { length: 10, width: 8, height: 4, weight: 15.4 }
const ship = (reference: string, extra: object = {}) =>
  easypost.Shipment.create({
    from_address: address('94107'),
    to_address: address('10001'),
    parcel,
    reference,
    ...extra,
  })

test('rates depend on weight and distance alone', async () => {
  const [one, two] = [await ship('ord_1'), await ship('ord_2')]
  const offers = (shipment: { rates: { service: string; rate: string }[] }) =>
    shipment.rates.map(({ service, rate }) => [service, rate])
  expect(offers(one)).toEqual(offers(two))
  expect(one.rates.length).toBeGreaterThanOrEqual(3)
  for (const { rate, delivery_days } of one.rates) {
    expect(rate).toMatch(/^\d+\.\d\d$/)
    expect(delivery_days).toBeGreaterThan(0)
  }
  const near = await ship('ord_3', { to_address: address('94016') })
  expect(Number(near.lowestRate().rate)).toBeLessThan(Number(one.lowestRate().rate))
  const abroad = await ship('ord_4', { to_address: address('10115', 'DE') })
  expect(abroad.lowestRate().service).toBe('FirstClassPackageInternationalService')
})

test('a parcel that no carrier takes has no rates, and says why', async () => {
  const shipment = await ship('ord_5', { parcel: { ...parcel, weight: 2_000 } })
  expect(shipment.rates).toEqual([])
  expect(shipment.messages).toMatchObject([{ type: 'rate_error' }])
})

test('buying gives a label once; the status stays unknown, and a second purchase is refused', async () => {
  const shipment = await ship('ord_6')
  const bought = await easypost.Shipment.buy(shipment.id, shipment.lowestRate())
  expect(bought).toMatchObject({
    status: 'unknown',
    reference: 'ord_6',
    selected_rate: { id: shipment.lowestRate().id },
  })
  expect(bought.tracking_code).toMatch(/^94001001103680*\d+$/)
  const label = await fetch(bought.postage_label.label_url)
  expect(label.headers.get('content-type')).toBe('image/png')
  expect(
    Buffer.from(await label.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
  await expect(easypost.Shipment.buy(shipment.id, shipment.lowestRate())).rejects.toMatchObject({
    code: 'SHIPMENT.POSTAGE.EXISTS',
  })
  const pdf = await easypost.Shipment.convertLabelFormat(shipment.id, 'PDF')
  expect(await (await fetch(pdf.postage_label.label_pdf_url ?? '')).text()).toMatch(/^%PDF/)
  const books = (await stage.call('GET', '/sandbox/books?orderId=ord_6')).json.easypost
  expect(books.labels).toMatchObject([
    { orderId: 'ord_6', count: 1, amount: Math.round(Number(shipment.lowestRate().rate) * 100) },
  ])
})

test('a purchase whose answer was lost shows in the shipment', async () => {
  const shipment = await ship('ord_7')
  await stage.call('POST', '/sandbox/faults', { provider: 'easypost', operation: 'shipments.buy', kind: 'drop_after' })
  await expect(easypost.Shipment.buy(shipment.id, shipment.lowestRate())).rejects.toThrow()
  expect((await easypost.Shipment.retrieve(shipment.id)).postage_label).not.toBeNull()
})

test('two labels for one reference are counted as such', async () => {
  for (const shipment of [await ship('ord_8'), await ship('ord_8')])
    await easypost.Shipment.buy(shipment.id, shipment.lowestRate())
  const books = (await stage.call('GET', '/sandbox/books?orderId=ord_8')).json.easypost
  expect(books.labels).toMatchObject([{ count: 2 }, { count: 2 }])
})

test('tracker webhooks are signed so that the official SDK accepts them', async () => {
  const shipment = await ship('ord_9')
  const bought = await easypost.Shipment.buy(shipment.id, shipment.lowestRate())
  await stage.webhook('tracker.created', ({ body }) => body.includes(bought.tracker.id))
  await stage.call('POST', `/sandbox/easypost/trackers/${bought.tracker.id}`, { status: 'delivered' })
  const { body, headers } = await stage.webhook('tracker.updated', (delivery) =>
    delivery.body.includes(bought.tracker.id),
  )
  const event = easypost.Utils.validateWebhook(Buffer.from(body), headers, 'easypost_sandbox')
  expect(event).toMatchObject({
    object: 'Event',
    previous_attributes: { status: 'unknown' },
    result: { status: 'delivered', shipment_id: shipment.id },
  })
})

test('a refund of postage is submitted once', async () => {
  const shipment = await ship('ord_10')
  await easypost.Shipment.buy(shipment.id, shipment.lowestRate())
  expect(await easypost.Shipment.refund(shipment.id)).toMatchObject({ refund_status: 'submitted' })
  await expect(easypost.Shipment.refund(shipment.id)).rejects.toMatchObject({ code: 'SHIPMENT.REFUND.REQUESTED' })
})

test('rerating replaces the offers', async () => {
  const shipment = await ship('ord_11')
  const fresh = await easypost.Shipment.regenerateRates(shipment.id)
  expect(fresh.rates.map(({ rate }) => rate)).toEqual(shipment.rates.map(({ rate }) => rate))
  await expect(easypost.Shipment.buy(shipment.id, shipment.rates[0]?.id ?? '')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

test('the test codes are born with their status, and a code has one tracker', async () => {
  const tracker = await easypost.Tracker.create({ tracking_code: 'EZ4000000004', carrier: 'USPS' })
  expect(tracker.status).toBe('delivered')
  expect((await easypost.Tracker.create({ tracking_code: 'EZ4000000004', carrier: 'USPS' })).id).toBe(tracker.id)
})

test('errors have their code, and no key is no entry', async () => {
  await expect(easypost.Shipment.retrieve('shp_none')).rejects.toMatchObject({ code: 'NOT_FOUND', statusCode: 404 })
  const empty = await stage.call('POST', '/easypost/v2/shipments', {}, { authorization: 'Basic RVo6' })
  expect(empty).toMatchObject({ status: 422, json: { error: { code: 'PARAMETER.REQUIRED' } } })
  expect((await stage.call('GET', '/easypost/v2/shipments')).status).toBe(401)
})
