// Risk removed: money that is read as taken while it is only held or on its way, or as lost while it is there.
import { describe, expect, it } from 'vitest'
import type { Observation } from '../observations.ts'
import { type IntentBody, observeEvent, observeIntent, setupReport } from './stripe-observations.ts'

const intent = (extra: Partial<IntentBody>): IntentBody => ({
  status: 'requires_capture',
  currency: 'usd',
  amount: 5_000,
  amount_capturable: 5_000,
  amount_received: 0,
  last_payment_error: null,
  next_action: null,
  review: null,
  latest_charge: 'ch_1',
  ...extra,
})
const charge = (extra: object): Record<string, unknown> => ({
  id: 'ch_1',
  status: 'succeeded',
  currency: 'usd',
  captured: false,
  amount: 5_000,
  amount_captured: 0,
  refunded: false,
  failure_code: null,
  failure_message: null,
  outcome: null,
  payment_method_details: null,
  ...extra,
})

describe('observations of Stripe', () => {
  it.each([
    ['held', {}, { state: 'capturable', authorizedAmount: 5_000, capturableAmount: 5_000 }],
    [
      'taken in part, the rest still held',
      { amount_received: 2_000, amount_capturable: 3_000 },
      { state: 'capturable', authorizedAmount: 5_000, capturableAmount: 3_000, capturedAmount: 2_000 },
    ],
    [
      'taken in part, the rest released',
      { status: 'succeeded', amount_received: 2_000, amount_capturable: 0 },
      { state: 'complete', capturedAmount: 2_000 },
    ],
    ['given up', { status: 'canceled' }, { state: 'cancelled' }],
    ['on its way', { status: 'processing' }, { state: 'pending', awaitingBuyer: true }],
  ] as const)('R85 read a payment that is %s', (_, extra, expected) => {
    expect(observeIntent(intent(extra))).toMatchObject(expected)
  })

  it('count what has arrived of a bank transfer, in our minor units', () => {
    const next_action = {
      type: 'display_bank_transfer_instructions',
      display_bank_transfer_instructions: {
        amount_remaining: 300_000,
        currency: 'ugx',
        hosted_instructions_url: null,
        reference: 'REF1',
        type: 'us_bank_transfer',
      },
    }
    const seen = observeIntent(intent({ status: 'requires_action', currency: 'ugx', amount: 500_000, next_action }))
    expect(seen).toMatchObject({ fundedAmount: 2_000, nextAction: { amountRemaining: 3_000 } })
  })

  it.each<[string, string, object, Partial<Observation>]>([
    ['held', 'charge.succeeded', {}, { kind: 'charge', state: 'capturable' }],
    [
      'taken in part',
      'charge.updated',
      { amount_captured: 2_000 },
      { kind: 'charge', state: 'capturable', capturedAmount: 2_000, capturableAmount: 3_000 },
    ],
    ['released', 'charge.refunded', { refunded: true, amount_refunded: 5_000 }, { kind: 'nothing' }],
    ['expired', 'charge.expired', {}, { kind: 'nothing' }],
    [
      'blocked',
      'charge.failed',
      { status: 'failed', outcome: { type: 'blocked', risk_level: 'highest', risk_score: 95, reason: 'rule' } },
      { kind: 'charge', state: 'failed', risk: { level: 'highest', score: 95, outcome: 'blocked', reason: 'rule' } },
    ],
  ])('read a charge that is %s', (_, type, extra, expected) => {
    expect(observeEvent(type, charge(extra))).toMatchObject(expected)
  })

  it.each<[string, object, Partial<Observation>]>([
    ['requires_action', {}, { kind: 'refund', state: 'pending', needsBuyer: true, amount: 1_000 }],
    ['failed', { failure_reason: 'unknown' }, { kind: 'refund', state: 'failed', failureReason: 'unknown' }],
    ['canceled', {}, { kind: 'refund', state: 'failed' }],
    ['succeeded', { destination_details: { type: 'customer_cash_balance' } }, { kind: 'nothing' }],
  ])('read a refund that is %s', (status, extra, expected) => {
    const refund = { id: 're_1', amount: 1_000, currency: 'jpy', status, metadata: { operationId: 'op_1' }, ...extra }
    expect(observeEvent('refund.updated', refund)).toMatchObject(expected)
  })

  it('read the keeping of a card', () => {
    const setup = { payment_method: 'pm_1', last_setup_error: null }
    expect(setupReport({ ...setup, status: 'succeeded' })).toEqual({ state: 'chargeable', paymentMethod: 'pm_1' })
    expect(setupReport({ ...setup, status: 'requires_action' })).toMatchObject({ state: 'requires_action' })
    expect(setupReport({ ...setup, status: 'canceled' })).toMatchObject({ state: 'failed' })
  })
})
