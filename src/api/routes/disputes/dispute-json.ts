import { z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { disputeStates } from '../../../disputes/dispute.state-machine.ts'
import type { DisputeView } from '../../../disputes/read-disputes.ts'
import { toMajor } from '../../../platform/money.ts'

export const disputeSchema = z
  .object({
    id: z.string(),
    orderId: z.string(),
    chargeId: z.string(),
    amount: z.number(),
    currency: z.string(),
    reason: z.string().nullable(),
    state: z.enum(disputeStates),
    stateTransitions: z.record(z.string(), z.string()),
    evidenceDueTime: z.string().nullable().openapi({ description: 'Until when the bank takes evidence.' }),
    evidenceSentTime: z.string().nullable(),
    createdTime: z.string(),
  })
  .openapi('Dispute')

/** A dispute as the API shows it, in major units. */
export const toDisputeJson = (dispute: DisputeView): z.infer<typeof disputeSchema> => {
  const { id, orderId, chargeId, amount, currency, reason, state, stateTransitions } = dispute
  const time = (at: Date | null) => (at === null ? null : iso(at))
  return {
    id,
    orderId,
    chargeId,
    amount: toMajor(amount, currency),
    currency,
    reason,
    state,
    stateTransitions,
    evidenceDueTime: time(dispute.evidenceDueAt),
    evidenceSentTime: time(dispute.evidenceSentAt),
    createdTime: iso(dispute.createdAt),
  }
}
