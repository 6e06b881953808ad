// Risk removed: a PayPal that takes money nobody agreed to, or takes it twice.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Stage, startStage } from '../stage.ts'
import { isSigned } from './signature.ts'

let stage: Stage
let token = ''

beforeAll(async () => {
  stage = await startStage()
  token = (await stage.call('POST', '/paypal/v1/oauth2/token', {}, { authorization: 'Basic eDp5' })).json.access_token
})
afterEach(() => stage.call('DELETE', '/sandbox/faults'))
afterAll(() => stage.close())

const call = async (method: string, path: string, body?: unknown, requestId: string = crypto.randomUUID()) =>
  stage.call(method, `/paypal/${path}`, body, { authorization: `Bearer ${token}`, 'paypal-request-id': requestId })
const control = async (path: string, body: object = {}) =>
  (await stage.call('POST', `/sandbox/paypal/${path}`, body)).json
const order = (value = '20.00', more: object = {}) => ({
  intent: 'CAPTURE',
  purchase_units: [{ custom_id: 'chg_1', amount: { currency_code: 'USD', value }, ...more }],
  payment_source: { paypal: { experience_context: { return_url: 'https://shop.example/thanks' } } },
})
const approved = async (more: object = {}, funding = 'balance') => {
  const { id } = (await call('POST', 'v2/checkout/orders', order('20.00', more))).json
  await control(`orders/${id}/approve`, { funding })
  return id as string
}
const issueOf = ({ json, status }: { json: { details?: { issue: string }[] }; status: number }) => [
  status,
  json.details?.[0]?.issue,
]

test('nobody is answered without a token', async () => {
  expect((await stage.call('GET', '/paypal/v2/checkout/orders/x')).status).toBe(401)
  expect((await stage.call('POST', '/paypal/v1/oauth2/token', {})).status).toBe(401)
  expect(issueOf(await call('GET', 'v2/checkout/orders/x'))).toEqual([404, 'INVALID_RESOURCE_ID'])
})

test('an order is made once for a request id, approved on its page, and captured once', async () => {
  const made = await call('POST', 'v2/checkout/orders', order(), 'once')
  expect(made.json).toMatchObject({ status: 'PAYER_ACTION_REQUIRED', intent: 'CAPTURE' })
  expect((await call('POST', 'v2/checkout/orders', order(), 'once')).json).toEqual(made.json)
  const { id, links } = made.json
  expect(issueOf(await call('POST', `v2/checkout/orders/${id}/capture`, {}))).toEqual([422, 'ORDER_NOT_APPROVED'])
  const page = links.find(({ rel }: { rel: string }) => rel === 'payer-action').href
  expect(await (await fetch(page)).text()).toContain('Pay now')
  const answer = await fetch(page, { method: 'POST', body: new URLSearchParams({ action: 'pay' }), redirect: 'manual' })
  expect(answer.headers.get('location')).toBe(`https://shop.example/thanks?token=${id}&PayerID=QYR5Z8XDVJNXQ`)
  const paid = await call('POST', `v2/checkout/orders/${id}/capture`, {}, 'take')
  expect(paid.json).toMatchObject({ status: 'COMPLETED' })
  expect((await call('POST', `v2/checkout/orders/${id}/capture`, {}, 'take')).json).toEqual(paid.json)
  expect(issueOf(await call('POST', `v2/checkout/orders/${id}/capture`, {}))).toEqual([422, 'ORDER_ALREADY_CAPTURED'])
  expect(await (await fetch(page)).text()).toContain('This order is paid.')
  const cancelled = await fetch(`${page}x`, { method: 'POST', body: new URLSearchParams({ action: 'cancel' }) })
  expect(cancelled.status).toBe(404)
})

test('a refusal is repeated for its request id, until the buyer approves anew', async () => {
  const id = await approved({}, 'declined')
  const declined = [422, 'INSTRUMENT_DECLINED']
  expect(issueOf(await call('POST', `v2/checkout/orders/${id}/capture`, {}, 'refused'))).toEqual(declined)
  await control(`orders/${id}/approve`)
  expect(issueOf(await call('POST', `v2/checkout/orders/${id}/capture`, {}, 'refused'))).toEqual(declined)
  expect((await call('POST', `v2/checkout/orders/${id}/capture`, {})).json.status).toBe('COMPLETED')
})

test.each([
  [{ currency_code: 'USD', value: '0.00' }, 'CANNOT_BE_ZERO_OR_NEGATIVE'],
  [{ currency_code: 'USD', value: '-1.00' }, 'CANNOT_BE_ZERO_OR_NEGATIVE'],
  [{ currency_code: 'USD', value: '1.001' }, 'DECIMAL_PRECISION'],
  [{ currency_code: 'JPY', value: '100.50' }, 'DECIMALS_NOT_SUPPORTED'],
  [{ currency_code: 'KWD', value: '1.000' }, 'INVALID_CURRENCY_CODE'],
])('%o is refused with %s', async (amount, issue) => {
  expect(issueOf(await call('POST', 'v2/checkout/orders', order('1.00', { amount })))).toEqual([422, issue])
})

test('an invoice is paid once', async () => {
  const [first, second] = [await approved({ invoice_id: 'inv-1' }), await approved({ invoice_id: 'inv-1' })]
  expect((await call('POST', `v2/checkout/orders/${first}/capture`, {})).status).toBe(201)
  expect(issueOf(await call('POST', `v2/checkout/orders/${second}/capture`, {}))).toEqual([422, 'DUPLICATE_INVOICE_ID'])
})

test('no more goes back than was paid, and nothing of what is not decided', async () => {
  const id = await approved({}, 'reviewed')
  const { purchase_units } = (await call('POST', `v2/checkout/orders/${id}/capture`, {})).json
  const { id: capture, status } = purchase_units[0].payments.captures[0]
  expect(status).toBe('PENDING')
  const refund = (value: string) =>
    call('POST', `v2/payments/captures/${capture}/refund`, { amount: { currency_code: 'USD', value } })
  expect(issueOf(await refund('1.00'))).toEqual([422, 'PENDING_CAPTURE'])
  await control(`orders/${id}/decide`)
  expect((await refund('15.00')).json).toMatchObject({ status: 'COMPLETED', amount: { value: '15.00' } })
  expect(issueOf(await refund('5.01'))).toEqual([422, 'REFUND_AMOUNT_EXCEEDED'])
  expect((await refund('5.00')).status).toBe(201)
  expect(issueOf(await refund('0.01'))).toEqual([422, 'CAPTURE_FULLY_REFUNDED'])
  const balance = (await stage.call('GET', '/sandbox/books?summary')).json.paypal.refunds
  expect(balance.sums.USD).toBeGreaterThanOrEqual(2_000)
})

test('webhooks are signed over the text that is sent, by the certificate at the address that they name', async () => {
  const id = await approved()
  const fits = ({ body }: { body: string }) => body.includes(id)
  const { headers, body } = await waitFor('CHECKOUT.ORDER.APPROVED', fits)
  const read = (name: string) => String(headers[`paypal-${name}`])
  const transmission = { id: read('transmission-id'), time: read('transmission-time'), webhookId: '5ANDB0XWEBH00K1D7' }
  expect(isSigned({ ...transmission, body }, read('transmission-sig'))).toBe(true)
  expect(isSigned({ ...transmission, body: `${body} ` }, read('transmission-sig'))).toBe(false)
  expect(await (await fetch(read('cert-url'))).text()).toContain('BEGIN CERTIFICATE')
  const question = {
    ...{ auth_algo: read('auth-algo'), cert_url: read('cert-url'), transmission_id: read('transmission-id') },
    ...{ transmission_sig: read('transmission-sig'), transmission_time: read('transmission-time') },
    webhook_id: transmission.webhookId,
  }
  const verify = async (event: string) => {
    const text = `${JSON.stringify(question).slice(0, -1)},"webhook_event":${event}}`
    const init = { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: text }
    const answer = await fetch(`${stage.sandbox.url}/paypal/v1/notifications/verify-webhook-signature`, init)
    return ((await answer.json()) as { verification_status: string }).verification_status
  }
  expect([await verify(body), await verify(`{"x":1,${body.slice(1)}`)]).toEqual(['SUCCESS', 'FAILURE'])
})

const waitFor = async (type: string, fits: (delivery: { body: string }) => boolean) => {
  await stage.quiet()
  const found = stage.received.find((delivery) => delivery.event.event_type === type && fits(delivery))
  if (!found) throw new Error(`There was no ${type}`)
  return found
}
