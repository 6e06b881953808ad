import { defineTransitions } from '../platform/state-machine.ts'

export const taxIdentifierStates = ['pending', 'verified', 'not_valid'] as const
export type TaxIdentifierState = (typeof taxIdentifierStates)[number]

/** A register answers once; a number that changes is a new identifier. */
export const taxIdentifierTransitions = defineTransitions<TaxIdentifierState>('tax identifier', 'pending', {
  pending: ['verified', 'not_valid'],
  verified: [],
  not_valid: [],
})
