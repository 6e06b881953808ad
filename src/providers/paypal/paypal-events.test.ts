import { describe, expect, it } from 'vitest'
import { fromPayPal, toPayPal } from './paypal-amounts.ts'
import { isRelevant, keptOf, namedBy, observeEvent, paypalEventTypes } from './paypal-events.ts'

const amount = { currency_code: 'USD', value: '20.00' }
const related = (ids: object) => ({ supplementary_data: { related_ids: ids } })
const capture = (more: object = {}) => ({
  id: '3C1',
  status: 'COMPLETED',
  amount,
  custom_id: 'chg_1',
  ...related({ order_id: '5O1' }),
  ...more,
})
const up = [{ rel: 'up', href: 'https://api-m.paypal.com/v2/payments/captures/3C1' }]
const dispute = (more: object = {}) => ({
  dispute_id: 'PP-D-1',
  status: 'OPEN',
  dispute_amount: amount,
  reason: 'UNAUTHORISED',
  disputed_transactions: [{ seller_transaction_id: '3C1', custom: 'chg_1' }],
  ...more,
})

// Removes the risk that an event is believed for more than it says, or taken for another payment's.
describe('what an event of PayPal says', () => {
  it('names our charge, PayPal’s order, or the capture by which both are found', () => {
    const order = { id: '5O1', status: 'APPROVED', purchase_units: [{ custom_id: 'chg_1' }] }
    expect(namedBy('CHECKOUT.ORDER.APPROVED', order)).toEqual({ order: '5O1', chargeId: 'chg_1' })
    expect(namedBy('CHECKOUT.PAYMENT-APPROVAL.REVERSED', { order_id: '5O1' })).toEqual({ order: '5O1' })
    const named = { order: '5O1', chargeId: 'chg_1', capture: '3C1' }
    expect(namedBy('PAYMENT.CAPTURE.COMPLETED', capture())).toEqual(named)
    expect(namedBy('PAYMENT.CAPTURE.REFUNDED', { id: '1R', status: 'COMPLETED', amount, links: up })).toEqual({
      capture: '3C1',
    })
    expect(namedBy('CUSTOMER.DISPUTE.CREATED', dispute())).toEqual({ chargeId: 'chg_1', capture: '3C1' })
  })

  it('names no charge where another system has written its own words', () => {
    for (const custom_id of ['order 7', '', 'chg_', 'chg_1; drop', 'ord_1'])
      expect(namedBy('PAYMENT.CAPTURE.COMPLETED', capture({ custom_id })).chargeId).toBeUndefined()
    expect(namedBy('BILLING.PLAN.CREATED', { id: 'chg_1' })).toEqual({})
    expect([isRelevant('BILLING.PLAN.CREATED'), isRelevant('constructor'), isRelevant('__proto__')]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('is a payment once its capture is complete, and not before', () => {
    expect(observeEvent('PAYMENT.CAPTURE.COMPLETED', capture())).toMatchObject({
      state: 'complete',
      capturedAmount: 2_000,
      currency: 'USD',
      providerChargeId: '3C1',
    })
    const pending = capture({ status: 'PENDING', status_details: { reason: 'ECHECK' } })
    expect(observeEvent('PAYMENT.CAPTURE.PENDING', pending)).toMatchObject({ state: 'pending', awaitingBuyer: true })
    const denied = capture({ status: 'DECLINED', status_details: { reason: 'OTHER' } })
    expect(observeEvent('PAYMENT.CAPTURE.DENIED', denied)).toMatchObject({ state: 'failed', spent: true })
    const inParts = capture(related({ order_id: '5O1', authorization_id: '0A1' }))
    expect(observeEvent('PAYMENT.CAPTURE.COMPLETED', inParts)).toEqual({ kind: 'ask' })
  })

  it('reads amounts as they are written, and nothing else', () => {
    expect(toPayPal(2_000, 'USD')).toEqual(amount)
    expect(toPayPal(5, 'EUR')).toEqual({ currency_code: 'EUR', value: '0.05' })
    expect(toPayPal(3_500, 'JPY')).toEqual({ currency_code: 'JPY', value: '3500' })
    const read = (value: string, currency_code = 'USD') => fromPayPal({ currency_code, value })
    expect(['20.00', '20', '-0.88', '.5', '1e3', ' 1', '1.005', '', 'NaN'].map((value) => read(value))).toEqual([
      ...[2_000, 2_000, -88],
      ...[undefined, undefined, undefined, undefined, undefined, undefined],
    ])
    expect([read('3500', 'JPY'), read('3500.5', 'JPY'), read('1', 'DOG')]).toEqual([3_500, undefined, undefined])
  })

  it.each([
    ['OPEN', 'INQUIRY', undefined, 'warning_needs_response'],
    ['WAITING_FOR_SELLER_RESPONSE', 'CHARGEBACK', undefined, 'needs_response'],
    ['WAITING_FOR_BUYER_RESPONSE', 'INQUIRY', undefined, 'warning_under_review'],
    ['UNDER_REVIEW', 'PRE_ARBITRATION', undefined, 'under_review'],
    ['RESOLVED', 'INQUIRY', 'CANCELED_BY_BUYER', 'warning_closed'],
    ['RESOLVED', 'INQUIRY', 'RESOLVED_BUYER_FAVOUR', 'lost'],
    ['RESOLVED', 'CHARGEBACK', 'RESOLVED_SELLER_FAVOUR', 'won'],
    ['RESOLVED', 'CHARGEBACK', 'RESOLVED_WITH_PAYOUT', 'won'],
    ['RESOLVED', 'ARBITRATION', 'ACCEPTED', 'lost'],
    ['RESOLVED', 'CHARGEBACK', 'NONE', 'resolved none'],
    ['SOMETHING_NEW', 'CHARGEBACK', undefined, 'something_new'],
  ])('a dispute that is %s at %s with %s is %s', (status, stage, outcome, state) => {
    const told = dispute({
      status,
      dispute_life_cycle_stage: stage,
      ...(outcome ? { dispute_outcome: { outcome_code: outcome } } : {}),
    })
    expect(observeEvent('CUSTOMER.DISPUTE.UPDATED', told)).toMatchObject({ reference: 'PP-D-1', state, amount: 2_000 })
  })

  it('tells of our refunds by our operation, and of others by PayPal’s number', () => {
    const refund = { id: '1R', status: 'COMPLETED', amount, custom_id: 'op_1', links: up }
    const seen = { kind: 'refund', reference: '1R', state: 'complete', amount: 2_000 }
    expect(observeEvent('PAYMENT.CAPTURE.REFUNDED', refund)).toEqual({ ...seen, operationId: 'op_1' })
    const foreign = observeEvent('PAYMENT.CAPTURE.REFUNDED', { ...refund, custom_id: 'chg_1' })
    expect(foreign).toEqual({ ...seen, operationId: undefined })
    const failed = observeEvent('PAYMENT.REFUND.FAILED', { ...refund, status: 'FAILED' })
    expect(failed).toMatchObject({ state: 'failed', failureReason: 'failed' })
    // What PayPal takes back is no refund of anybody's.
    expect(observeEvent('PAYMENT.CAPTURE.REVERSED', refund)).toEqual({ kind: 'ask' })
  })

  it('is kept without what it says of a person, and says the same', () => {
    const payer = { payer: { email_address: 'buyer@example.com' }, payment_source: { paypal: { name: 'Ada' } } }
    const buyer = {
      disputed_transactions: [{ seller_transaction_id: '3C1', buyer: { name: 'Ada' } }],
      messages: ['Ada'],
    }
    const told: [string, Record<string, unknown>][] = [
      ['CHECKOUT.ORDER.APPROVED', { id: '5O1', status: 'APPROVED', ...payer }],
      ['PAYMENT.CAPTURE.PENDING', capture({ status: 'PENDING', create_time: '2026-10-05T04:03:52Z', ...payer })],
      ['PAYMENT.CAPTURE.REFUNDED', { id: '1R', status: 'COMPLETED', amount, custom_id: 'op_1', links: up, ...payer }],
      ['CUSTOMER.DISPUTE.UPDATED', dispute({ ...buyer, seller_response_due_date: '2026-10-15T00:00:00Z' })],
    ]
    for (const [type, resource] of told) {
      expect(JSON.stringify(keptOf(type, resource))).not.toMatch(/Ada|example\.com/)
      expect(observeEvent(type, keptOf(type, resource))).toEqual(observeEvent(type, resource))
    }
    expect(keptOf('SOMETHING.ELSE', payer)).toEqual({})
  })

  it('is left to a person where its resource cannot be read, and never throws', () => {
    const odd = [{}, { id: 5 }, { amount: null }, { status: [] }, { links: [{ rel: 5 }] }, { disputed_transactions: 5 }]
    for (const type of [...paypalEventTypes, 'SOMETHING.ELSE'])
      for (const resource of odd) {
        expect(['unreadable', 'ask', 'nothing']).toContain(observeEvent(type, resource).kind)
        expect(() => namedBy(type, resource)).not.toThrow()
      }
  })
})
