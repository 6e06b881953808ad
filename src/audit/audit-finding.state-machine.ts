import { defineTransitions } from '../platform/state-machine.ts'

export const findingStates = ['open', 'explained', 'corrected'] as const
export type FindingState = (typeof findingStates)[number]

/** What disagreed may agree later, which ends its finding; a new disagreement about the same thing is a new finding. */
export const findingTransitions = defineTransitions<FindingState>('finding', 'open', {
  open: ['explained', 'corrected'],
  explained: ['corrected'],
  corrected: [],
})
