// Risk removed: an order printed twice. Printful's only guard is the caller's own external id.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stage, startStage } from '../stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())

const printful = (method: string, path: string, body?: unknown) =>
  stage.call(method, `/printful${path}`, body, { authorization: 'Bearer token' })
const order = (external_id: string) => ({
  external_id,
  shipping: 'STANDARD',
  recipient: {
    name: 'A Buyer',
    address1: '1 Main St',
    city: 'Town',
    state_code: 'CA',
    country_code: 'US',
    zip: '94107',
  },
  items: [{ variant_id: 4012, quantity: 2, files: [{ url: 'https://files.example/print.png' }] }],
})

test('an external id is taken once; the order behind it can be read by it', async () => {
  const first = await printful('POST', '/orders?confirm=1', order('ord_1'))
  expect(first.json).toMatchObject({ code: 200, result: { external_id: 'ord_1', status: 'pending' } })
  const again = await printful('POST', '/orders', order('ord_1'))
  expect(again).toMatchObject({
    status: 400,
    json: { code: 400, result: 'Order with this External ID already exists' },
  })
  expect((await printful('GET', '/orders/@ord_1')).json.result.id).toBe(first.json.result.id)
  expect((await printful('GET', '/orders/@ord_none')).status).toBe(404)
  const books = (await stage.call('GET', '/sandbox/books?orderId=ord_1')).json.printful
  expect(books.orders).toMatchObject([{ orderId: 'ord_1', count: 1, status: 'pending' }])
})

test('costs can be foretold from the variant', async () => {
  const estimate = await printful('POST', '/orders/estimate-costs', order('ord_2'))
  // 4012 % 7 = 1: 9.00 each; shipping 4.69 and 2.20 for the second piece.
  expect(estimate.json.result.costs).toMatchObject({
    currency: 'USD',
    subtotal: '18.00',
    shipping: '6.89',
    tax: '0.00',
    total: '24.89',
  })
  const rates = await printful('POST', '/shipping/rates', { recipient: order('x').recipient, items: order('x').items })
  expect(rates.json.result).toMatchObject([
    { id: 'STANDARD', rate: '6.89', minDeliveryDays: 4, maxDeliveryDays: 8 },
    { id: 'PRINTFUL_FAST', rate: '12.19' },
  ])
})

test('a draft is confirmed, shipped and told about', async () => {
  const { id } = (await printful('POST', '/orders', order('ord_3'))).json.result
  expect((await stage.call('POST', `/sandbox/printful/orders/${id}/ship`)).status).toBe(409)
  expect((await printful('POST', `/orders/@ord_3/confirm`)).json.result.status).toBe('pending')
  await stage.call('POST', '/sandbox/printful/orders/@ord_3/ship')
  const { event } = await stage.webhook('package_shipped', ({ body }) => body.includes('ord_3'))
  expect(event).toMatchObject({
    retries: 0,
    data: { order: { external_id: 'ord_3', status: 'fulfilled' }, shipment: { carrier: 'USPS' } },
  })
  expect((await printful('DELETE', `/orders/${id}`)).status).toBe(400)
})

test('an order may fail, and be canceled before it is made', async () => {
  const { id } = (await printful('POST', '/orders?confirm=true', order('ord_4'))).json.result
  await stage.call('POST', `/sandbox/printful/orders/${id}/fail`, { reason: 'No funds' })
  expect((await stage.webhook('order_failed', ({ body }) => body.includes('ord_4'))).event).toMatchObject({
    data: { reason: 'No funds' },
  })
  expect((await printful('DELETE', `/orders/@ord_4`)).json.result.status).toBe('canceled')
  await stage.webhook('order_canceled', ({ body }) => body.includes('ord_4'))
})

test('an order whose answer was lost is found by its external id', async () => {
  await stage.call('POST', '/sandbox/faults', { provider: 'printful', operation: 'orders.create', kind: 'drop_after' })
  await expect(printful('POST', '/orders', order('ord_5'))).rejects.toThrow()
  expect((await printful('GET', '/orders/@ord_5')).json.result.status).toBe('draft')
})

test('an incomplete order and a missing token are refused', async () => {
  expect((await printful('POST', '/orders', { ...order('ord_6'), items: [] })).status).toBe(400)
  expect((await printful('POST', '/orders', { ...order('ord_6'), recipient: {} })).status).toBe(400)
  expect((await stage.call('GET', '/printful/orders')).status).toBe(401)
})
