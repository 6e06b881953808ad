import { createHmac } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { alwaysClosed } from '../../src/platform/breakers.ts'
import { bonum } from '../../src/providers/bonum/bonum-entry.ts'
import { createSharedTokens } from '../../src/providers/shared-tokens.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { secretKey } from '../system.ts'

type Started = { orderId: string; chargeId: string; invoice: string }

// Removes the risk that a provider which can neither be asked nor give back keeps a buyer's money, or ships for money that never came.
describe('Bonum', () => {
  const { system, shop } = runningShop(merchantOrders)

  beforeAll(() =>
    shop.must('POST', '/v2/skus', {
      ...{ id: 'sku-mnt', name: 'Nom', kind: 'digital', price: 35_000, currency: 'MNT' },
      delivery: { contentType: 'text', content: 'x' },
    }),
  )

  const act = (invoice: string, action: string, body?: object) =>
    shop.sandbox('POST', `/sandbox/bonum/invoices/${invoice}/${action}`, body)
  const started = async (): Promise<Started> => {
    const { id: orderId } = await shop.order([{ skuId: 'sku-mnt' }], {
      currency: 'MNT',
      email: `${crypto.randomUUID()}@example.com`,
    })
    const { chargeId, checkoutUrl } = await shop.intent(orderId, 'BONUM')
    return { orderId, chargeId, invoice: checkoutUrl.split('/').at(-1) }
  }
  const bought = async (): Promise<Started> => {
    const payment = await started()
    await act(payment.invoice, 'pay')
    await shop.confirmed(payment.orderId)
    await shop.settled(payment.orderId)
    return payment
  }
  const attention = async ({ orderId }: Started): Promise<string> =>
    (await shop.until(orderId, (seen) => seen.attention !== undefined, 'a person to be called')).attention.reason
  const charge = async ({ orderId, chargeId }: Started) =>
    (await shop.read(orderId)).charges.find(({ id }: { id: string }) => id === chargeId)
  const byHand = (payment: Started, reference: string, more: Json = {}) => {
    const { orderId, chargeId } = payment
    return shop.call('POST', '/v2/settlements/refunds', { orderId, chargeId, reference, ...more })
  }
  const statement = async () => (await fetch(`${system.sandbox.url}/sandbox/bonum/statement`)).text()
  const enter = async (csv: string): Promise<Answer['body']> => {
    const response = await fetch(`${system.url}/v2/settlements?provider=bonum`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'text/csv' },
      body: csv,
    })
    return response.json()
  }
  const post = async (event: object, { spaced = false, key = 'bonum_sandbox' } = {}) => {
    const compact = JSON.stringify(event)
    const response = await fetch(`${system.url}/webhooks/bonum`, {
      method: 'POST',
      headers: { 'x-checksum-v2': createHmac('sha256', key).update(compact).digest('hex').toUpperCase() },
      body: spaced ? JSON.stringify(event, undefined, 2) : compact,
    })
    return response.status
  }
  const success = ({ chargeId, invoice }: Started, body: Json = {}) => ({
    type: 'PAYMENT',
    status: 'SUCCESS',
    body: { transactionId: chargeId, invoiceId: invoice, amount: 35_000, currency: 'MNT', status: 'PAID', ...body },
  })

  it.each([
    ['as it was signed', false],
    ['with white space that was not signed', true],
  ])('takes a webhook %s, and none that is signed with another key', async (_, spaced) => {
    const payment = await started()
    expect(await post(success(payment), { spaced, key: 'another' })).toBe(400)
    expect(await post(success(payment), { spaced })).toBe(200)
    await shop.confirmed(payment.orderId)
  })

  it.each([
    ['no amount', { amount: undefined }, 'payment amount differs from the charge'],
    ['another amount', { amount: 34_999 }, 'payment amount differs from the charge'],
    ['a fraction of a hundredth', { amount: 35_000.001 }, 'payment amount differs from the charge'],
    ['another currency', { currency: 'USD' }, 'payment currency differs from the charge'],
    ['a currency that there is not', { currency: 'ZZZ' }, 'payment currency differs from the charge'],
  ])('ships nothing for a payment that says %s, and calls a person', async (_, body, reason) => {
    const payment = await started()
    expect(await post(success(payment, body))).toBe(200)
    expect(await attention(payment)).toBe(reason)
    expect((await shop.read(payment.orderId)).status).not.toBe('CONFIRMED')
  })

  it('money for an invoice that was left for another way to pay is booked, and given back by hand', async () => {
    const payment = await started()
    const { clientSecret } = await shop.intent(payment.orderId)
    await shop.confirm(clientSecret)
    await shop.confirmed(payment.orderId)
    await act(payment.invoice, 'pay')
    expect(await attention(payment)).toBe('refund-charge: refund_by_hand')
    expect(await charge(payment)).toMatchObject({ state: 'cancelled', capturedAmount: 35_000, refundedAmount: 0 })

    await act(payment.invoice, 'refund')
    const given = await byHand(payment, 'bank 77')
    expect([given.status, given.body]).toMatchObject([200, { refundedAmount: 35_000, booked: true }])
    await shop.until(payment.orderId, (seen) => seen.attention === undefined, 'nobody to wait any more')
    const again = await byHand(payment, 'bank 77')
    expect([again.status, again.body]).toMatchObject([200, { refundedAmount: 35_000, booked: false }])
    expect((await byHand(payment, 'bank 78')).body.errors[0].code).toBe('order_not_refundable')
    expect((await shop.read(payment.orderId)).status).toBe('CONFIRMED')
  })

  it('money that comes after the invoice has expired is told of as too late', async () => {
    const payment = await started()
    await shop.must('POST', `/v2/orders/${payment.orderId}/cancel`, {})
    await act(payment.invoice, 'expire')
    await act(payment.invoice, 'pay-late')
    expect(await attention(payment)).toBe('refund-charge: refund_by_hand')
    expect((await shop.timeline(payment.orderId)).data).toContainEqual(
      expect.objectContaining({ cause: 'order.payment.late' }),
    )
    await act(payment.invoice, 'refund')
    await byHand(payment, 'bank 1')
  })

  it('a refund that was asked for is done once somebody has given it back, with the shares', async () => {
    const payment = await bought()
    const { id } = await shop.must('POST', '/v2/refunds', { orderId: payment.orderId })
    expect(await attention(payment)).toBe('carry-out-refund: refund_by_hand')
    await act(payment.invoice, 'refund')
    expect((await byHand(payment, 'bank 2', { amount: 35_000 })).body).toMatchObject({ refundedAmount: 35_000 })
    await eventually(
      async () => ((await shop.must('GET', `/v2/refunds/${id}`)).state === 'succeeded' ? true : undefined),
      'the refund to be done',
    )
    await shop.settled(payment.orderId)
    expect((await shop.read(payment.orderId)).attention).toBeUndefined()
  })

  it('a part that was given back without anybody asking here is booked, and no more than there is', async () => {
    const payment = await bought()
    await act(payment.invoice, 'refund', { amount: 5_000 })
    expect((await byHand(payment, 'bank 3', { amount: 5_000 })).body).toMatchObject({ refundedAmount: 5_000 })
    expect((await byHand(payment, 'bank 4', { amount: 30_001 })).body.errors[0].code).toBe('order_not_refundable')
    const [nowhere, stripe] = [{ ...payment, chargeId: 'chg_nobodys' }, await shop.order([{ skuId: 'sku-digital' }])]
    expect((await byHand(nowhere, 'bank 5')).status).toBe(404)
    const { chargeId } = await shop.intent(stripe.id)
    expect((await byHand({ orderId: stripe.id, chargeId, invoice: '' }, 'bank 6')).status).toBe(400)
    await shop.settled(payment.orderId)
  })

  it('its statement explains everything that came and went', async () => {
    await bought()
    const body = await enter(await statement())
    // What the webhooks of these tests made up was never paid there.
    expect(body.counts).toMatchObject({ mismatch: 0, unexpected: 0, missing: 3 })
  })

  it('a statement of real orders reconciles to exactly the lines that are wrong', async () => {
    const payments: Started[] = []
    for (let nth = 0; nth < 30; nth += 1) payments.push(await bought())
    const of = (nth: number) => payments[nth]?.invoice ?? ''
    const [head = '', ...lines] = (await statement()).split('\r\n')
    const falsified = lines.flatMap((line) => {
      const [reference = '', invoice, charge, type, amount = '', ...rest] = line.split(',')
      const written = (more: string, change: string) =>
        [`${reference}${more}`, invoice, charge, type, change, ...rest].join(',')
      switch (invoice) {
        case of(1):
          return [written('', '34999.00')]
        case of(2):
          return [written('', '36000.00')]
        case of(3):
          return [line.replace(',MNT,', ',USD,')]
        case of(4):
        case of(5):
          return []
        case of(6):
          return [line, written('-again', amount)]
        case of(7):
          return [line, line]
        case of(8):
          return [
            line,
            line
              .replace(reference, `${reference}-x`)
              .replace(of(8), 'inv_nobodys')
              .replace(charge ?? '', ''),
          ]
        case of(9):
          return [line.replace(/,PAYMENT,/, ',REFUND,')]
        default:
          return [line]
      }
    })
    const body = await enter([head, ...falsified].join('\r\n'))
    const ids = (items: Json[]) => items.map(({ id }) => id)
    const charges = (...nths: number[]) => nths.map((nth) => payments[nth]?.chargeId)
    expect(ids(body.mismatch).sort()).toEqual(charges(1, 2, 3, 6).sort())
    expect(ids(body.missing)).toEqual(expect.arrayContaining(charges(4, 5, 9)))
    expect(body.counts).toMatchObject({ mismatch: 4, missing: 3 + 3, unexpected: 2, doubled: 1, conflict: 0 })
  })
})

// Removes the risk that each process asks for a token of its own, until Bonum answers none of them.
describe('the access token of Bonum', () => {
  const { system, shop } = runningShop(merchantOrders, { workers: false })

  /** An adapter as one process has it. */
  const oneProcess = (more: Record<string, string> = {}) => {
    const variables = { ...bonum.sandbox(system.sandbox.url), ...more }
    const tokens = createSharedTokens(system.database, 2_000)
    const adapter = bonum.create(variables, { timeoutMs: 2_000, breaker: alwaysClosed, tokens })
    if (!adapter) throw new Error('Bonum is switched off')
    let count = 0
    return () =>
      adapter.createIntent({
        chargeId: `chg_${crypto.randomUUID()}${++count}`,
        ...{ orderId: 'ord_1', amount: 100, currency: 'MNT', splits: [] },
        ...{ returnUrl: 'https://shop.example', expiresInSeconds: 600, lookUpFirst: false },
      })
  }
  const logins = async () => (await shop.sandbox('GET', '/sandbox/books?summary')).bonum.logins.count as number
  const fault = (operation: string, kind: string, more: Json = {}) =>
    shop.sandbox('POST', '/sandbox/faults', { provider: 'bonum', operation, kind, ...more })

  it('is asked for once by all processes together', async () => {
    const before = await logins()
    const processes = Array.from({ length: 6 }, () => oneProcess())
    await Promise.all(processes.flatMap((invoice) => [invoice(), invoice(), invoice()]))
    expect(await logins()).toBe(before + 1)
    await oneProcess()()
    expect(await logins()).toBe(before + 1)
  })

  it('is refreshed before it ends, and made anew where it cannot be refreshed', async () => {
    const refreshed = async () => (await shop.sandbox('GET', '/sandbox/faults')).faults.at(-1).fired
    await oneProcess()()
    await fault('auth.refresh', 'slow', { delayMs: 1 })
    await system.database.sql(`update provider_tokens set valid_until = now() + interval '30 seconds'`)
    await oneProcess()()
    expect(await refreshed()).toBe(1)
    await shop.sandbox('POST', '/sandbox/bonum/tokens/expire', { refresh: true })
    await system.database.sql(`update provider_tokens set valid_until = now()`)
    await oneProcess()()
  })

  it('that Bonum does not take any more is replaced, and the call made once more', async () => {
    const invoice = oneProcess()
    await invoice()
    await shop.sandbox('POST', '/sandbox/bonum/tokens/expire')
    expect((await invoice()).checkoutUrl).toMatch(/^http/)
  })

  it('is not asked for again by anybody while Bonum says that it is asked too often', async () => {
    await system.database.sql('delete from provider_tokens')
    await fault('auth.create', 'status', { status: 429, times: 5 })
    await expect(oneProcess()()).rejects.toMatchObject({ code: 'http_429', outcome: 'unavailable' })
    await expect(oneProcess()()).rejects.toMatchObject({
      code: 'token_asked_too_often',
      retryAfterMs: expect.toSatisfy((ms: number) => ms > 0 && ms <= 5_000),
    })
    const { faults } = await shop.sandbox('GET', '/sandbox/faults')
    expect(faults.at(-1).fired).toBe(1)
    await shop.sandbox('DELETE', '/sandbox/faults')
    await system.database.sql(`update provider_tokens set left_alone_until = now()`)
    await oneProcess()()
  })

  it('is waited for no longer than a call may take where a process died while it was asking', async () => {
    await system.database.sql(
      `update provider_tokens set valid_until = null, renewing_until = now() + interval '500 milliseconds'`,
    )
    await oneProcess()()
  })
})
