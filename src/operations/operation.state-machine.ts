import { defineTransitions } from '../platform/state-machine.ts'

export const operationStates = ['pending', 'unknown', 'complete', 'failed'] as const
export type OperationState = (typeof operationStates)[number]

/** `unknown`: the request may have been carried out; the provider is asked before anything else is tried. */
export const operationTransitions = defineTransitions<OperationState>('operation', 'pending', {
  pending: ['complete', 'failed', 'unknown'],
  unknown: ['complete', 'failed'],
  complete: [],
  failed: [],
})
