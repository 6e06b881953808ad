// Risk removed: a sandbox whose shapes drift from Stripe's, so that green tests say nothing about the real API.
import type { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nameOf, type Stage, startStage } from '../../sandbox/stage.ts'
import { documentsPresent, loadOracle } from './documents.ts'

const present = documentsPresent('Contract with Stripe')

describe.skipIf(!present)('what is sent to Stripe and what the sandbox answers fit the pinned SDK', () => {
  let stage: Stage
  let violations: (name: string, value: unknown) => string[]
  const order = { metadata: { orderId: 'ord_1' }, transfer_group: 'ord_1' }
  const cards = { allowed_payment_method_types: ['card' as const] }

  beforeAll(async () => {
    const oracle = await loadOracle()
    const validators = new Map<string, (value: unknown) => string[]>()
    violations = (name, value) => {
      const validate = validators.get(name) ?? oracle.stripeTypes(name)
      validators.set(name, validate)
      // Through JSON, as on the wire: the SDK adds fields of its own to what it returns.
      return validate(JSON.parse(JSON.stringify(value)))
    }
    stage = await startStage()
  })
  afterAll(() => stage?.close())

  /** Checks the request, makes it, checks the answer. */
  async function exchange<Params extends object, Answer>(
    request: [name: string, params: Params],
    send: (params: Params) => Promise<Answer>,
    answer: string,
  ): Promise<Answer> {
    expect(violations(...request), 'request').toEqual([])
    const result = await send(request[1])
    expect(violations(answer, result), 'answer').toEqual([])
    return result
  }
  const create = (params: Stripe.PaymentIntentCreateParams) =>
    exchange(['PaymentIntentCreateParams', params], (sent) => stage.stripe.paymentIntents.create(sent), 'PaymentIntent')

  test('an intent that is created, confirmed and settled', async () => {
    const intent = await create({
      amount: 5_000,
      currency: 'usd',
      automatic_payment_methods: { enabled: true },
      description: 'Order 1',
      receipt_email: 'a@example.com',
      ...order,
    })
    const params: Stripe.PaymentIntentConfirmParams = {
      payment_method: 'pm_card_visa',
      return_url: 'https://shop.example',
    }
    await exchange(
      ['PaymentIntentConfirmParams', params],
      (sent) => stage.stripe.paymentIntents.confirm(intent.id, sent),
      'PaymentIntent',
    )
    await stage.webhook('charge.updated', ({ body }) => body.includes(intent.id))
    const settled = await stage.stripe.paymentIntents.retrieve(intent.id, {
      expand: ['latest_charge.balance_transaction', 'payment_method'],
    })
    const charge = settled.latest_charge as Stripe.Charge
    expect(violations('PaymentIntent', settled)).toEqual([])
    expect(violations('Charge', charge)).toEqual([])
    expect(violations('BalanceTransaction', charge.balance_transaction)).toEqual([])
    expect(violations('PaymentMethod', settled.payment_method)).toEqual([])
  })

  test('held money: captured in parts, captured in part, canceled', async () => {
    const held = (extra: object = {}) =>
      create({
        amount: 5_000,
        currency: 'usd',
        capture_method: 'manual',
        payment_method: 'pm_card_visa',
        confirm: true,
        ...cards,
        ...order,
        ...extra,
      })
    const several = await held({ payment_method_options: { card: { request_multicapture: 'if_available' } } })
    const capture = (id: string, params: Stripe.PaymentIntentCaptureParams) =>
      exchange(
        ['PaymentIntentCaptureParams', params],
        (sent) => stage.stripe.paymentIntents.capture(id, sent),
        'PaymentIntent',
      )
    await capture(several.id, { amount_to_capture: 2_000, final_capture: false })
    await capture(several.id, { amount_to_capture: 1_000, final_capture: true })
    const part = await held()
    await capture(part.id, { amount_to_capture: 3_000 })
    expect(violations('Charge', await stage.stripe.charges.retrieve(String(part.latest_charge)))).toEqual([])
    const dropped = await held()
    const params: Stripe.PaymentIntentCancelParams = { cancellation_reason: 'requested_by_customer' }
    await exchange(
      ['PaymentIntentCancelParams', params],
      (sent) => stage.stripe.paymentIntents.cancel(dropped.id, sent),
      'PaymentIntent',
    )
    await stage.call('POST', `/sandbox/stripe/payment_intents/${(await held()).id}/expire`)
  })

  test.each(['pm_card_chargeDeclined', 'pm_card_radarBlock', 'pm_card_visa_chargeDeclinedInsufficientFunds'])(
    'the intent and the charge of %s',
    async (payment_method) => {
      const refused = await stage.stripe.paymentIntents
        .create({ amount: 5_000, currency: 'usd', payment_method, confirm: true, ...cards, ...order })
        .catch((error) => error)
      expect(violations('PaymentIntent', refused.payment_intent)).toEqual([])
      expect(violations('Charge', await stage.stripe.charges.retrieve(refused.payment_intent.latest_charge))).toEqual(
        [],
      )
    },
  )

  test('an intent that waits for the buyer, and its update', async () => {
    const waiting = await create({
      amount: 5_000,
      currency: 'usd',
      payment_method: 'pm_card_threeDSecure2Required',
      confirm: true,
      return_url: 'https://shop.example',
      ...cards,
      ...order,
    })
    expect(waiting.status).toBe('requires_action')
    const params: Stripe.PaymentIntentUpdateParams = { metadata: { note: 'x' }, amount: 6_000 }
    await exchange(
      ['PaymentIntentUpdateParams', params],
      (sent) => stage.stripe.paymentIntents.update(waiting.id, sent),
      'PaymentIntent',
    )
  })

  test('a review, a refund that fails late, transfers with reversals, and a dispute', async () => {
    const intent = await create({
      amount: 5_000,
      currency: 'usd',
      payment_method: 'pm_card_riskLevelElevated',
      confirm: true,
      ...cards,
      ...order,
    })
    expect(violations('Review', await stage.stripe.reviews.approve(String(intent.review)))).toEqual([])
    const transfer: Stripe.TransferCreateParams = {
      amount: 2_000,
      currency: 'usd',
      destination: 'acct_1',
      source_transaction: String(intent.latest_charge),
      ...order,
    }
    const made = await exchange(
      ['TransferCreateParams', transfer],
      (sent) => stage.stripe.transfers.create(sent),
      'Transfer',
    )
    const back: Stripe.TransferCreateReversalParams = { amount: 500, metadata: { orderId: 'ord_1' } }
    await exchange(
      ['TransferCreateReversalParams', back],
      (sent) => stage.stripe.transfers.createReversal(made.id, sent),
      'TransferReversal',
    )
    expect(violations('Transfer', await stage.stripe.transfers.retrieve(made.id))).toEqual([])
    const refund: Stripe.RefundCreateParams = {
      payment_intent: intent.id,
      amount: 1_000,
      reason: 'requested_by_customer',
      metadata: { orderId: 'ord_1' },
    }
    await exchange(['RefundCreateParams', refund], (sent) => stage.stripe.refunds.create(sent), 'Refund')
    const failed = await stage.call('POST', `/sandbox/stripe/payment_intents/${intent.id}/refund-fail`)
    expect(violations('Refund', failed.json)).toEqual([])
    const dispute = await stage.call('POST', '/sandbox/stripe/disputes', { payment_intent: intent.id })
    expect(violations('Dispute', dispute.json)).toEqual([])
    const closed = await stage.call('POST', `/sandbox/stripe/disputes/${dispute.json.id}/close`, { status: 'lost' })
    expect(violations('Dispute', closed.json)).toEqual([])
  })

  test('customers, saved cards and setup intents', async () => {
    const person: Stripe.CustomerCreateParams = { email: 'a@example.com', name: 'A Buyer', metadata: { a: 'b' } }
    const customer = await exchange(
      ['CustomerCreateParams', person],
      (sent) => stage.stripe.customers.create(sent),
      'Customer',
    )
    const attach: Stripe.PaymentMethodAttachParams = { customer: customer.id }
    await exchange(
      ['PaymentMethodAttachParams', attach],
      (sent) => stage.stripe.paymentMethods.attach('pm_card_visa', sent),
      'PaymentMethod',
    )
    const setup: Stripe.SetupIntentCreateParams = {
      customer: customer.id,
      payment_method: 'pm_card_mastercard',
      confirm: true,
      usage: 'off_session',
      ...cards,
    }
    await exchange(['SetupIntentCreateParams', setup], (sent) => stage.stripe.setupIntents.create(sent), 'SetupIntent')
    const asked: Stripe.SetupIntentCreateParams = {
      ...setup,
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'https://shop.example',
    }
    await exchange(['SetupIntentCreateParams', asked], (sent) => stage.stripe.setupIntents.create(sent), 'SetupIntent')
  })

  test('every event that the tests above caused is of a known type, and carries a valid object', async () => {
    await stage.quiet()
    const roots: Record<string, string> = {
      payment_intent: 'PaymentIntent',
      charge: 'Charge',
      refund: 'Refund',
      transfer: 'Transfer',
      review: 'Review',
      dispute: 'Dispute',
      customer: 'Customer',
      payment_method: 'PaymentMethod',
      setup_intent: 'SetupIntent',
    }
    const seen = new Set(stage.received.map(nameOf))
    for (const type of [
      'payment_intent.succeeded',
      'payment_intent.payment_failed',
      'charge.captured',
      'refund.failed',
      'review.closed',
      'transfer.reversed',
      'charge.dispute.closed',
    ]) {
      expect(seen).toContain(type)
    }
    for (const { event } of stage.received) {
      expect(violations('EventType', event.type), event.type).toEqual([])
      const { object } = event.data as { object: { object: string } }
      expect(violations(roots[object.object] ?? object.object, object), `${event.type} ${object.object}`).toEqual([])
      expect(Object.keys(event).sort()).toEqual([
        'api_version',
        'created',
        'data',
        'id',
        'livemode',
        'object',
        'pending_webhooks',
        'request',
        'type',
      ])
    }
  })
})
