import { describe, expect, it } from 'vitest'
import { orderStates } from '../orders/order.state-machine.ts'
import { chargeStates } from '../providers/charge-states.ts'
import { eventTypes, type RecordedLine, toEventType, toPreviousAttributes } from './event-types.ts'

const line = (over: Partial<RecordedLine>): RecordedLine => ({
  kind: 'transition',
  subject: 'order',
  subjectId: 'ord_1',
  from: null,
  to: null,
  cause: 'test',
  ...over,
})

// Removes the risk that a transition is told under the wrong name, or that something internal is told at all.
describe('the event of a line', () => {
  it.each([
    ['pending', 'order.created'],
    ['pending_payment', 'order.pending_payment'],
    ['in_review', 'order.review_opened'],
    ['accepted', 'order.accepted'],
    ['blocked', 'order.blocked'],
    ['cancelled', 'order.cancelled'],
    ['confirmed', 'order.confirmed'],
    ['fulfilled', 'order.fulfilled'],
    ['complete', 'order.complete'],
    ['returned', 'order.refunded'],
  ])('order → %s is %s', (to, type) => {
    expect(toEventType(line({ to }))).toBe(type)
  })

  it('tells every state of an order but payment_failed, which its charge tells', () => {
    const silent = orderStates.filter((to) => toEventType(line({ to })) === undefined)
    expect(silent).toEqual(['payment_failed'])
  })

  it('R228 has a type for each state a charge can move to', () => {
    for (const to of chargeStates) {
      expect(toEventType(line({ subject: 'charge', to }))).toBe(`order.charge.${to}`)
    }
    expect(toEventType(line({ kind: 'note', subject: 'charge', to: 'pending' }))).toBe('order.charge.pending')
  })

  it.each([
    [line({ subject: 'item', to: 'fulfilled' }), 'order.item.fulfilled'],
    [line({ subject: 'item', to: 'cancelled' }), 'order.item.cancelled'],
    [line({ subject: 'item', to: 'returned' }), 'order.item.returned'],
    [line({ subject: 'refund', to: 'pending' }), 'refund.pending'],
    [line({ subject: 'refund', to: 'pending_information' }), 'refund.pending_information'],
    [line({ subject: 'refund', to: 'succeeded' }), 'refund.complete'],
    [line({ subject: 'refund', to: 'failed' }), 'refund.failed'],
    [line({ subject: 'return', to: 'created' }), 'return.created'],
    [line({ subject: 'return', to: 'accepted' }), 'return.accepted'],
    [line({ kind: 'event', subject: 'fulfillment', cause: 'fulfillment.created' }), 'fulfillment.created'],
    [line({ kind: 'event', subject: 'charge', cause: 'order.charge.reauth.failed' }), 'order.charge.reauth.failed'],
    [line({ subject: 'dispute', to: 'needs_response' }), 'order.dispute'],
    [line({ subject: 'dispute', to: 'won' }), 'order.dispute.resolved'],
    [line({ subject: 'dispute', to: 'warning_closed' }), 'order.dispute.resolved'],
    [
      line({ kind: 'operation', subject: 'operation', cause: 'capture', to: 'complete' }),
      'order.charge.capture.complete',
    ],
    [line({ kind: 'operation', subject: 'operation', cause: 'refund', to: 'failed' }), 'order.charge.refund.failed'],
    [line({ kind: 'note', subject: 'delivery', to: 'sent' }), 'delivery.sent'],
    [line({ kind: 'event', cause: 'order.payment.late' }), 'order.payment.late'],
    [line({ kind: 'event', cause: 'order.attention' }), 'order.attention'],
  ])('%o is %s', (recorded, type) => {
    expect(toEventType(recorded)).toBe(type)
    expect(eventTypes).toContain(type)
  })

  it.each([
    line({ kind: 'drop', to: 'accepted' }),
    line({ subject: 'fraud', to: 'passed' }),
    line({ subject: 'split', to: 'executed' }),
    line({ subject: 'shipment', to: 'purchased' }),
    line({ kind: 'note', subject: 'charge', to: 'complete' }),
    line({ kind: 'note', subject: 'delivery', to: 'kept' }),
    line({ kind: 'operation', subject: 'operation', cause: 'transfer', to: 'complete' }),
    line({ kind: 'operation', subject: 'operation', cause: 'refund', to: 'unknown' }),
    line({ kind: 'event', cause: 'something.else' }),
  ])('%o is none', (recorded) => {
    expect(toEventType(recorded)).toBeUndefined()
  })

  it('says which part moved, and from where', () => {
    expect(toPreviousAttributes(line({ from: 'pending', to: 'accepted' }))).toEqual({ state: 'pending' })
    expect(
      toPreviousAttributes(line({ subject: 'charge', subjectId: 'chg_1', from: 'pending', to: 'failed' })),
    ).toEqual({
      charges: [{ id: 'chg_1', state: 'pending' }],
    })
    expect(toPreviousAttributes(line({ to: 'pending' }))).toBeUndefined()
  })
})
