import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Stage, startStage } from '../../../sandbox/stage.ts'
import { alwaysClosed } from '../../platform/breakers.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { IntentRequest, PaymentAdapter } from '../provider.ts'
import { paypal } from './paypal-entry.ts'

// Removes the risk that money is taken or given back twice, or believed to be there before it is.
describe('the adapter of PayPal', () => {
  let stage: Stage
  let adapter: PaymentAdapter

  beforeAll(async () => {
    stage = await startStage()
    adapter = connect()
  })
  afterEach(() => stage.call('DELETE', '/sandbox/faults'))
  afterAll(() => stage.close())

  const connect = (): PaymentAdapter => {
    const variables = { ...paypal.sandbox(stage.sandbox.url), PAYPAL_WEBHOOK_ID: paypal.sandboxSecret }
    const made = paypal.create(variables, { timeoutMs: 2_000, breaker: alwaysClosed })
    if (!made) throw new Error('PayPal is switched off')
    return made
  }
  const control = async (path: string, body: object = {}) =>
    (await stage.call('POST', `/sandbox/paypal/${path}`, body)).json
  const fault = (operation: string, kind: string, more: object = {}) =>
    stage.call('POST', '/sandbox/faults', { provider: 'paypal', operation, kind, ...more })
  const books = async (chargeId: string) =>
    (await stage.call('GET', `/sandbox/books?orderId=${chargeId}`)).json.paypal as Record<string, { id: string }[]>

  let count = 0
  const request = (more: Partial<IntentRequest> = {}): IntentRequest => {
    count += 1
    return {
      chargeId: `chg_adapter${count}`,
      orderId: 'ord_adapter',
      amount: 2_000,
      currency: 'USD',
      splits: [],
      returnUrl: 'https://shop.example/thanks?order=1',
      expiresInSeconds: 600,
      lookUpFirst: false,
      ...more,
    }
  }
  const money = (asked: IntentRequest, key: string, amount = asked.amount) => ({
    key,
    orderId: asked.orderId,
    amount,
    currency: asked.currency,
    lookUpFirst: false,
  })
  const take = (reference: string, asked: IntentRequest) =>
    adapter.take?.(reference, { key: `${asked.chargeId}-take`, amount: asked.amount, currency: asked.currency })
  const approved = async (asked = request(), funding = 'balance') => {
    const { reference } = await adapter.createIntent(asked)
    await control(`orders/${reference}/approve`, { funding })
    return { asked, reference }
  }
  const paid = async (more: Partial<IntentRequest> = {}) => {
    const { asked, reference } = await approved(request(more))
    await take(reference, asked)
    return { asked, reference }
  }
  const codeOf = async (call: Promise<unknown> | undefined): Promise<unknown[]> => {
    const error = await Promise.resolve(call).catch((caught: unknown) => caught)
    return error instanceof ProviderError ? [error.outcome, error.code] : [error]
  }

  it('asks for an order once for each charge, on PayPal’s page, and leads back to the shop', async () => {
    const asked = request()
    const [first, again] = [await adapter.createIntent(asked), await adapter.createIntent(asked)]
    expect(again).toEqual(first)
    expect((await books(asked.chargeId)).orders).toHaveLength(1)
    const body = { body: 'action=pay', method: 'POST', redirect: 'manual' } as const
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await fetch(first.checkoutUrl ?? '', { ...body, headers })
    expect(answer.headers.get('location')).toMatch(/^https:\/\/shop\.example\/thanks\?order=1&token=/)
    expect(await adapter.retrieve(first.reference, 'USD')).toMatchObject({ state: 'pending', approved: true })
  })

  it('takes nothing that its buyer has not approved', async () => {
    const asked = request()
    const { reference } = await adapter.createIntent(asked)
    expect(await take(reference, asked)).toMatchObject({ state: 'pending' })
    expect((await books(asked.chargeId)).captures).toEqual([])
  })

  it.each(['drop_after', 'html', 'truncated'])('takes the money once when the answer is lost by %s', async (kind) => {
    const { asked, reference } = await approved()
    await fault('orders.capture', kind, { after: true })
    expect((await codeOf(take(reference, asked))).at(0)).toBe('unknown')
    expect(await take(reference, asked)).toMatchObject({ state: 'complete', capturedAmount: 2_000 })
    expect((await books(asked.chargeId)).captures).toHaveLength(1)
  })

  it('tells of a refused means of payment, and takes another one that the buyer chooses', async () => {
    const { asked, reference } = await approved(request(), 'declined')
    const refused = { state: 'failed', failureCode: 'instrument_declined', approved: undefined }
    expect(await take(reference, asked)).toMatchObject(refused)
    expect(await take(reference, asked)).toMatchObject(refused)
    await control(`orders/${reference}/approve`)
    expect(await take(reference, asked)).toMatchObject({ state: 'complete' })
  })

  it('does not take another amount than was asked for', async () => {
    const { asked, reference } = await approved()
    for (const other of [
      { ...asked, amount: 1_999 },
      { ...asked, currency: 'EUR' },
    ])
      expect(await take(reference, other)).toMatchObject({
        state: 'failed',
        failureCode: 'amount_differs',
        spent: true,
      })
    expect((await books(asked.chargeId)).captures).toEqual([])
  })

  it('believes no payment that PayPal still looks at; one that it refuses is over', async () => {
    const { asked, reference } = await approved(request(), 'reviewed')
    const seen = await take(reference, asked)
    expect(seen).toMatchObject({ state: 'pending', awaitingBuyer: true })
    expect(seen?.approved).toBeUndefined()
    await control(`orders/${reference}/decide`, { accepted: false })
    expect(await adapter.retrieve(reference, 'USD')).toMatchObject({ state: 'failed', spent: true })
    const accepted = await approved(request(), 'reviewed')
    await take(accepted.reference, accepted.asked)
    await control(`orders/${accepted.reference}/decide`)
    expect(await adapter.retrieve(accepted.reference, 'USD')).toMatchObject({ state: 'complete' })
  })

  it('gives up what is not paid, and tells of what is', async () => {
    const { asked, reference } = await approved()
    expect(await adapter.cancel(reference, money(asked, 'op_c1'))).toMatchObject({ state: 'cancelled' })
    const done = await paid()
    const kept = { state: 'complete', capturedAmount: 2_000 }
    expect(await adapter.cancel(done.reference, money(done.asked, 'op_c2'))).toMatchObject(kept)
    const gone = await approved()
    await control(`orders/${gone.reference}/expire`)
    expect(await adapter.cancel(gone.reference, money(gone.asked, 'op_c3'))).toMatchObject({ state: 'cancelled' })
    expect(await adapter.retrieve(gone.reference, 'USD')).toMatchObject({ failureCode: 'order_expired', spent: true })
  })

  it('gives back once, whatever is heard of it, and no more than was paid', async () => {
    const { asked, reference } = await paid()
    await fault('captures.refund', 'drop_after')
    expect((await codeOf(adapter.refund?.(reference, money(asked, 'op_r1', 700)))).at(0)).toBe('unknown')
    const refund = await adapter.refund?.(reference, { ...money(asked, 'op_r1', 700), lookUpFirst: true })
    expect(refund).toMatchObject({ state: 'complete', amount: 700 })
    expect(await codeOf(adapter.refund?.(reference, money(asked, 'op_r2', 1_301)))).toEqual([
      'refused',
      'more_than_captured',
    ])
    await control(`orders/${reference}/refund`, { amount: 100 })
    const list = await adapter.listRefunds?.(reference)
    expect(list).toMatchObject([
      { operationId: undefined, amount: 100 },
      { operationId: 'op_r1', amount: 700 },
    ])
    expect(await adapter.retrieve(reference, 'USD')).toMatchObject({ state: 'complete', refundedAmount: 800 })
    expect((await books(asked.chargeId)).refunds).toHaveLength(2)
  })

  it('waits for refunds that PayPal has not sent yet, which may fail', async () => {
    await control('settings', { refunds: 'PENDING' })
    const { asked, reference } = await paid()
    const refund = await adapter.refund?.(reference, money(asked, 'op_p1', 500))
    await control('settings', { refunds: 'COMPLETED' })
    expect(refund).toMatchObject({ state: 'pending' })
    await control(`refunds/${refund?.reference}/end`, { arrived: false })
    expect(await adapter.retrieveRefund?.(refund?.reference ?? '')).toMatchObject({ state: 'failed' })
    expect(await adapter.refund?.(reference, money(asked, 'op_p2'))).toMatchObject({ state: 'complete' })
  })

  it('writes and reads yen, forints and Taiwan dollars without decimals', async () => {
    for (const [currency, amount] of [
      ['JPY', 3_500],
      ['HUF', 3_500],
      ['TWD', 350_000],
    ] as const) {
      const { asked, reference } = await paid({ currency, amount })
      expect(await adapter.retrieve(reference, currency)).toMatchObject({ capturedAmount: amount, currency })
      expect(await adapter.refund?.(reference, money(asked, `op_${currency}`))).toMatchObject({ amount })
    }
    const odd = adapter.createIntent(request({ currency: 'TWD', amount: 350_050 }))
    expect(await codeOf(odd)).toEqual(['refused', 'decimals_not_supported'])
    expect(adapter.currencies).not.toContain('KWD')
  })

  it('keeps its token, and asks for another one when PayPal has ended it', async () => {
    const fresh = connect()
    const tokens = async () => (await stage.call('GET', '/sandbox/faults')).json.faults.at(-1).fired
    await fault('oauth2.token', 'slow', { delayMs: 1, times: 100 })
    const asked = request()
    const { reference } = await fresh.createIntent(asked)
    await Promise.all([fresh.retrieve(reference, 'USD'), fresh.retrieve(reference, 'USD')])
    expect(await tokens()).toBe(1)
    await control('tokens/expire')
    await Promise.all([fresh.retrieve(reference, 'USD'), fresh.retrieve(reference, 'USD')])
    expect(await tokens()).toBe(2)
    await control('tokens/expire')
    await stage.call('DELETE', '/sandbox/faults')
    await fault('oauth2.token', 'status', { status: 500 })
    expect(await codeOf(fresh.retrieve(reference, 'USD'))).toEqual(['unknown', 'http_500'])
    expect(await fresh.retrieve(reference, 'USD')).toMatchObject({ state: 'pending' })
  })

  it('finds an order that was paid in a time that the database has lost', async () => {
    const { asked, reference } = await paid()
    expect(await adapter.createIntent({ ...asked, lookUpFirst: true })).toEqual({ reference })
    const other = request({ lookUpFirst: true })
    expect((await adapter.createIntent(other)).checkoutUrl).toContain('token=')
  })

  describe('with held money', () => {
    const hold = async () => {
      const token = (await stage.call('POST', '/paypal/v1/oauth2/token', {}, { authorization: 'Basic eDp5' })).json
      const headers = { authorization: `Bearer ${token.access_token}`, 'paypal-request-id': crypto.randomUUID() }
      const unit = { custom_id: `chg_hold${count}`, amount: { currency_code: 'USD', value: '20.00' } }
      const body = { intent: 'AUTHORIZE', purchase_units: [unit] }
      const { id: reference } = (await stage.call('POST', '/paypal/v2/checkout/orders', body, headers)).json
      await control(`orders/${reference}/approve`)
      const asked = request()
      expect(await take(reference, asked)).toMatchObject({ state: 'capturable', authorizedAmount: 2_000 })
      return { reference, asked }
    }

    it('takes it in parts, each once, and lets go of the rest', async () => {
      const { reference, asked } = await hold()
      const part = { ...money(asked, 'op_h1', 500), final: false }
      await fault('authorizations.capture', 'drop_after')
      expect((await codeOf(adapter.capture(reference, part))).at(0)).toBe('unknown')
      const seen = { state: 'capturable', capturedAmount: 500, capturableAmount: 1_500 }
      expect(await adapter.capture(reference, { ...part, lookUpFirst: true })).toMatchObject(seen)
      const last = { ...money(asked, 'op_h2', 700), final: true }
      expect(await adapter.capture(reference, last)).toMatchObject({ state: 'complete', capturedAmount: 1_200 })
      expect(await codeOf(adapter.capture(reference, money(asked, 'op_h3', 1)))).toEqual(['refused', 'nothing_is_held'])
      expect(await adapter.refund?.(reference, money(asked, 'op_h4', 700))).toMatchObject({ amount: 700 })
      expect(await adapter.refund?.(reference, money(asked, 'op_h5', 500))).toMatchObject({ amount: 500 })
    })

    it('renews a hold that PayPal does not honour any more, and ends one on demand', async () => {
      const { reference, asked } = await hold()
      const [authorization] = (await control(`orders/${reference}/approve`)).purchase_units[0].payments.authorizations
      await control(`authorizations/${authorization.id}/age`, { days: 4 })
      expect(await adapter.capture(reference, money(asked, 'op_a1'))).toMatchObject({ state: 'complete' })
      const other = await hold()
      expect(await adapter.cancel(other.reference, money(asked, 'op_a2'))).toMatchObject({ state: 'cancelled' })
      expect(await adapter.retrieve(other.reference, 'USD')).toMatchObject({ state: 'cancelled', lapsed: false })
    })
  })

  it('answers a dispute with what the order knows', async () => {
    const { reference } = await paid()
    const { dispute_id: id } = await control(`orders/${reference}/dispute`)
    await adapter.submitEvidence?.(id, {
      texts: { trackingNumber: '1Z999', shippingCarrier: 'UPS', customerName: 'Ada' },
      files: [
        { kind: 'receipt', name: 'receipt.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') },
      ],
    })
    expect((await adapter.retrieve(reference, 'USD'))?.disputes).toMatchObject([
      { reference: id, state: 'under_review' },
    ])
    expect(await codeOf(adapter.submitEvidence?.(id, { texts: { other: 'More' }, files: [] }))).toEqual([
      'refused',
      'ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE',
    ])
  })
})
