import { describe, expect, it } from 'vitest'
import { standingOf } from './order-standing.ts'

const item = (quantity: number, fulfilledQuantity: number, cancelledQuantity = 0) => ({
  quantity,
  fulfilledQuantity,
  cancelledQuantity,
})
const order = { cancelReason: null, shipments: [] }

// Removes the risk that a page calls an order done of which only the download is.
describe('where an order stands', () => {
  it('is decided by every piece, not by the first', () => {
    const state = 'confirmed'
    expect(standingOf({ ...order, state, items: [item(1, 0), item(2, 0)] })).toBe('preparing')
    expect(standingOf({ ...order, state, items: [item(1, 1), item(2, 0)] })).toBe('partly')
    expect(standingOf({ ...order, state, items: [item(1, 1), item(2, 1)] })).toBe('partly')
    expect(standingOf({ ...order, state, items: [item(1, 1), item(2, 1, 1)] })).toBe('handedOver')
  })

  it('is not over while a parcel is on its way', () => {
    const items = [item(1, 1)]
    for (const state of ['purchased', 'in_transit'] as const)
      expect(standingOf({ ...order, state: 'complete', items, shipments: [{ state }] })).toBe('onItsWay')
    expect(standingOf({ ...order, state: 'complete', items, shipments: [{ state: 'delivered' }] })).toBe('handedOver')
  })

  it.each([
    ['pending', 'unpaid'],
    ['pending_payment', 'unpaid'],
    ['payment_failed', 'unpaid'],
    ['in_review', 'checked'],
    ['blocked', 'refused'],
    ['returned', 'refunded'],
    ['cancelled', 'cancelled'],
  ] as const)('of an order that is %s is %s', (state, standing) => {
    expect(standingOf({ ...order, state, items: [item(1, 0)] })).toBe(standing)
  })

  it('of one whose goods somebody else had is that', () => {
    expect(standingOf({ ...order, state: 'cancelled', cancelReason: 'sold out', items: [item(1, 0)] })).toBe('soldOut')
  })

  it('of one that was cancelled by a refund is that', () => {
    expect(standingOf({ ...order, state: 'cancelled', cancelReason: 'refunded', items: [item(1, 0)] })).toBe('refunded')
  })
})
