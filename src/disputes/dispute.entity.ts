import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { disputeStates, openDisputeStates } from './dispute.state-machine.ts'

/** One dispute of one charge, which may have several. `amount` in minor units of `currency`; the bank decides it, not the payment. */
export const DisputeEntity = defineEntity({
  name: 'Dispute',
  tableName: 'disputes',
  properties: {
    id: p.text().primary(),
    orderId: p.text().index(),
    chargeId: p.text().index(),
    provider: p.text(),
    providerReference: p.text(),
    amount: p.bigint('number'),
    currency: p.text(),
    reason: p.text().nullable(),
    state: p.enum(disputeStates),
    /** Until when the buyer's bank takes evidence, and when it was sent. */
    evidenceDueAt: p.datetime().nullable(),
    evidenceSentAt: p.datetime().nullable(),
    stateTransitions: p.json<Record<string, string>>(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  uniques: [{ name: 'disputes_provider_reference', properties: ['provider', 'providerReference'] }],
  indexes: [
    {
      name: 'disputes_to_answer',
      expression: `create index disputes_to_answer on disputes (evidence_due_at, id) where state in ('needs_response', 'warning_needs_response') and evidence_sent_at is null`,
    },
    {
      name: 'disputes_open',
      expression: `create index disputes_open on disputes (charge_id) where state in (${openDisputeStates.map((state) => `'${state}'`).join(', ')})`,
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof DisputeEntity> {}
}
