import { defineTransitions } from '../platform/state-machine.ts'

export const splitStates = ['planned', 'executed', 'recorded', 'settled', 'reversed'] as const
export type SplitState = (typeof splitStates)[number]

/** `recorded` waits for a settlement outside (R30); `settled` has been reconciled with it (R31). */
export const splitTransitions = defineTransitions<SplitState>('split', 'planned', {
  planned: ['executed', 'recorded'],
  executed: ['reversed'],
  recorded: ['settled'],
  settled: ['reversed'],
  reversed: [],
})
