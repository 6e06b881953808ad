import { defineTransitions } from '../platform/state-machine.ts'

import type { ChargeState } from '../providers/charge-states.ts'

/** A failed attempt may still succeed (the buyer tries another card); nothing follows complete or cancelled. */
export const chargeTransitions = defineTransitions<ChargeState>('charge', 'pending', {
  pending: ['failed', 'capturable', 'processing', 'complete', 'cancelled'],
  failed: ['capturable', 'processing', 'complete', 'cancelled'],
  capturable: ['processing', 'complete', 'cancelled'],
  processing: ['complete'],
  complete: [],
  cancelled: [],
})

/** The buyer can still pay with a charge in one of these states. */
export const isLive = (state: ChargeState): boolean => state === 'pending' || state === 'failed'

/** The provider has reserved or taken the money. */
export const isAuthorized = (state: ChargeState): boolean =>
  state === 'capturable' || state === 'processing' || state === 'complete'
