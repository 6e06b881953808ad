import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Invoice, Paid } from './btcpay-schemas.ts'
import { readBtcpayWebhook } from './btcpay-webhooks.ts'
import { observeInvoice } from './observe-invoice.ts'

/** Computed from the rule in the server's documents: a header of this body under this secret. */
const vector = {
  secret: 'btcpaysecret',
  header: 'sha256=35b2b91b0c9ac2092190b566aad4eb70b029b22db11680967f4b8fdfba943e8d',
  body: '{"deliveryId":"d1","webhookId":"w1","originalDeliveryId":"d1","isRedelivery":false,"type":"InvoiceSettled","timestamp":1700000000,"storeId":"s1","invoiceId":"inv1","metadata":{"orderId":"ord_1"},"manuallyMarked":false,"overPaid":false}',
}
const read = (body: string, header: string, secrets = [vector.secret]) =>
  readBtcpayWebhook(secrets, body, new Headers({ 'btcpay-sig': header }))
const sign = (body: string) => `sha256=${createHmac('sha256', vector.secret).update(body).digest('hex')}`

// Removes the risk that somebody else speaks for the server, or that its word is taken for another's.
describe('a webhook', () => {
  it('is verified by the secret of the store, also while it rotates', () => {
    expect(read(vector.body, vector.header)).toMatchObject({ eventId: 'd1', reference: 'inv1', relevant: false })
    expect(read(vector.body, vector.header, ['another', vector.secret]).eventId).toBe('d1')
  })

  it('with any other byte in its body or its signature is refused, and so is one without', () => {
    const refused = (body: string, header: string) =>
      expect(() => read(body, header)).toThrow(expect.objectContaining({ code: 'invalid_signature' }))
    const change = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`
    for (let at = 0; at < vector.body.length; at += 1) refused(change(vector.body, at), vector.header)
    for (let at = 0; at < vector.header.length; at += 1) refused(vector.body, change(vector.header, at))
    for (const header of ['', 'sha256=', vector.header.slice(7), vector.header.toUpperCase(), `${vector.header}0`])
      refused(vector.body, header)
    expect(() => readBtcpayWebhook([], vector.body, new Headers())).toThrow()
  })

  it.each([
    ['an invoice of ours', { invoiceId: 'i', metadata: { orderId: 'chg_01abc' } }, 'InvoiceSettled', true, 'chg_01abc'],
    [
      'an invoice of somebody else',
      { invoiceId: 'i', metadata: { orderId: '1000' } },
      'InvoiceSettled',
      false,
      undefined,
    ],
    ['an invoice without a number', { invoiceId: 'i', metadata: {} }, 'InvoiceSettled', false, undefined],
    ['a claim', { pullPaymentId: 'p', payoutId: 'o' }, 'PayoutUpdated', true, undefined],
    ['a payout of nothing', { payoutId: 'o' }, 'PayoutUpdated', false, undefined],
    ['something else', { invoiceId: 'i', metadata: { orderId: 'chg_01abc' } }, 'PlanStarted', false, 'chg_01abc'],
  ])('about %s', (_, more, type, relevant, chargeId) => {
    const body = JSON.stringify({ originalDeliveryId: 'd', type, timestamp: 1_700_000_000, storeId: 's', ...more })
    expect(read(body, sign(body))).toMatchObject({ relevant, chargeId })
  })

  it('that is delivered again has the number of its first delivery', () => {
    const body = vector.body.replace('"deliveryId":"d1"', '"deliveryId":"d9"').replace('false', 'true')
    expect(read(body, sign(body)).eventId).toBe('d1')
  })
})

// Removes the risk that coins are counted that are not there, or not counted that are.
describe('an invoice', () => {
  const invoice = (status: Invoice['status'], additionalStatus = 'None', currency = 'USD'): Invoice => ({
    id: 'i',
    amount: '20.00',
    currency,
    checkoutLink: 'https://pay.example/i',
    createdTime: 1,
    status,
    additionalStatus,
  })
  const paid = (...payments: [value: string, status: Paid[number]['payments'][number]['status']][]): Paid => [
    {
      currency: 'BTC',
      rate: '50000.0',
      payments: payments.map(([value, status], index) => ({ id: String(index), value, fee: '0.0', status })),
    },
  ]
  const settled = (value: string): [string, 'Settled'] => [value, 'Settled']

  it.each([
    ['New', 'None', [], { state: 'pending', awaitingBuyer: false }],
    ['New', 'PaidPartial', [settled('0.0002')], { state: 'pending', awaitingBuyer: true, fundedAmount: 1_000 }],
    ['Processing', 'None', [['0.0004', 'Processing']], { state: 'pending', awaitingBuyer: true, underWay: true }],
    ['Settled', 'None', [settled('0.0004')], { state: 'complete', capturedAmount: 2_000 }],
    ['Settled', 'None', [settled('0.0002'), settled('0.0002')], { state: 'complete', capturedAmount: 2_000 }],
    ['Settled', 'PaidOver', [settled('0.0005')], { state: 'complete', capturedAmount: 2_000, surplusAmount: 500 }],
    ['Settled', 'None', [settled('0.000396')], { state: 'complete', capturedAmount: 2_000, shortfallAmount: 20 }],
    ['Settled', 'Marked', [], { state: 'complete', capturedAmount: 2_000, shortfallAmount: 2_000 }],
    ['Expired', 'None', [], { state: 'failed', failureCode: 'expired' }],
    ['Expired', 'PaidPartial', [['0.0002', 'Processing']], { state: 'pending', underWay: true }],
    ['Expired', 'PaidPartial', [settled('0.0002')], { state: 'complete', capturedAmount: 1_000 }],
    ['Expired', 'PaidLate', [settled('0.0002'), settled('0.0003')], { capturedAmount: 2_000, surplusAmount: 500 }],
    ['Invalid', 'Marked', [settled('0.0002')], { state: 'complete', over: true, capturedAmount: 1_000 }],
    ['Invalid', 'None', [['0.0004', 'Invalid']], { state: 'cancelled' }],
  ] as const)('%s, %s', (status, additionalStatus, payments, seen) => {
    const observed = observeInvoice(
      invoice(status, additionalStatus),
      paid(...payments.map(([v, s]) => [v, s] as never)),
    )
    expect(observed).toMatchObject({ kind: 'charge', currency: 'USD', ...seen })
  })

  it('whose payments do not stand is a lost dispute, for whoever took them for money', () => {
    expect(observeInvoice(invoice('Invalid'), []).disputes).toMatchObject([
      { state: 'lost', reason: 'chain_reorganised' },
    ])
    expect(observeInvoice(invoice('Invalid', 'Marked'), []).disputes).toMatchObject([{ reason: 'marked_invalid' }])
  })

  it('of what is no money is nothing that could be counted', () => {
    expect(observeInvoice(invoice('Settled', 'None', 'XYZ'), [])).toMatchObject({ state: 'pending' })
  })
})
