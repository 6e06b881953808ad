// Risk removed: an engine that takes a voucher or a bank transfer for a card, and never sees its late, short or double money.
import type { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nameOf, type Stage, startStage } from '../stage.ts'
import { endOfTokyoDay } from './vouchers.ts'

let stage: Stage
let orders = 0

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())

const forOrder = () => {
  orders += 1
  return { metadata: { orderId: `ord_${orders}` }, transfer_group: `ord_${orders}` }
}
const control = (id: string, action: string, body: object = {}) =>
  stage.call('POST', `/sandbox/stripe/payment_intents/${id}/${action}`, body)
const typesFor = (id: string) => stage.received.filter(({ body }) => body.includes(id)).map(nameOf)

const voucher = (extra: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stage.stripe.paymentIntents.create({
    amount: 4_980,
    currency: 'jpy',
    allowed_payment_method_types: ['konbini'],
    payment_method_data: { type: 'konbini', billing_details: { email: 'buyer@example.jp', name: '山田太郎' } },
    confirm: true,
    ...forOrder(),
    ...extra,
  })

describe('a Konbini voucher', () => {
  test('asks the buyer to go to a store, and is paid there days later', async () => {
    const intent = await voucher({ payment_method_options: { konbini: { expires_after_days: 2 } } })
    expect(intent).toMatchObject({ status: 'requires_action', latest_charge: null, amount_received: 0 })
    const details = intent.next_action?.konbini_display_details
    expect(details?.expires_at).toBe(endOfTokyoDay(intent.created, 2))
    expect(Object.keys(details?.stores ?? {})).toEqual(['familymart', 'lawson', 'ministop', 'seicomart'])
    const paid = await control(intent.id, 'pay-voucher', { store: 'lawson' })
    expect(paid.json).toMatchObject({ status: 'succeeded', amount_received: 4_980, next_action: null })
    const charge = await stage.stripe.charges.retrieve(paid.json.latest_charge)
    expect(charge).toMatchObject({
      captured: true,
      payment_method_details: { konbini: { store: { chain: 'lawson' } } },
    })
    await stage.webhook('payment_intent.succeeded', ({ body }) => body.includes(intent.id))
    expect((await control(intent.id, 'pay-voucher')).status).toBe(409)
  })

  test('that nobody pays expires, and another payment method may be tried', async () => {
    const intent = await voucher()
    await control(intent.id, 'expire-voucher')
    await stage.webhook('payment_intent.payment_failed', ({ body }) => body.includes(intent.id))
    expect(await stage.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'requires_payment_method',
      next_action: null,
      last_payment_error: { code: 'payment_intent_payment_attempt_expired' },
    })
    expect(typesFor(intent.id)).not.toContain('charge.failed')
  })

  test.each([
    ['manual capture', { capture_method: 'manual' }, 'capture_method'],
    ['less than 120 yen', { amount: 119 }, 'amount'],
    ['more than 300,000 yen', { amount: 300_001 }, 'amount'],
    ['another currency', { currency: 'usd' }, 'allowed_payment_method_types'],
    ['no e-mail', { payment_method_data: { type: 'konbini' } }, 'billing_details[email]'],
    [
      'both ways to say when it expires',
      { payment_method_options: { konbini: { expires_after_days: 2, expires_at: 4_000_000_000 } } },
      'payment_method_options[konbini][expires_at]',
    ],
    ['a card in its place', { payment_method_data: { type: 'customer_balance' } }, 'payment_method'],
  ] as const)('is refused with %s', async (_, wrong, param) => {
    await expect(voucher(wrong as Partial<Stripe.PaymentIntentCreateParams>)).rejects.toMatchObject({
      statusCode: 400,
      param,
    })
  })

  test('is refunded only once the buyer said where to: the refund waits, and may still fail', async () => {
    const intent = await voucher()
    await control(intent.id, 'pay-voucher')
    const refund = await stage.stripe.refunds.create({ payment_intent: intent.id, amount: 1_000 })
    expect(refund).toMatchObject({
      status: 'requires_action',
      next_action: { display_details: { email_sent: { email_sent_to: 'buyer@example.jp' } } },
    })
    const finished = await stage.call('POST', `/sandbox/stripe/refunds/${refund.id}/finish`)
    expect(finished.json).toMatchObject({ status: 'succeeded' })
    await stage.webhook('refund.updated', ({ body }) => body.includes(refund.id))
    await stage.webhook('charge.refunded', ({ body }) => body.includes(String(refund.charge)))

    const second = await stage.stripe.refunds.create({ payment_intent: intent.id, amount: 500 })
    const failed = await stage.call('POST', `/sandbox/stripe/refunds/${second.id}/fail`, { reason: 'unknown' })
    expect(failed.json).toMatchObject({ status: 'failed', failure_reason: 'unknown' })
    await stage.webhook('refund.failed', ({ body }) => body.includes(second.id))
    const third = await stage.stripe.refunds.create({ payment_intent: intent.id, amount: 3_980 })
    expect(await stage.stripe.refunds.cancel(third.id)).toMatchObject({ status: 'canceled' })
    await expect(stage.stripe.refunds.cancel(refund.id)).rejects.toMatchObject({ statusCode: 400 })
  })
})

describe('a bank transfer', () => {
  const transfer = async (extra: Partial<Stripe.PaymentIntentCreateParams> = {}) => {
    const customer = await stage.stripe.customers.create({ email: 'buyer@example.jp' })
    return stage.stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'jpy',
      customer: customer.id,
      allowed_payment_method_types: ['customer_balance'],
      payment_method_data: { type: 'customer_balance' },
      payment_method_options: {
        customer_balance: { funding_type: 'bank_transfer', bank_transfer: { type: 'jp_bank_transfer' } },
      },
      confirm: true,
      ...forOrder(),
      ...extra,
    })
  }

  test('is paid in two pieces, and what was sent too much stays with the customer', async () => {
    const intent = await transfer()
    expect(intent.next_action?.display_bank_transfer_instructions).toMatchObject({
      amount_remaining: 10_000,
      financial_addresses: [{ type: 'zengin', zengin: { bank_name: expect.any(String) } }],
    })
    const partly = await control(intent.id, 'fund', { amount: 4_000 })
    expect(partly.json).toMatchObject({
      status: 'requires_action',
      next_action: { display_bank_transfer_instructions: { amount_remaining: 6_000 } },
    })
    await stage.webhook('payment_intent.partially_funded', ({ body }) => body.includes(intent.id))
    const paid = await control(intent.id, 'fund', { amount: 6_500 })
    expect(paid.json).toMatchObject({ status: 'succeeded', amount_received: 10_000 })
    const balance = await stage.stripe.customers.retrieveCashBalance(String(intent.customer))
    expect(balance.available).toEqual({ jpy: 500 })
    await stage.webhook('cash_balance.funds_available', ({ body }) => body.includes(String(intent.customer)))
  })

  test('takes what the customer already sent, at once when it is enough', async () => {
    const first = await transfer()
    await control(first.id, 'fund', { amount: 25_000 })
    const second = await transfer({ customer: String(first.customer) })
    expect(second).toMatchObject({ status: 'succeeded', amount_received: 10_000 })
    const third = await transfer({ customer: String(first.customer) })
    expect(third.next_action?.display_bank_transfer_instructions?.amount_remaining).toBe(5_000)
  })

  test('that is canceled half paid gives the money to the cash balance, from where it goes to the bank', async () => {
    const intent = await transfer()
    await control(intent.id, 'fund', { amount: 4_000 })
    await stage.stripe.paymentIntents.cancel(intent.id)
    const customer = String(intent.customer)
    expect((await stage.stripe.customers.retrieveCashBalance(customer)).available).toEqual({ jpy: 4_000 })
    const back = { origin: 'customer_balance', customer, currency: 'jpy', amount: 4_000 } as const
    const refund = await stage.stripe.refunds.create(back)
    expect(refund).toMatchObject({ status: 'pending', charge: null, customer })
    await expect(stage.stripe.refunds.create(back)).rejects.toMatchObject({ statusCode: 400 })
    await stage.call('POST', `/sandbox/stripe/refunds/${refund.id}/finish`)
    expect(await stage.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'succeeded' })
    const moves = await stage.stripe.customers.listCashBalanceTransactions(customer)
    expect(moves.data.map(({ type }) => type).sort()).toEqual([
      'applied_to_payment',
      'funded',
      'return_initiated',
      'unapplied_from_payment',
    ])
  })

  test('is refunded into the cash balance', async () => {
    const intent = await transfer()
    await control(intent.id, 'fund', { amount: 10_000 })
    const refund = await stage.stripe.refunds.create({ payment_intent: intent.id, amount: 3_000 })
    expect(refund).toMatchObject({ status: 'succeeded', destination_details: { type: 'customer_cash_balance' } })
    const balance = await stage.stripe.customers.retrieveCashBalance(String(intent.customer))
    expect(balance.available).toEqual({ jpy: 3_000 })
  })

  test.each([
    ['eur', { type: 'eu_bank_transfer', eu_bank_transfer: { country: 'DE' } }, 'iban'],
    ['gbp', { type: 'gb_bank_transfer' }, 'sort_code'],
    ['usd', { type: 'us_bank_transfer' }, 'aba'],
    ['mxn', { type: 'mx_bank_transfer' }, 'spei'],
  ] as const)('in %s names an account of its own kind', async (currency, bank_transfer, type) => {
    const intent = await transfer({
      currency,
      payment_method_options: { customer_balance: { funding_type: 'bank_transfer', bank_transfer } },
    })
    expect(intent.next_action?.display_bank_transfer_instructions?.financial_addresses?.[0]?.type).toBe(type)
  })

  test('needs a customer, the kind of transfer, and no manual capture', async () => {
    const without = { ...(await transfer()).payment_method_options }
    expect(without.customer_balance?.funding_type).toBe('bank_transfer')
    const options = { payment_method_options: { customer_balance: {} } }
    await expect(transfer(options)).rejects.toMatchObject({ code: 'parameter_missing' })
    await expect(transfer({ capture_method: 'manual' })).rejects.toMatchObject({ param: 'capture_method' })
    const params = {
      amount: 10_000,
      currency: 'jpy',
      allowed_payment_method_types: ['customer_balance'],
      payment_method_data: { type: 'customer_balance' },
      confirm: true,
    }
    await expect(stage.stripe.paymentIntents.create(params)).rejects.toMatchObject({ param: 'customer' })
  })
})

describe('a bank redirect', () => {
  const redirect = () =>
    stage.stripe.paymentIntents.create({
      amount: 2_500,
      currency: 'eur',
      allowed_payment_method_types: ['bancontact'],
      payment_method_data: { type: 'bancontact', billing_details: { name: 'Jeanne Dupont' } },
      confirm: true,
      return_url: 'https://shop.example/done',
      ...forOrder(),
    })

  test.each([
    ['complete', 'succeeded'],
    ['fail', 'requires_payment_method'],
  ])('sends the buyer to their bank, who may %s it', async (action, status) => {
    const intent = await redirect()
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } })
    const after = await control(intent.id, 'buyer', { action })
    expect(after.json.intent).toMatchObject({ status })
  })
})
