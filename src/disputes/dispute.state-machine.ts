import { defineTransitions } from '../platform/state-machine.ts'

/** As Stripe names them: https://docs.stripe.com/api/disputes/object#dispute_object-status. `warning_…` is an inquiry: no money has moved. */
export const disputeStates = [
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
  'needs_response',
  'under_review',
  'won',
  'lost',
  'prevented',
] as const
export type DisputeState = (typeof disputeStates)[number]

/** An inquiry may become a dispute, even after it was closed; nothing reopens a dispute that was decided. */
export const disputeTransitions = defineTransitions<DisputeState>('dispute', 'warning_needs_response', {
  warning_needs_response: [
    'warning_under_review',
    'warning_closed',
    'needs_response',
    'under_review',
    'won',
    'lost',
    'prevented',
  ],
  warning_under_review: ['warning_closed', 'needs_response', 'under_review', 'won', 'lost', 'prevented'],
  warning_closed: ['needs_response', 'under_review', 'won', 'lost', 'prevented'],
  needs_response: ['under_review', 'won', 'lost', 'prevented'],
  under_review: ['won', 'lost', 'prevented'],
  won: [],
  lost: [],
  prevented: [],
})

const closed: ReadonlySet<string> = new Set<DisputeState>(['won', 'lost', 'warning_closed', 'prevented'])

/** In which a dispute may still take money. */
export const openDisputeStates = disputeStates.filter((state) => !closed.has(state))

/** In which the bank holds its money; an inquiry has taken none yet. */
export const holdingStates = openDisputeStates.filter((state) => !state.startsWith('warning_'))

/** How a dispute ends; until then neither goods nor refunds leave. */
export const isDisputeClosed = (state: string): boolean => closed.has(state)

export const isDisputeState = (state: string): state is DisputeState =>
  (disputeStates as readonly string[]).includes(state)

/** The state that an order shows of several disputes comes first: money that is held or gone, then inquiries, then what ended well. */
export const worstFirst: readonly DisputeState[] = [
  'needs_response',
  'under_review',
  'lost',
  'warning_needs_response',
  'warning_under_review',
  'prevented',
  'won',
  'warning_closed',
]
