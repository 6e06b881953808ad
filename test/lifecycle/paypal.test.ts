import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { paypalSignature } from '../../sandbox/paypal/signature.ts'
import { listFindings } from '../../src/audit/findings.ts'
import { runAudit } from '../../src/audit/run-audit.ts'
import { createWorkerParts, type WorkerParts } from '../../workers/connect-worker.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json, storefront } from '../storefront.ts'

const webhookId = '5ANDB0XWEBH00K1D7'

type Started = { orderId: string; chargeId: string; reference: string }

// Removes the risk that goods leave for money that PayPal has not let us have, or that its buyers' money stays where no order is.
describe('payments at PayPal', () => {
  const { system, shop } = runningShop(storefront)
  let parts: WorkerParts
  /** Orders whose money only a test has told of: the auditor rightly misses it at PayPal. */
  const invented = new Set<string>()

  beforeAll(async () => {
    parts = await createWorkerParts(system.parts.config, 'audit')
    for (const [currency, price] of Object.entries({ EUR: 20, JPY: 3_500, KWD: 6.5 }))
      await shop.must('POST', '/v2/skus', {
        id: `sku-${currency.toLowerCase()}`,
        name: 'Song',
        kind: 'digital',
        price,
        currency,
        delivery: { contentType: 'text', content: 'la la la' },
      })
  })
  afterAll(() => parts?.close())
  afterEach(async () => {
    await shop.sandbox('DELETE', '/sandbox/faults')
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'paypal', mode: 'normal' })
    await shop.sandbox('POST', '/sandbox/paypal/settings', { refunds: 'COMPLETED', bookDelaySeconds: 0 })
  })

  const ordered = (currency = 'EUR'): Promise<Answer['body']> =>
    shop.order([{ skuId: `sku-${currency.toLowerCase()}` }], {
      currency,
      shipTo: undefined,
      email: `${crypto.randomUUID()}@example.com`,
    })
  const ask = async (orderId: string): Promise<Started> => {
    const { chargeId, checkoutUrl } = await shop.intent(orderId, 'PAYPAL')
    return { orderId, chargeId, reference: new URL(checkoutUrl).searchParams.get('token') ?? '' }
  }
  const started = async (currency?: string) => ask((await ordered(currency)).id)
  const at = ({ reference }: Started, action: string, body: Json = {}) =>
    shop.sandbox('POST', `/sandbox/paypal/orders/${reference}/${action}`, body)
  const fault = (operation: string, kind: string, more: Json = {}) =>
    shop.sandbox('POST', '/sandbox/faults', { provider: 'paypal', operation, kind, ...more })
  const webhooks = (mode: string) => shop.sandbox('POST', '/sandbox/webhooks', { provider: 'paypal', mode })
  const bought = async (currency?: string) => {
    const payment = await started(currency)
    await at(payment, 'approve')
    await shop.confirmed(payment.orderId)
    return payment
  }
  const reviewed = async () => {
    const payment = await started()
    await at(payment, 'approve', { funding: 'reviewed' })
    await shop.until(payment.orderId, ({ state }) => state === 'pending_payment', 'the review')
    return payment
  }
  const chargeOf = async ({ orderId, chargeId }: Started): Promise<Answer['body']> =>
    (await shop.read(orderId)).charges.find(({ id }: { id: string }) => id === chargeId)
  const books = async ({ chargeId }: Started) =>
    (await shop.sandbox('GET', `/sandbox/books?orderId=${chargeId}`)).paypal as Record<string, Json[]>
  const quiet = () =>
    eventually(async () => {
      const { pending } = await shop.sandbox('GET', '/sandbox/webhooks')
      const [row] = await system.database.sql<{ open: number }>(
        `select (select count(*) from inbox_events where handled_at is null and outcome is null)
           + (select count(*) from tasks where state in ('pending', 'enqueued') and run_at <= now() + interval '20 seconds') as open`,
      )
      return !pending && row?.open === 0 ? true : undefined
    }, 'every webhook and task to be done')
  const explained = async () => {
    await quiet()
    await runAudit(parts, 0)
    const { findings } = await listFindings(system.database.sql, 'open', { limit: 100 })
    expect(findings.filter(({ orderId }) => !invented.has(orderId ?? ''))).toEqual([])
  }
  const givenBack = async (payment: Started) => {
    await eventually(async () => {
      const { capturedAmount, refundedAmount } = await chargeOf(payment)
      return capturedAmount > 0 && refundedAmount === capturedAmount ? true : undefined
    }, 'the money to go back')
    await explained()
  }
  const send = async (event: object, headers: Record<string, string> = {}) => {
    const body = JSON.stringify(event)
    const signed = { ...paypalSignature(webhookId, body, system.sandbox.url), ...headers }
    const answer = await fetch(`${system.url}/webhooks/paypal`, { method: 'POST', headers: signed, body })
    return { status: answer.status, body: (await answer.json()) as Answer['body'] }
  }
  const completed = (
    { chargeId, reference }: Started,
    money: [value: string, currency: string],
    more: object = {},
  ) => ({
    id: `WH-${crypto.randomUUID()}`,
    event_type: 'PAYMENT.CAPTURE.COMPLETED',
    create_time: new Date().toISOString(),
    resource: {
      id: '3C5555555555',
      status: 'COMPLETED',
      amount: { value: money[0], currency_code: money[1] },
      custom_id: chargeId,
      supplementary_data: { related_ids: { order_id: reference } },
      ...more,
    },
  })

  it('ship nothing while PayPal looks at them, and everything once it says yes', async () => {
    const payment = await reviewed()
    await quiet()
    expect(await shop.read(payment.orderId)).toMatchObject({ state: 'pending_payment', status: 'PENDING' })
    // A review takes longer than an order waits for its buyer.
    const [order] = await system.database.sql<{ hours: number }>(
      'select extract(epoch from expires_at - now()) / 3600 as hours from orders where id = $1',
      [payment.orderId],
    )
    expect(Number(order?.hours)).toBeGreaterThan(71)
    await at(payment, 'decide')
    await shop.confirmed(payment.orderId)
    await explained()
  })

  it('end when PayPal says no, and the order is paid by another one', async () => {
    const payment = await reviewed()
    await at(payment, 'decide', { accepted: false })
    await shop.until(payment.orderId, ({ state }) => state === 'payment_failed', 'the refusal')
    const again = await ask(payment.orderId)
    expect(again.chargeId).not.toBe(payment.chargeId)
    expect(await chargeOf(payment)).toMatchObject({ state: 'cancelled', failureCode: 'other' })
    await at(again, 'approve')
    await shop.confirmed(payment.orderId)
    await explained()
  })

  it('go back when PayPal says yes after the order was cancelled', async () => {
    const payment = await reviewed()
    await shop.must('POST', `/v2/orders/${payment.orderId}/cancel`, {})
    await at(payment, 'decide')
    await givenBack(payment)
    expect((await shop.read(payment.orderId)).state).toBe('cancelled')
  })

  it('are not taken when the order has ended between the buyer’s word and ours', async () => {
    await webhooks('paused')
    const payment = await started()
    await at(payment, 'approve')
    await shop.must('POST', `/v2/orders/${payment.orderId}/cancel`, {})
    await webhooks('normal')
    await explained()
    expect((await books(payment)).captures).toEqual([])
    expect((await shop.read(payment.orderId)).state).toBe('cancelled')
  })

  it('are asked for anew when PayPal has forgotten the order, which is not cancelled for it', async () => {
    const payment = await started()
    await at(payment, 'expire')
    await shop.must('POST', `/v2/orders/${payment.orderId}/refresh`, {})
    expect(await shop.read(payment.orderId)).toMatchObject({ state: 'payment_failed' })
    const again = await ask(payment.orderId)
    await at(again, 'approve')
    await shop.confirmed(payment.orderId)
  })

  it.each([
    ['orders.capture', 'status', { status: 500, after: true }],
    ['orders.capture', 'status', { status: 429 }],
    ['orders.capture', 'slow', { after: true, delayMs: 2_500 }],
    ['orders.get', 'status', { status: 503, times: 3 }],
    ['oauth2.token', 'status', { status: 401 }],
  ])('are taken once through %s with %s %o', async (operation, kind, more) => {
    await shop.sandbox('POST', '/sandbox/paypal/tokens/expire')
    const payment = await started()
    if (operation === 'oauth2.token') await shop.sandbox('POST', '/sandbox/paypal/tokens/expire')
    await fault(operation, kind, more)
    await at(payment, 'approve')
    await shop.confirmed(payment.orderId)
    expect((await books(payment)).captures).toHaveLength(1)
    await explained()
  })

  it.each([
    ['another amount', ['19.99', 'EUR']],
    ['another currency', ['20.00', 'USD']],
    ['no amount at all', ['x', 'EUR']],
  ] as const)('of %s call a person, and ship nothing', async (_, money) => {
    const payment = await started()
    expect((await send(completed(payment, [...money]))).status).toBe(200)
    const order = await shop.until(payment.orderId, ({ attention }) => attention !== undefined, 'a person to be called')
    expect(order.status).not.toBe('CONFIRMED')
    invented.add(payment.orderId)
  })

  it('are not believed of a stranger, and leave no trace', async () => {
    const payment = await started()
    const event = completed(payment, ['20.00', 'EUR'])
    const other = paypalSignature(webhookId, 'another body', system.sandbox.url)
    const elsewhere = { 'paypal-cert-url': `${system.url}/v1/notifications/certs/CERT-1` }
    for (const headers of [other, elsewhere, { 'paypal-transmission-sig': '' }])
      expect(await send(event, headers)).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'invalid_signature' }] },
      })
    expect(await system.database.sql('select 1 from inbox_events where event_id = $1', [event.id])).toEqual([])
    expect((await shop.read(payment.orderId)).state).toBe('pending')
  })

  it('of another order’s number are not counted to this one', async () => {
    const [mine, other] = [await started(), await bought()]
    const event = completed({ ...other, chargeId: mine.chargeId }, ['20.00', 'EUR'])
    expect((await send(event)).status).toBe(200)
    await shop.until(mine.orderId, ({ attention }) => attention !== undefined, 'a person to be called')
    expect((await shop.read(mine.orderId)).state).toBe('pending')
  })

  it('are whole yen; of what PayPal does not take the storefront is told', async () => {
    const payment = await bought('JPY')
    expect(await chargeOf(payment)).toMatchObject({ capturedAmount: 3_500, currency: 'JPY' })
    await shop.must('POST', '/v2/refunds', { orderId: payment.orderId, amount: 500 })
    await eventually(
      async () => ((await chargeOf(payment)).refundedAmount === 500 ? true : undefined),
      'the refund of 500 yen',
    )
    const dinars = await ordered('KWD')
    const answer = await shop.call('POST', `/v2/orders/${dinars.id}/payment-intent`, { paymentMethod: 'PAYPAL' })
    expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'payment_method_unavailable'])
    await explained()
  })

  it('that were given back at PayPal are known, although that is heard of first', async () => {
    await webhooks('paused')
    const payment = await started()
    await at(payment, 'approve')
    await shop.must('POST', `/v2/orders/${payment.orderId}/refresh`, {})
    await at(payment, 'refund', { amount: 800 })
    const { pending } = await shop.sandbox('GET', '/sandbox/webhooks')
    expect(pending).toBeGreaterThan(0)
    await shop.sandbox('POST', '/sandbox/webhooks/resend', { type: 'PAYMENT.CAPTURE.REFUNDED', provider: 'paypal' })
    await eventually(async () => ((await chargeOf(payment)).refundedAmount === 8 ? true : undefined), 'the refund')
    await webhooks('normal')
    await explained()
  })

  it('that are to go back and do not arrive are with the order again', async () => {
    const payment = await bought()
    await shop.sandbox('POST', '/sandbox/paypal/settings', { refunds: 'PENDING' })
    await shop.must('POST', '/v2/refunds', { orderId: payment.orderId, amount: 5 })
    const refund = await eventually(async () => (await books(payment)).refunds?.at(0), 'the refund at PayPal')
    await quiet()
    expect((await chargeOf(payment)).refundedAmount).toBe(0)
    await shop.sandbox('POST', `/sandbox/paypal/refunds/${refund.id}/end`, { arrived: false })
    await eventually(async () => {
      const { data } = await shop.must('GET', `/v2/refunds?orderId=${payment.orderId}`)
      return data[0]?.state === 'failed' ? true : undefined
    }, 'the refund to fail')
    await explained()
  })

  it('are disputed: asked about, claimed, answered and decided, with everything in the books', async () => {
    const payment = await bought()
    const { dispute_id: reference } = await at(payment, 'dispute', { stage: 'INQUIRY' })
    const isShown = (state: string) =>
      shop.until(payment.orderId, ({ disputeState }) => disputeState === state, `the dispute to be ${state}`)
    await isShown('warning_needs_response')
    await shop.sandbox('POST', `/sandbox/paypal/disputes/${reference}/escalate`)
    await isShown('needs_response')
    const [dispute] = (await shop.must('GET', `/v2/disputes?orderId=${payment.orderId}`)).data
    expect(dispute).toMatchObject({ reason: 'merchandise_or_service_not_received', amount: 20 })
    await shop.must('POST', `/v2/disputes/${dispute.id}/evidence`, { other: 'They have heard the song.' })
    await isShown('under_review')
    await explained()
    await shop.sandbox('POST', `/sandbox/paypal/disputes/${reference}/close`, { outcome: 'RESOLVED_BUYER_FAVOUR' })
    await isShown('lost')
    await explained()
  })

  it('that are not in PayPal’s books yet are no findings', async () => {
    await shop.sandbox('POST', '/sandbox/paypal/settings', { bookDelaySeconds: 3 * 3_600 })
    await bought()
    await explained()
    await shop.sandbox('POST', '/sandbox/paypal/settings', { bookDelaySeconds: 0 })
    await explained()
  })
})
