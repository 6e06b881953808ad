import { defineTransitions } from '../platform/state-machine.ts'

export const splitStates = ['planned', 'executed', 'recorded', 'settled', 'reversed'] as const
export type SplitState = (typeof splitStates)[number]

/** `recorded` waits for a settlement outside; `settled` has been reconciled with it. */
export const splitTransitions = defineTransitions<SplitState>('split', 'planned', {
  planned: ['executed', 'recorded'],
  executed: ['reversed'],
  recorded: ['settled'],
  settled: ['reversed'],
  reversed: [],
})

/** The one way back, for a refund that failed after it had taken everything: the split is what it was before. */
export const splitReopenings = { reversed: ['executed', 'settled'] } as const satisfies Partial<
  Record<SplitState, readonly SplitState[]>
>
