// Risk removed: an order that is authorized, captured in parts or paid by push through requests that the real Stripe refuses.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import qs from 'qs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nameOf, type Stage, startStage } from '../../sandbox/stage.ts'
import type { MoneyCall, PaymentAdapter } from '../../src/providers/provider.ts'
import type { AuthorizeRequest, SourcePayments } from '../../src/providers/source-payments.ts'
import { createStripeProvider } from '../../src/providers/stripe/stripe.ts'
import { documentsPresent, loadOracle } from './documents.ts'

const present = documentsPresent('Contract with Stripe, sources')

type Exchange = { method: string; path: string; sent: unknown; status: number; answer: { object?: string } }

const requestRoots: [RegExp, string][] = [
  [/^\/v1\/payment_intents$/, 'PaymentIntentCreateParams'],
  [/^\/v1\/payment_intents\/[^/]+\/capture$/, 'PaymentIntentCaptureParams'],
  [/^\/v1\/payment_intents\/[^/]+\/cancel$/, 'PaymentIntentCancelParams'],
  [/^\/v1\/refunds$/, 'RefundCreateParams'],
  [/^\/v1\/transfers$/, 'TransferCreateParams'],
  [/^\/v1\/customers$/, 'CustomerCreateParams'],
  [/^\/v1\/payment_methods\/[^/]+\/attach$/, 'PaymentMethodAttachParams'],
  [/^\/v1\/setup_intents$/, 'SetupIntentCreateParams'],
]
const answerRoots: Record<string, string> = {
  payment_intent: 'PaymentIntent',
  charge: 'Charge',
  refund: 'Refund',
  transfer: 'Transfer',
  customer: 'Customer',
  payment_method: 'PaymentMethod',
  setup_intent: 'SetupIntent',
  review: 'Review',
}
const texts = new Set(['metadata', 'billing_details'])

/** The parameters behind a form: what looks like a number or a flag is one, except where texts are expected. */
function typed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typed)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, texts.has(key) ? part : typed(part)]))
  }
  if (value === 'true' || value === 'false') return value === 'true'
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}

describe.skipIf(!present)('sources through Stripe', () => {
  const exchanges: Exchange[] = []
  let stage: Stage
  let wire: Server
  let provider: PaymentAdapter
  let sources: SourcePayments
  let violations: (root: string, value: unknown) => string[]
  let charges = 0

  beforeAll(async () => {
    const oracle = await loadOracle()
    const validators = new Map<string, (value: unknown) => string[]>()
    violations = (root, value) => {
      const validate = validators.get(root) ?? oracle.stripeTypes(root)
      validators.set(root, validate)
      return validate(value)
    }
    stage = await startStage()
    wire = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      const forward = async () => {
        const body = Buffer.concat(chunks).toString('utf8')
        const { method = 'GET', url = '/', headers } = request
        const answer = await fetch(`${stage.sandbox.url}${url}`, {
          method,
          headers: Object.fromEntries(
            ['authorization', 'content-type', 'idempotency-key', 'stripe-version'].flatMap((name) =>
              typeof headers[name] === 'string' ? [[name, headers[name]]] : [],
            ),
          ),
          ...(method === 'GET' ? {} : { body }),
        })
        const text = await answer.text()
        const path = url.split('?')[0] ?? ''
        exchanges.push({
          method,
          path,
          sent: typed(qs.parse(body, { depth: 6 })),
          status: answer.status,
          answer: JSON.parse(text) as Exchange['answer'],
        })
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
      }
      // A connection that the sandbox cuts is cut here too.
      request.on('end', () => forward().catch(() => response.socket?.destroy()))
    })
    await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
    provider = createStripeProvider(
      {
        secretKey: 'sk_test_contract',
        publishableKey: undefined,
        webhookSecrets: ['whsec_sandbox'],
        apiBase: `http://127.0.0.1:${(wire.address() as AddressInfo).port}`,
        liveMode: false,
      },
      5_000,
    )
    if (!provider.sources) throw new Error('The Stripe provider has no sources')
    sources = provider.sources
  })
  afterAll(async () => {
    await stage?.close()
    wire?.closeAllConnections()
    await new Promise((resolve) => wire?.close(resolve))
  })

  const request = (extra: Partial<AuthorizeRequest> = {}): AuthorizeRequest => {
    charges += 1
    return {
      chargeId: `chg_${charges}`,
      orderId: `ord_${charges}`,
      amount: 10_000,
      currency: 'USD',
      type: 'creditCard',
      paymentMethod: 'pm_card_visa',
      owner: { email: 'buyer@example.com', name: 'A Buyer', address: { line1: '1 Main St', country: 'US' } },
      capture: 'manual',
      offSession: false,
      multicapture: true,
      returnUrl: 'https://shop.example/done',
      expiresInSeconds: 3 * 86_400,
      splits: [{ id: 'spl_1', kind: 'merchant', recipient: 'mrc_1', amount: 9_000 }],
      ...extra,
    }
  }
  const money = (key: string, amount: number, extra: Partial<MoneyCall> = {}): MoneyCall => ({
    key,
    orderId: 'ord_1',
    amount,
    currency: 'USD',
    lookUpFirst: false,
    ...extra,
  })
  const control = (path: string, body: object = {}) => stage.call('POST', `/sandbox/stripe/${path}`, body)

  /** What the provider makes of the webhook of that type about that payment. */
  async function seen(type: string, reference: string) {
    const { body, headers } = await stage.webhook(type, (delivery) => delivery.body.includes(reference))
    const event = await provider.readWebhook(body, new Headers(headers as Record<string, string>))
    expect(event).toMatchObject({ relevant: true })
    return { event, observation: provider.observe({ type, body: event.body }) }
  }

  it('R85 holds the money of a card and takes it in parts', async () => {
    const { reference, observation } = await sources.authorize(request())
    expect(observation).toMatchObject({
      state: 'capturable',
      authorizedAmount: 10_000,
      capturableAmount: 10_000,
      multicapture: true,
      fingerprint: expect.any(String),
      risk: { level: 'normal', outcome: 'authorized' },
    })
    expect(Date.parse(observation.authorizedUntil ?? '')).toBeGreaterThan(Date.now() + 6 * 86_400_000)
    const part = await provider.capture(reference, money('op_1', 4_000, { final: false }))
    expect(part).toMatchObject({ state: 'capturable', capturedAmount: 4_000, capturableAmount: 6_000 })
    const told = await seen('charge.updated', String(observation.providerChargeId))
    expect(told.observation).toMatchObject({ state: 'capturable', capturedAmount: 4_000, multicapture: true })
    // A capture whose answer was lost is not made twice, even after Stripe forgot the key.
    await control('forget-idempotency-keys')
    const again = await provider.capture(reference, money('op_1', 4_000, { final: false, lookUpFirst: true }))
    expect(again).toMatchObject({ capturedAmount: 4_000 })
    const last = await provider.capture(reference, money('op_2', 1_000, { final: true }))
    expect(last).toMatchObject({ state: 'complete', capturedAmount: 5_000 })
    await provider.transfer?.({
      ...money('op_3', 900),
      destination: 'acct_1',
      providerChargeId: String(observation.providerChargeId),
      splitId: 'spl_1',
      fromBalance: true,
    })
  })

  it('reads a declined card as an answer, and the same one again', async () => {
    const declined = request({ paymentMethod: 'pm_card_visa_chargeDeclinedInsufficientFunds' })
    const first = await sources.authorize(declined)
    expect(first.observation).toMatchObject({
      state: 'failed',
      failureCode: 'insufficient_funds',
      failureMessage: 'Your card has insufficient funds.',
    })
    expect(await sources.authorize(declined)).toEqual(first)
    const told = await seen('charge.failed', first.reference)
    expect(told.observation).toMatchObject({ state: 'failed', risk: { outcome: 'issuer_declined' } })
    const blocked = await sources.authorize(request({ paymentMethod: 'pm_card_radarBlock' }))
    const refused = await seen('charge.failed', blocked.reference)
    expect(refused.observation).toMatchObject({ risk: { level: 'highest', outcome: 'blocked' } })
  })

  it('throws for what may have happened, and for what can never work', async () => {
    await control('../faults', {
      provider: 'stripe',
      operation: 'payment_intents.create',
      kind: 'drop_after',
      times: 2,
    })
    const lost = request()
    await expect(sources.authorize(lost)).rejects.toMatchObject({ outcome: 'unknown' })
    expect(await sources.authorize(lost)).toMatchObject({ observation: { state: 'capturable' } })
    await expect(sources.authorize(request({ paymentMethod: 'pm_none' }))).rejects.toMatchObject({ outcome: 'refused' })
    await expect(sources.createSetup({ key: 'set_0', type: 'konbini' })).rejects.toMatchObject({ outcome: 'refused' })
  })

  it('pays off session with a card that a setup kept, until it is let go of', async () => {
    const { reference: customer } = await sources.createCustomer({
      key: 'cst_1',
      customerId: 'cst_1',
      email: 'a@example.com',
      name: 'A Buyer',
    })
    const setup = await sources.createSetup({ key: 'set_1', customer, type: 'creditCard' })
    expect(await sources.readSetup(setup.reference)).toMatchObject({ state: 'requires_action' })
    await stage.stripe.setupIntents.confirm(setup.reference, { payment_method: 'pm_card_mastercard' })
    const { event } = await seen('setup_intent.succeeded', setup.reference)
    expect(event).toMatchObject({ subject: 'setup', reference: setup.reference })
    const report = sources.observeSetup({ type: event.type, body: event.body })
    expect(report).toEqual(await sources.readSetup(setup.reference))
    const { paymentMethod = '' } = report
    expect(await sources.readMethod(paymentMethod)).toMatchObject({
      type: 'creditCard',
      details: { brand: 'MasterCard', lastFourDigits: '4444', expirationMonth: 12, expirationYear: 2034 },
      fingerprint: expect.any(String),
      customer,
    })
    const paid = await sources.authorize(request({ paymentMethod, customer, offSession: true }))
    expect(paid.observation).toMatchObject({ state: 'capturable', multicapture: false })
    await sources.detach(paymentMethod, 'det_1')
    await sources.detach(paymentMethod, 'det_2')
    const other = await stage.stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
    await sources.attach(other.id, customer, 'att_1')
  })

  it('tells of a setup that the bank refused', async () => {
    const setup = await sources.createSetup({ key: 'set_2', type: 'creditCard' })
    await stage.stripe.setupIntents
      .confirm(setup.reference, { payment_method: 'pm_card_chargeDeclined' })
      .catch(() => {})
    await seen('setup_intent.setup_failed', setup.reference)
    expect(await sources.readSetup(setup.reference)).toMatchObject({
      state: 'failed',
      failureCode: 'generic_decline',
    })
  })

  it('sends the buyer of a card to their bank when it asks, and to Bancontact always', async () => {
    const asked = await sources.authorize(request({ paymentMethod: 'pm_card_threeDSecure2Required' }))
    expect(asked).toMatchObject({
      observation: { state: 'pending', awaitingBuyer: true },
      nextAction: { action: 'redirect' },
    })
    const away = await sources.authorize(
      request({ type: 'bancontact', currency: 'EUR', paymentMethod: undefined, capture: 'automatic' }),
    )
    expect(away.nextAction).toMatchObject({ action: 'redirect', redirectUrl: expect.stringContaining(away.reference) })
    await control(`payment_intents/${away.reference}/buyer`, { action: 'complete' })
    expect(await sources.refresh(away.reference, 'EUR')).toMatchObject({
      observation: { state: 'complete', capturedAmount: 10_000 },
      nextAction: undefined,
    })
  })

  it('R157 R161 shows the numbers of a voucher, and learns by push that it was paid or that its time is over', async () => {
    const voucher = { type: 'konbini', currency: 'JPY', paymentMethod: undefined, amount: 4_980 } as const
    const waiting = await sources.authorize(request(voucher))
    expect(waiting).toMatchObject({
      observation: { state: 'pending', awaitingBuyer: true },
      nextAction: {
        action: 'show_payment_instructions',
        expiresAt: expect.any(String),
        konbini: { stores: expect.arrayContaining([expect.objectContaining({ store: 'familymart' })]) },
      },
    })
    await control(`payment_intents/${waiting.reference}/pay-voucher`)
    const { observation } = await seen('payment_intent.succeeded', waiting.reference)
    expect(observation).toMatchObject({ state: 'complete', capturedAmount: 4_980 })

    const refund = await provider.refund?.(waiting.reference, money('op_v', 1_000, { currency: 'JPY' }))
    expect(refund).toMatchObject({ state: 'pending', needsBuyer: true, amount: 1_000 })
    await control(`refunds/${refund?.reference}/fail`, { reason: 'unknown' })
    const failed = await seen('refund.failed', String(refund?.reference))
    expect(failed.observation).toMatchObject({
      kind: 'refund',
      operationId: 'op_v',
      state: 'failed',
      amount: 1_000,
      failureReason: 'unknown',
    })

    const late = await sources.authorize(request(voucher))
    await control(`payment_intents/${late.reference}/expire-voucher`)
    const expired = await seen('payment_intent.payment_failed', late.reference)
    expect(expired.observation).toMatchObject({
      state: 'failed',
      failureCode: 'payment_intent_payment_attempt_expired',
    })
  })

  it('counts what arrives of a bank transfer, and sends its refund on to the bank', async () => {
    const transfer = { type: 'wireTransfer', paymentMethod: undefined } as const
    const waiting = await sources.authorize(
      request({ ...transfer, currency: 'EUR', owner: { email: 'b@example.de', address: { country: 'DE' } } }),
    )
    expect(waiting).toMatchObject({
      observation: { awaitingBuyer: true, fundedAmount: 0 },
      nextAction: {
        amountRemaining: 10_000,
        wireTransfer: { country: 'DE', iban: expect.stringMatching(/^DE/), referenceId: expect.any(String) },
      },
    })
    await control(`payment_intents/${waiting.reference}/fund`, { amount: 4_000 })
    const partly = await seen('payment_intent.partially_funded', waiting.reference)
    expect(partly.observation).toMatchObject({
      state: 'pending',
      fundedAmount: 4_000,
      nextAction: { amountRemaining: 6_000 },
    })
    await control(`payment_intents/${waiting.reference}/fund`, { amount: 6_000 })
    expect(await provider.retrieve(waiting.reference, 'EUR')).toMatchObject({
      state: 'complete',
      capturedAmount: 10_000,
    })

    const refund = await provider.refund?.(waiting.reference, money('op_w', 3_000, { currency: 'EUR' }))
    expect(refund).toMatchObject({ state: 'pending', amount: 3_000 })
    await control(`refunds/${refund?.reference}/finish`)
    const done = await seen('refund.updated', String(refund?.reference))
    expect(done.observation).toMatchObject({ kind: 'refund', operationId: 'op_w', state: 'complete' })
    for (const currency of ['GBP', 'JPY', 'USD', 'MXN']) {
      const { nextAction } = await sources.authorize(request({ ...transfer, currency }))
      expect(nextAction).toMatchObject({ wireTransfer: { accountNumber: expect.stringMatching(/^\d+$/) } })
    }
  })

  it('R153 gives what arrived of an unpaid bank transfer back to the bank, once', async () => {
    const { reference } = await sources.authorize(
      request({ type: 'wireTransfer', paymentMethod: undefined, currency: 'JPY' }),
    )
    await control(`payment_intents/${reference}/fund`, { amount: 4_000 })
    const given = money('op_c', 10_000, { currency: 'JPY' })
    expect(await provider.cancel(reference, given)).toMatchObject({ state: 'cancelled' })
    expect(await provider.cancel(reference, given)).toMatchObject({ state: 'cancelled' })
    const { customer } = await stage.stripe.paymentIntents.retrieve(reference)
    const balance = await stage.stripe.customers.retrieveCashBalance(String(customer))
    expect(balance.available).toEqual({ jpy: 0 })
  })

  it('reads an authorization that expired, whole or half taken', async () => {
    const whole = await sources.authorize(request())
    await control(`payment_intents/${whole.reference}/expire`)
    const gone = await seen('payment_intent.canceled', whole.reference)
    expect(gone.observation).toMatchObject({ state: 'cancelled' })
    expect((await seen('charge.expired', whole.reference)).observation).toEqual({ kind: 'nothing' })
    const half = await sources.authorize(request())
    await provider.capture(half.reference, money('op_h', 4_000, { final: false }))
    await control(`payment_intents/${half.reference}/expire`)
    expect(await provider.retrieve(half.reference, 'USD')).toMatchObject({ state: 'complete', capturedAmount: 4_000 })
  })

  it('sent only requests and got only answers that fit the documents', async () => {
    await stage.quiet()
    const checked = new Set<string>()
    for (const { method, path, sent, status, answer } of exchanges) {
      const root = method === 'POST' ? requestRoots.find(([pattern]) => pattern.test(path))?.[1] : undefined
      if (root) {
        checked.add(root)
        expect(violations(root, sent), `${method} ${path} ${JSON.stringify(sent)}`).toEqual([])
      }
      const object = answerRoots[answer.object ?? '']
      if (status === 200 && object) expect(violations(object, answer), `answer of ${method} ${path}`).toEqual([])
    }
    expect([...checked].sort()).toEqual([
      'CustomerCreateParams',
      'PaymentIntentCancelParams',
      'PaymentIntentCaptureParams',
      'PaymentIntentCreateParams',
      'PaymentMethodAttachParams',
      'RefundCreateParams',
      'SetupIntentCreateParams',
      'TransferCreateParams',
    ])
    const openapi = (await loadOracle()).openapi('stripe/spec3.2023-08-16.json')
    for (const { event } of stage.received) {
      expect(violations('EventType', event.type), event.type).toEqual([])
      const { object } = event.data as { object: { object: string } }
      const root = answerRoots[object.object]
      const complaints = root ? violations(root, object) : openapi.schema(object.object)(object)
      expect(complaints, `${event.type} ${object.object}`).toEqual([])
    }
    const types = new Set(stage.received.map(nameOf))
    for (const type of ['customer_cash_balance_transaction.created', 'refund.failed', 'payment_intent.requires_action'])
      expect(types).toContain(type)
  }, 120_000)
})
