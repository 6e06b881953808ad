// Risk removed: an invoice in coins whose states are easier than those of the server that it plays.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stage, startStage } from '../stage.ts'

let stage: Stage
const api = '/btcpay/api/v1'
const key = { authorization: 'token key' }

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())

const call = (method: string, path: string, body?: unknown) => stage.call(method, `${api}/${path}`, body, key)
const invoice = async (checkout: Record<string, unknown> = {}) =>
  (
    await call('POST', 'stores/s1/invoices', {
      amount: '20.00',
      currency: 'USD',
      metadata: { orderId: 'chg_1' },
      checkout: { expirationMinutes: 5, redirectURL: 'https://shop.example/thanks', ...checkout },
    })
  ).json
const happen = (id: string, action: string, amount?: number) =>
  stage.call('POST', `/sandbox/btcpay/invoices/${id}/${action}`, amount === undefined ? {} : { amount })
const read = async (id: string) => (await call('GET', `stores/s1/invoices/${id}`)).json

test('asks for its key, and keeps the invoices of a store to it', async () => {
  expect((await stage.call('GET', `${api}/stores/s1/invoices`)).status).toBe(401)
  const { id } = await invoice()
  expect((await call('GET', `stores/s2/invoices/${id}`)).status).toBe(404)
  const found = (await call('GET', 'stores/s1/invoices?orderId=chg_1')).json
  expect(found.map((each: { id: string }) => each.id)).toContain(id)
  expect((await call('GET', 'stores/s1/invoices?orderId=chg_2')).json).toEqual([])
  for (const wrong of [{ amount: '-1' }, { currency: 'XYZ' }, { checkout: { expirationMinutes: 0.1 } }])
    expect((await call('POST', 'stores/s1/invoices', { amount: '1', currency: 'USD', ...wrong })).status).toBe(400)
})

test('a buyer pays on its page, and the next block settles it', async () => {
  const { id, checkoutLink } = await invoice()
  expect(await (await fetch(checkoutLink)).text()).toContain('$20.00')
  const act = (action: string) =>
    fetch(checkoutLink, { method: 'POST', body: new URLSearchParams({ action }), redirect: 'manual' })
  await act('pay')
  expect(await read(id)).toMatchObject({ status: 'Processing', additionalStatus: 'None', paidAmount: '20.00' })
  await act('confirm')
  expect((await read(id)).status).toBe('Settled')
  expect((await act('leave')).headers.get('location')).toBe('https://shop.example/thanks')
  const { event } = await stage.webhook('InvoiceSettled', ({ body }) => body.includes(id))
  expect(event).toMatchObject({ manuallyMarked: false, overPaid: false, metadata: { orderId: 'chg_1' } })
})

test.each([
  ['too little', ['pay 12', 'confirm', 'expire'], ['Expired', 'PaidPartial']],
  ['in parts', ['pay 12', 'pay', 'confirm'], ['Settled', 'None']],
  ['too much', ['pay 23', 'confirm'], ['Settled', 'PaidOver']],
  ['late', ['expire', 'pay', 'confirm'], ['Expired', 'PaidLate']],
  ['and gone', ['pay', 'confirm', 'reorganise'], ['Invalid', 'None']],
  ['by the word of a person', ['mark_settled', 'mark_invalid'], ['Invalid', 'Marked']],
])('paid %s', async (_, steps, [status, additionalStatus]) => {
  const { id } = await invoice()
  for (const step of steps) {
    const [action = '', amount] = step.split(' ')
    await happen(id, action, amount === undefined ? undefined : Number(amount))
  }
  expect(await read(id)).toMatchObject({ status, additionalStatus })
})

test('without waiting for a block where the speed policy says so, and with less where that is tolerated', async () => {
  const fast = await invoice({ speedPolicy: 'HighSpeed' })
  await happen(fast.id, 'pay')
  expect((await read(fast.id)).status).toBe('Settled')
  const lenient = await invoice({ paymentTolerance: 10 })
  await happen(lenient.id, 'pay', 18.5)
  expect((await read(lenient.id)).status).toBe('Processing')
})

test('money goes back as a claim, in parts, until it is withdrawn', async () => {
  const { id } = await invoice()
  const ask = { refundVariant: 'Custom', customAmount: '5.00', customCurrency: 'USD', name: 'Refund op_1' }
  expect((await call('POST', `stores/s1/invoices/${id}/refund`, ask)).json.code).toBe('non-refundable')
  await happen(id, 'pay')
  await happen(id, 'confirm')
  const pull = (await call('POST', `stores/s1/invoices/${id}/refund`, ask)).json
  expect(pull).toMatchObject({ name: 'Refund op_1', amount: '5.00', currency: 'USD', archived: false })
  expect((await call('GET', 'stores/s1/pull-payments')).json).toContainEqual(pull)
  const claim = (amount: number) => stage.call('POST', `/sandbox/btcpay/pull-payments/${pull.id}/claim`, { amount })
  const payout = (await claim(2)).json
  expect((await claim(4)).status).toBe(400)
  await stage.call('POST', `/sandbox/btcpay/payouts/${payout.id}/approve`)
  await stage.call('POST', `/sandbox/btcpay/payouts/${payout.id}/pay`)
  const { event } = await stage.webhook('PayoutUpdated', ({ body }) => body.includes(pull.id))
  expect(event).toMatchObject({ payoutState: 'Completed', pullPaymentId: pull.id, storeId: 's1' })
  await stage.call('POST', `/sandbox/btcpay/pull-payments/${pull.id}/archive`)
  expect((await call('GET', 'stores/s1/pull-payments')).json).not.toContainEqual(
    expect.objectContaining({ id: pull.id }),
  )
  const page = await (await fetch(pull.viewLink)).text()
  expect(page).toContain('It was withdrawn.')
  const csv = (await stage.call('GET', '/sandbox/btcpay/statement')).text
  expect(csv).toContain(`${payout.id},bcrt1qbuyer,Payout,BTC,,,,2.00,USD`)
})
