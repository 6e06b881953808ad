import { defineTransitions } from '../platform/state-machine.ts'

export const sourceStates = [
  'requires_action',
  'pending_redirect',
  'pending_funds',
  'chargeable',
  'consumed',
  'cancelled',
  'failed',
] as const
export type SourceState = (typeof sourceStates)[number]

/** Only a chargeable source is charged. A push or redirect source waits for its buyer after the order was made. */
export const sourceTransitions = defineTransitions<SourceState>('source', 'requires_action', {
  requires_action: ['chargeable', 'cancelled', 'failed'],
  chargeable: ['pending_redirect', 'pending_funds', 'consumed', 'cancelled', 'failed'],
  pending_redirect: ['consumed', 'cancelled', 'failed'],
  pending_funds: ['consumed', 'cancelled', 'failed'],
  consumed: [],
  cancelled: [],
  failed: [],
})
