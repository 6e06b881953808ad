// Risk removed: shipping in parts against a charge that Stripe captures only once, or paying shares from one that forbids it.
import type { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stage, startStage } from '../stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())

const held = (payment_method = 'pm_card_visa', extra: object = {}) =>
  stage.stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    capture_method: 'manual',
    payment_method,
    payment_method_options: { card: { request_multicapture: 'if_available' } },
    confirm: true,
    expand: ['latest_charge'],
    metadata: { orderId: 'ord_1' },
    ...extra,
  })
const capture = (id: string, amount_to_capture: number, final_capture: boolean) =>
  stage.stripe.paymentIntents.capture(id, { amount_to_capture, final_capture })
const chargeOf = (intent: Stripe.PaymentIntent) => intent.latest_charge as Stripe.Charge

describe('several captures of one payment', () => {
  test('are available for a Visa that asked for them, and for no Mastercard', async () => {
    const visa = chargeOf(await held()).payment_method_details?.card
    expect(visa?.multicapture?.status).toBe('available')
    expect(visa?.capture_before).toBeGreaterThan(Date.now() / 1_000)
    const other = await held('pm_card_mastercard')
    expect(chargeOf(other).payment_method_details?.card?.multicapture?.status).toBe('unavailable')
    await expect(capture(other.id, 1_000, false)).rejects.toMatchObject({ param: 'final_capture' })
  })

  test('leave the payment open until the last one, which may take nothing more', async () => {
    const intent = await held()
    expect(await capture(intent.id, 4_000, false)).toMatchObject({ status: 'requires_capture', amount_received: 4_000 })
    expect(await capture(intent.id, 0, true)).toMatchObject({ status: 'succeeded', amount_received: 4_000 })
    const charge = await stage.stripe.charges.retrieve(chargeOf(intent).id)
    expect(charge).toMatchObject({ captured: true, amount_captured: 4_000, amount_refunded: 6_000, refunded: false })
  })

  test('end after the fiftieth', async () => {
    const intent = await held()
    for (let count = 0; count < 50; count += 1) await capture(intent.id, 10, false)
    await expect(capture(intent.id, 10, false)).rejects.toMatchObject({ statusCode: 400 })
    expect(await capture(intent.id, 0, true)).toMatchObject({ status: 'succeeded', amount_received: 500 })
  })

  test('that expire half taken leave a success over what was taken', async () => {
    const intent = await held()
    await capture(intent.id, 4_000, false)
    await stage.call('POST', `/sandbox/stripe/payment_intents/${intent.id}/expire`)
    expect(await stage.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'succeeded',
      amount_received: 4_000,
      amount_capturable: 0,
    })
  })

  test('can be refunded in between, but never beyond what was taken', async () => {
    const intent = await held()
    await capture(intent.id, 4_000, false)
    await expect(stage.stripe.refunds.create({ payment_intent: intent.id, amount: 4_001 })).rejects.toMatchObject({
      param: 'amount',
    })
    await stage.stripe.refunds.create({ payment_intent: intent.id, amount: 4_000 })
    expect(await stage.stripe.charges.retrieve(chargeOf(intent).id)).toMatchObject({
      amount_refunded: 4_000,
      refunded: false,
    })
    await capture(intent.id, 1_000, true)
    expect(await stage.stripe.charges.retrieve(chargeOf(intent).id)).toMatchObject({ refunded: false })
    await stage.stripe.refunds.create({ payment_intent: intent.id, amount: 1_000 })
    expect(await stage.stripe.charges.retrieve(chargeOf(intent).id)).toMatchObject({ refunded: true })
  })

  test('forbid transfers that draw on the charge, not those from the balance', async () => {
    const intent = await held()
    await capture(intent.id, 4_000, false)
    const transfer = { amount: 1_000, currency: 'usd', destination: 'acct_1' }
    await expect(
      stage.stripe.transfers.create({ ...transfer, source_transaction: chargeOf(intent).id }),
    ).rejects.toMatchObject({ param: 'source_transaction' })
    expect(await stage.stripe.transfers.create(transfer)).toMatchObject({ source_transaction: null })
  })
})

describe('a payment method', () => {
  test('that nobody keeps pays once, and one that was let go of never again', async () => {
    const { id } = await stage.stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
    await held(id)
    await expect(held(id)).rejects.toMatchObject({ param: 'payment_method' })
    const customer = await stage.stripe.customers.create({ email: 'a@example.com' })
    await expect(stage.stripe.paymentMethods.attach(id, { customer: customer.id })).rejects.toMatchObject({
      statusCode: 400,
    })
    const kept = await stage.stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    const again = { customer: customer.id, off_session: true }
    expect(await held(kept.id, again)).toMatchObject({ status: 'requires_capture' })
    expect(await held(kept.id, again)).toMatchObject({ status: 'requires_capture' })
    await stage.stripe.paymentMethods.detach(kept.id)
    await expect(held(kept.id)).rejects.toMatchObject({ param: 'payment_method' })
  })

  test('tells the same card apart from others by its fingerprint', async () => {
    const fingerprint = async (token: string) =>
      (await stage.stripe.paymentMethods.create({ type: 'card', card: { token } })).card?.fingerprint
    expect(await fingerprint('tok_visa')).toBe(await fingerprint('tok_visa'))
    expect(await fingerprint('tok_visa')).not.toBe(await fingerprint('tok_mastercard'))
  })

  test('that the bank refuses cannot be kept, and a voucher never', async () => {
    const { id: customer } = await stage.stripe.customers.create({ email: 'a@example.com' })
    await expect(stage.stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer })).rejects.toMatchObject({
      statusCode: 402,
      code: 'card_declined',
    })
    expect(await stage.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })).toMatchObject({
      customer,
    })
    await expect(
      stage.stripe.setupIntents.create({ customer, allowed_payment_method_types: ['konbini'] }),
    ).rejects.toMatchObject({ code: 'payment_method_unsupported_type' })
  })
})
