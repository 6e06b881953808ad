/** How a payment can stand at its provider; a charge of ours takes the same words. */
export const chargeStates = ['pending', 'failed', 'capturable', 'processing', 'complete', 'cancelled'] as const
export type ChargeState = (typeof chargeStates)[number]

/** The failure of a payment that ended by itself: nobody can pay it any more, and another has to be asked for. */
export const expiredCode = 'expired'
