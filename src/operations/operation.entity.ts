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
    /** What the operation is for, such as `<split>-transfer`; a second operation for the same thing cannot be stored. */
    purpose: p.text().unique(),
    orderId: p.text().index(),
    chargeId: p.text().nullable(),
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
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof OperationEntity> {}
}
