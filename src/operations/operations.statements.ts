import { type Expression, type OnConflictBuilder, sql } from 'kysely'
import { db, type Hole, now, rowsOf, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { isHeldByDispute } from '../orders/held-by-dispute.ts'
import type { Party } from '../parties/address.ts'
import { statesBefore } from '../platform/state-machine.ts'
import type { ChargeState } from '../providers/charge-states.ts'
import type { OperationKind } from './operation.entity.ts'
import { type OperationState, operationTransitions } from './operation.state-machine.ts'
import { isRestored } from './restored.ts'

type OperationEnd = 'complete' | 'failed'

const move = (to: Expression<OperationState>, from: readonly OperationState[]) =>
  db.updateTable('operations').set({ state: to, lease_until: null }).where('operations.state', 'in', from)

/** The beginning of a statement that ends operations; it says which. Those that ended already stay as they are. */
export const moveOperations = (to: OperationEnd) =>
  move(sql.lit(to), statesBefore(operationTransitions, to)).set({ completed_at: now })

/** {@link moveOperations} where only the statement knows which end it is. */
const endOperations = (to: Expression<OperationEnd>) =>
  move(to, statesBefore(operationTransitions, 'complete', 'failed')).set({ completed_at: now })

/** An operation to be stored, without what an attempt adds. */
export type OperationRow = {
  id: string
  purpose: string
  order_id: string
  charge_id: string | null
  split_id: string | null
  entry_id: string | null
  shipment_id: string | null
  reverses_id: string | null
  final: boolean | null
  kind: OperationKind
  provider: string
  amount: number | null
  currency: string | null
  request_hash: string
}

const columns = [
  'purpose',
  'order_id',
  'charge_id',
  'split_id',
  'entry_id',
  'shipment_id',
  'reverses_id',
  'final',
  'kind',
  'provider',
  'amount',
  'currency',
  'request_hash',
] as const satisfies (keyof OperationRow)[]

const rowsToStore = (rows: Hole<readonly OperationRow[]>) =>
  rowsOf(rows, 's', {
    id: 'text',
    purpose: 'text',
    order_id: 'text',
    charge_id: 'text',
    split_id: 'text',
    entry_id: 'text',
    shipment_id: 'text',
    reverses_id: 'text',
    final: 'boolean',
    kind: 'text',
    provider: 'text',
    amount: 'bigint',
    currency: 'text',
    request_hash: 'text',
  })

/** What the rows are stored with; the id is after each refusal the next one, so that a person's "again" is a new request to the provider. */
const storedAs = (rows: Hole<readonly OperationRow[]>) =>
  db
    .selectFrom(rowsToStore(rows))
    .select((s) => [
      sql<string>`${s.ref('s.id')} || ${s
        .selectFrom('operations as refused')
        .select(sql<string>`case when count(*) > 0 then 'r' || count(*) else '' end`.as('suffix'))
        .whereRef('refused.order_id', '=', 's.order_id')
        .whereRef('refused.purpose', '=', 's.purpose')
        .where('refused.set_aside', '=', true)}`.as('id'),
      ...columns,
    ])

/** Where an operation for the same purpose stands already; one that was set aside does not stand in the way. */
const standing = (conflict: OnConflictBuilder<Tables, 'operations'>) =>
  conflict.column('purpose').where('set_aside', '=', false)

type Claim = {
  /** The order that all of them are for. */
  of: string
  specs: readonly OperationRow[]
  token: string
  leaseSeconds: number
  /** The order that has to be as it was read, else null. */
  orderId: string | null
  refundCount: number | null
  /** Where its goods go, or null where that does not matter. */
  shipTo: Party | null
}

const claimTypes = {
  of: 'text',
  specs: 'jsonb',
  token: 'text',
  leaseSeconds: 'double precision',
  orderId: 'text',
  refundCount: 'integer',
  shipTo: 'jsonb',
} as const

const whatIsClaimed = [
  'id',
  'purpose',
  'state',
  'requestHash',
  'attempts',
  'attemptToken',
  'firstAttemptedAt',
  'providerReference',
  'restored',
] as const

/**
 * Stores operations and claims those that nobody holds. It may answer with more, that others claim for the same order at the same time. Where an order is named, nothing is claimed unless it is as it was read, and it is
 * locked before.
 */
export const claim = statement<Claim>(claimTypes, { claimed: { column: 'order_id', hole: 'of' } })((db, $) =>
  db
    .with(
      (cte) => cte('locked').materialized(),
      () =>
        db
          .selectFrom('orders as o')
          .select('o.id')
          .where('o.id', '=', $.orderId.typed('text'))
          .where('o.refund_count', '=', $.refundCount.typed('integer'))
          .where((eb) =>
            eb.or([sql<boolean>`coalesce(${$.shipTo.json}, 'null') = 'null'`, eb('o.ship_to', '=', $.shipTo.json)]),
          )
          .where((eb) => eb.not(isHeldByDispute))
          .forUpdate(),
    )
    .with('claimed', (db) =>
      db
        .insertInto('operations')
        .columns(['id', ...columns, 'attempts', 'attempt_token', 'lease_until', 'first_attempted_at'])
        .expression(
          storedAs($.specs)
            .select([
              sql.lit(1).as('attempts'),
              $.token.typed('text').as('attempt_token'),
              sql<Date>`now() + make_interval(secs => ${$.leaseSeconds})`.as('lease_until'),
              now.as('first_attempted_at'),
            ])
            .where((eb) =>
              eb.or([eb($.orderId.typed('text'), 'is', null), eb.exists(db.selectFrom('locked').select('id'))]),
            ),
        )
        .onConflict((conflict) =>
          standing(conflict).doUpdateSet((o) => {
            const free = o.and([
              o('operations.state', 'in', statesBefore(operationTransitions, 'complete')),
              sql<boolean>`coalesce(${o.ref('operations.lease_until')}, now()) <= now()`,
            ])
            const anew = <Column extends 'attempt_token' | 'lease_until' | 'first_attempted_at'>(
              column: Column,
              when = free,
            ) =>
              o
                .case()
                .when(when)
                .then(o.ref(`excluded.${column}`))
                .else(o.ref(`operations.${column}`))
                .end()
            return {
              attempts: sql<number>`${o.ref('operations.attempts')} + case when ${free} then 1 else 0 end`,
              attempt_token: anew('attempt_token'),
              lease_until: anew('lease_until'),
              first_attempted_at: anew('first_attempted_at', o.and([free, o('operations.attempts', '=', 0)])),
            }
          }),
        )
        .returning((o) => [
          'operations.order_id',
          'operations.id',
          'operations.purpose',
          'operations.state',
          'operations.request_hash as requestHash',
          'operations.attempts',
          'operations.attempt_token as attemptToken',
          'operations.first_attempted_at as firstAttemptedAt',
          'operations.provider_reference as providerReference',
          isRestored(o.ref('operations.order_id')).as('restored'),
        ]),
    )
    .selectFrom('claimed')
    .select(whatIsClaimed),
)

/** Lets refused operations give way, so that their purpose can be tried anew. */
export const setAside = statement<{ ids: readonly string[] }>()((db, $) =>
  db
    .updateTable('operations')
    .set({ set_aside: true })
    .where('id', '=', (o) => o.fn.any($.ids.typed('text[]')))
    .where('state', '=', 'failed'),
)

/** Gives claimed operations back that were not attempted. */
export const release = statement<{ token: string }>()((db, $) =>
  db
    .updateTable('operations')
    .set({ lease_until: null })
    .where('attempt_token', '=', $.token)
    .where('completed_at', 'is', null),
)

/** Stores an operation that nobody attempts yet. */
export const plan = statement<{ operations: readonly OperationRow[] }>()((db, $) =>
  db
    .insertInto('operations')
    .columns(['id', ...columns])
    .expression(storedAs($.operations))
    .returning('id'),
)

/** Stores an operation that was carried out already; one that stands stays as it is. */
export const record = statement<{ operations: readonly OperationRow[]; reference: string }>()((db, $) =>
  db
    .insertInto('operations')
    .columns(['id', ...columns, 'state', 'provider_reference', 'completed_at'])
    .expression(
      db
        .selectFrom(rowsToStore($.operations))
        .select([
          's.id',
          ...columns,
          sql.lit<OperationState>('complete').as('state'),
          $.reference.typed('text').as('provider_reference'),
          now.as('completed_at'),
        ]),
    )
    .onConflict((conflict) => standing(conflict).doNothing())
    .returning('id'),
)

/** An operation that came through, with the attempt that has done it. */
export type DoneRow = { id: string; token: string; reference: string }

/** Completes operations by the attempts that hold them, as a part of the statement that stores their effects; returns their ids. */
export const complete = (done: Hole<readonly DoneRow[]>) =>
  moveOperations('complete')
    .from(rowsOf(done, 'd', { id: 'text', token: 'text', reference: 'text' }))
    .set((o) => ({ provider_reference: o.ref('d.reference'), failure_code: null }))
    .whereRef('operations.id', '=', 'd.id')
    // Said once more as a list, which the index is asked with whatever the plan thinks of the number of rows.
    .where(
      sql<boolean>`operations.id = any(array(${db.selectFrom(rowsOf(done, 'i', { id: 'text', token: 'text', reference: 'text' })).select('i.id')}))`,
    )
    .whereRef('operations.attempt_token', '=', 'd.token')
    .returning('operations.id')

export const completeDone = statement<{ done: readonly DoneRow[] }>()((_, $) => complete($.done))

type EndedAttempt = { id: string; token: string; code: string }

/** Ends an operation by the attempt that was refused. */
export const refuse = statement<EndedAttempt>()((_, $) =>
  moveOperations('failed')
    .set({ failure_code: $.code })
    .where('id', '=', $.id)
    .where('attempt_token', '=', $.token)
    .returning('id'),
)

/**
 * Leaves an operation open of which the attempt does not know how it ended; one may be left so more than once. `undone`: the attempt
 * certainly had no effect, and does not count.
 */
export const leaveUnknown = statement<EndedAttempt & { undone: boolean }>()((_, $) =>
  move(sql.lit<OperationState>('unknown'), [...statesBefore(operationTransitions, 'unknown'), 'unknown'])
    .set((o) => ({
      failure_code: $.code,
      attempts: sql<number>`${o.ref('operations.attempts')} - case when ${$.undone.typed('boolean')} then 1 else 0 end`,
    }))
    .where('id', '=', $.id)
    .where('attempt_token', '=', $.token)
    .returning('id'),
)

/** Completes a refund that was attempted and of which nobody knew how it ended, because a person does; what a worker holds stays. */
export const completeByHand = statement<{ orderId: string; entryId: string; reference: string }>()((_, $) =>
  moveOperations('complete')
    .set({ provider_reference: $.reference, failure_code: null })
    .where('order_id', '=', $.orderId)
    .where('entry_id', '=', $.entryId)
    .where('kind', '=', 'refund')
    .where('set_aside', '=', false)
    .where((o) => sql<boolean>`coalesce(${o.ref('lease_until')}, now()) <= now()`)
    .returning('id'),
)

/**
 * Ends our own cancellation of a charge that has ended, as a part of the statement that moves the charge: done where that is what happened,
 * else overtaken.
 */
export const supersedeCancellation = (charge: {
  chargeId: Hole<string>
  happened: Hole<ChargeState>
  when: Hole<boolean>
}) =>
  endOperations(
    sql<OperationEnd>`case when ${charge.happened.typed('text')} = 'cancelled' then 'complete' else 'failed' end`,
  )
    .set({ failure_code: 'superseded' })
    .where(charge.when.typed('boolean'))
    .where('charge_id', '=', charge.chargeId)
    .where('kind', '=', 'cancel')
    .where('set_aside', '=', false)

/** Ends reversals of transfers that were planned and never attempted, because there is nothing left to take; the statement says which. */
export const supersedeReversals = () =>
  moveOperations('failed')
    .set({ failure_code: 'superseded' })
    .where('kind', '=', 'transfer_reversal')
    .where('state', '=', 'pending')
    .where('attempts', '=', 0)

/**
 * Ends what was bought for a shipment by an attempt of which nobody knew how it ended: complete with the provider's reference, or failed
 * without one. What a worker holds stays. As a part of the statement that stores what follows; returns their ids.
 */
export const endPurchase = (
  shipment: { orderId: Hole<string>; shipmentId: Hole<string> },
  reference: Hole<string | null>,
) =>
  endOperations(sql<OperationEnd>`case when ${reference.typed('text')} is null then 'failed' else 'complete' end`)
    .set({
      provider_reference: reference.typed('text'),
      failure_code: sql`case when ${reference.typed('text')} is null then 'called_off' end`,
    })
    .where('order_id', '=', shipment.orderId)
    .where('shipment_id', '=', shipment.shipmentId)
    .where('kind', 'in', ['label', 'pod_order'])
    .where((o) => sql<boolean>`coalesce(${o.ref('lease_until')}, now()) <= now()`)
    .returning('id')
