import { defineTransitions } from '../platform/state-machine.ts'

export const refundStates = ['pending', 'pending_information', 'succeeded', 'failed'] as const
export type RefundState = (typeof refundStates)[number]

/** `pending_information`: the buyer has to name an account. A refund can fail after it looked good: the bank sent it back. */
export const refundTransitions = defineTransitions<RefundState>('refund', 'pending', {
  pending: ['pending_information', 'succeeded', 'failed'],
  pending_information: ['succeeded', 'failed'],
  succeeded: ['failed'],
  failed: [],
})
