import { defineTransitions } from '../platform/state-machine.ts'

export const orderStates = [
  'pending',
  'pending_payment',
  'payment_failed',
  'in_review',
  'accepted',
  'confirmed',
  'fulfilled',
  'complete',
  'returned',
  'blocked',
  'cancelled',
] as const
export type OrderState = (typeof orderStates)[number]

/** Forward only: a payment that fails can still succeed, an accepted order never becomes unpaid again. */
export const orderTransitions = defineTransitions<OrderState>('order', 'pending', {
  pending: ['pending_payment', 'payment_failed', 'in_review', 'accepted', 'blocked', 'cancelled'],
  pending_payment: ['payment_failed', 'in_review', 'accepted', 'blocked', 'cancelled'],
  payment_failed: ['in_review', 'accepted', 'blocked', 'cancelled'],
  in_review: ['accepted', 'blocked', 'cancelled'],
  accepted: ['confirmed', 'fulfilled', 'cancelled'],
  confirmed: ['fulfilled', 'cancelled'],
  fulfilled: ['complete'],
  complete: ['returned'],
  returned: [],
  blocked: [],
  cancelled: [],
})

/**
 * The one way back, for a refund that the bank sent back after it had closed its order: the buyer's money is here again, so the order is
 * what it was before. Nothing else leads out of a closed state.
 */
export const reopenings = {
  cancelled: ['in_review', 'accepted', 'confirmed'],
  returned: ['accepted', 'confirmed', 'fulfilled', 'complete'],
} as const satisfies Partial<Record<OrderState, readonly OrderState[]>>

export const fraudStates = ['none', 'review_opened', 'passed', 'blocked'] as const
export type FraudState = (typeof fraudStates)[number]

export const fraudTransitions = defineTransitions<FraudState>('fraud', 'none', {
  none: ['review_opened', 'passed', 'blocked'],
  review_opened: ['passed', 'blocked'],
  // Until the order is accepted a list or a provider may still object.
  passed: ['blocked'],
  blocked: [],
})

export const itemStates = ['created', 'fulfilled', 'cancelled', 'blocked', 'returned'] as const
export type ItemState = (typeof itemStates)[number]

export const itemTransitions = defineTransitions<ItemState>('item', 'created', {
  created: ['fulfilled', 'cancelled', 'blocked'],
  fulfilled: ['returned'],
  cancelled: [],
  blocked: [],
  returned: [],
})

/** States in which a payment may still be started. */
export const payableStates = ['pending', 'pending_payment', 'payment_failed'] as const satisfies OrderState[]
export const isPayable = (state: OrderState): boolean => (payableStates as readonly OrderState[]).includes(state)

/** States that no longer take money: a payment that still succeeds is refunded (I7). */
export const isClosed = (state: OrderState): boolean => ['blocked', 'cancelled', 'returned'].includes(state)

/** The saga has nothing left to do for these: a confirmation is rejected without effect. */
export const isPastConfirmation = (state: OrderState): boolean =>
  isClosed(state) || ['confirmed', 'fulfilled', 'complete'].includes(state)

const statusOf = {
  pending: 'PENDING',
  pending_payment: 'PENDING',
  payment_failed: 'FAILED',
  in_review: 'PENDING',
  accepted: 'PENDING',
  confirmed: 'CONFIRMED',
  fulfilled: 'CONFIRMED',
  complete: 'CONFIRMED',
  returned: 'REFUNDED',
  blocked: 'BLOCKED',
  cancelled: 'CANCELLED',
} as const satisfies Record<OrderState, string>

/** The storefront's short form of a state. */
export const orderStatus = (state: OrderState) => statusOf[state]
