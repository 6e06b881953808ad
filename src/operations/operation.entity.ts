import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { operationStates } from './operation.state-machine.ts'

export const operationKinds = [
  'authorize',
  'capture',
  'cancel',
  'refund',
  'transfer',
  'transfer_reversal',
  'label',
  'pod_order',
  'label_refund',
  'pod_cancel',
] as const
export type OperationKind = (typeof operationKinds)[number]

/** One call that moves something outside, stored before it is attempted; its id is the idempotency key (I3). */
export const OperationEntity = defineEntity({
  name: 'Operation',
  tableName: 'operations',
  properties: {
    id: p.text().primary(),
    /**
     * What the operation is for, in one word made of the columns below: a second operation for the same thing cannot be stored, and its id
     * follows from it. Nobody reads anything else out of it.
     */
    purpose: p.text(),
    /** The order it is for, or the payout that a transfer makes. */
    orderId: p.text().index(),
    chargeId: p.text().nullable(),
    /** The split that a transfer is for. */
    splitId: p.text().nullable(),
    /** The charge entry that a refund carries out, or that a transfer is taken back for. */
    entryId: p.text().nullable(),
    /** The parcel or print job that is bought or called off. */
    shipmentId: p.text().nullable(),
    /** The transfer that a reversal takes back, or the reversal whose money is transferred again. */
    reversesId: p.text().nullable(),
    /** Whether a capture is the last; null where a charge is captured once only. */
    final: p.boolean().nullable(),
    /** It was refused and has given way to a successor with the same purpose. */
    setAside: p.boolean().default(false),
    kind: p.enum(operationKinds),
    provider: p.text(),
    amount: p.bigint('number').nullable(),
    currency: p.text().nullable(),
    requestHash: p.text(),
    state: p.enum(operationStates).default('pending'),
    attempts: p.integer().default(0),
    attemptToken: p.text().nullable(),
    leaseUntil: p.datetime().nullable(),
    firstAttemptedAt: p.datetime().nullable(),
    providerReference: p.text().nullable().index(),
    failureCode: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    completedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'operations_purpose',
      expression: 'create unique index operations_purpose on operations (purpose) where not set_aside',
    },
    {
      name: 'operations_given_up',
      expression: "create index operations_given_up on operations (charge_id) where kind in ('cancel', 'refund')",
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof OperationEntity> {}
}
