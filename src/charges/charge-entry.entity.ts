import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { TakenShare } from '../splits/calculate-splits.ts'
import type { SunkCost } from './sunk-cost.ts'

export const chargeEntryKinds = ['capture', 'cancel', 'refund', 'dispute'] as const
export type ChargeEntryKind = (typeof chargeEntryKinds)[number]
export const chargeEntryStates = ['pending', 'pending_information', 'complete', 'failed'] as const
export type ChargeEntryState = (typeof chargeEntryStates)[number]

/**
 * One capture, cancellation or refund of a charge as callers see it in `captures[]`, `cancels[]` and `refunds[]`, or what a lost dispute
 * took of it. Several may be carried out by one operation at the provider: a card's authorization is often captured only once. Minor units.
 */
export const ChargeEntryEntity = defineEntity({
  name: 'ChargeEntry',
  tableName: 'charge_entries',
  properties: {
    id: p.text().primary(),
    chargeId: p.text().index(),
    orderId: p.text().index(),
    kind: p.enum(chargeEntryKinds),
    amount: p.bigint('number'),
    state: p.enum(chargeEntryStates).default('pending'),
    /** The line of the order it is for; null when it is for the whole. */
    orderItemId: p.text().nullable(),
    fulfillmentId: p.text().nullable(),
    refundId: p.text().nullable(),
    /** The operation that carried it out. */
    operationId: p.text().nullable(),
    /** Of a refund: what was taken back of each split. */
    shares: p.json<TakenShare[]>().nullable(),
    /** Of a refund: what does not come back of those shares, and who bears it. */
    costs: p.json<SunkCost[]>().nullable(),
    /** Of a refund that its buyer has to fetch: where. Whoever has the address has the money. */
    claimUrl: p.text().nullable(),
    failureCode: p.text().nullable(),
    failureMessage: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    {
      name: 'charge_entries_undecided',
      expression:
        "create index charge_entries_undecided on charge_entries (created_at) where kind = 'refund' and state in ('pending', 'pending_information')",
    },
    {
      name: 'charge_entries_failed',
      expression:
        "create index charge_entries_failed on charge_entries (order_id) where kind = 'refund' and state = 'failed'",
    },
  ],
  checks: [{ name: 'charge_entries_positive', expression: 'amount > 0' }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof ChargeEntryEntity> {}
}
