import { defineTransitions } from '../platform/state-machine.ts'

export const payoutStates = ['pending', 'paid', 'failed'] as const
export type PayoutState = (typeof payoutStates)[number]

/** What was paid may come back: the bank refuses it days later, or somebody takes the transfer back. */
export const payoutTransitions = defineTransitions<PayoutState>('payout', 'pending', {
  pending: ['paid', 'failed'],
  paid: ['failed'],
  failed: [],
})
