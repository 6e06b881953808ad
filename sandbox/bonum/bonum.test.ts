// Risk removed: a hosted payment whose only proof is a webhook, handled as if it could be asked for.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stage, startStage } from '../stage.ts'

let stage: Stage
const gateway = '/bonum/bonum-gateway/ecommerce'

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())

async function login() {
  const headers = { authorization: 'AppSecret secret', 'x-terminal-id': '17171119' }
  return (await stage.call('GET', `${gateway}/auth/create`, undefined, headers)).json
}
async function invoice(transactionId: string) {
  const { accessToken } = await login()
  const body = { amount: 35_000, callback: 'https://shop.example/thanks', transactionId, expiresIn: 600 }
  return (await stage.call('POST', `${gateway}/invoices`, body, { authorization: `Bearer ${accessToken}` })).json
}

test('a terminal gets a token for half an hour and may refresh it', async () => {
  const token = await login()
  expect(token).toMatchObject({ tokenType: 'Bearer', expiresIn: 1_800, unit: 'SECONDS' })
  const refreshed = await stage.call('GET', `${gateway}/auth/refresh`, undefined, {
    authorization: `Bearer ${token.refreshToken}`,
  })
  expect(refreshed.json.accessToken).not.toBe(token.accessToken)
  expect((await stage.call('GET', `${gateway}/auth/create`)).status).toBe(401)
  expect((await stage.call('POST', `${gateway}/invoices`, {}, { authorization: 'Bearer wrong' })).status).toBe(401)
})

test('the buyer pays on the followed link, and the webhook says so', async () => {
  const { invoiceId, followUpLink } = await invoice('ord_1')
  const html = await (await fetch(followUpLink)).text()
  expect(html).toContain('MNT')
  const answer = await fetch(followUpLink, {
    method: 'POST',
    body: new URLSearchParams({ action: 'pay' }),
    redirect: 'manual',
  })
  expect(answer.headers.get('location')).toBe('https://shop.example/thanks')
  const { event } = await stage.webhook('PAYMENT', ({ body }) => body.includes(invoiceId))
  expect(event).toMatchObject({
    status: 'SUCCESS',
    body: { status: 'PAID', amount: 35_000, currency: 'MNT', transactionId: 'ord_1' },
  })
  const books = (await stage.call('GET', '/sandbox/books?orderId=ord_1')).json.bonum
  expect(books.invoices).toMatchObject([{ id: invoiceId, status: 'PAID', count: 1 }])
})

test('an unpaid invoice expires with a FAILED webhook, and cannot be paid afterwards', async () => {
  const { invoiceId } = await invoice('ord_2')
  await stage.call('POST', `/sandbox/bonum/invoices/${invoiceId}/expire`)
  const { event } = await stage.webhook('PAYMENT', ({ body }) => body.includes('ord_2'))
  expect(event).toMatchObject({ status: 'FAILED', body: { invoiceStatus: 'EXPIRED', transactionId: 'ord_2' } })
  const late = await stage.call('POST', `/sandbox/bonum/invoices/${invoiceId}/pay`)
  expect(late.json.status).toBe('EXPIRED')
})
