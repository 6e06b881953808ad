import { expressionBuilder, sql } from 'kysely'
import { db, type Hole, insertRows, now, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import type { TakenShare } from '../splits/calculate-splits.ts'
import type { ChargeEntryKind, ChargeEntryState } from './charge-entry.entity.ts'
import type { SunkCost } from './sunk-cost.ts'

/** One capture, cancellation or refund of a charge, as far as it decides what happens next. Minor units. */
export type ChargeEntryRow = {
  id: string
  kind: ChargeEntryKind
  chargeId: string
  refundId: string | null
  operationId: string | null
  amount: number
  state: ChargeEntryState
}

const e = expressionBuilder<{ e: Tables['charge_entries'] }, 'e'>()

/** What a {@link ChargeEntryRow} is selected by, of `charge_entries as e`. */
export const chargeEntryRow = [
  e.ref('e.id').as('id'),
  e.ref('e.kind').as('kind'),
  e.ref('e.charge_id').as('chargeId'),
  e.ref('e.refund_id').as('refundId'),
  e.ref('e.operation_id').as('operationId'),
  e.ref('e.amount').as('amount'),
  e.ref('e.state').as('state'),
]

/** An entry to be stored. Minor units. */
export type NewChargeEntry = {
  id: string
  charge_id: string
  order_id: string
  kind: ChargeEntryKind
  amount: number
  state: ChargeEntryState
  order_item_id?: string | null
  fulfillment_id?: string | null
  refund_id?: string | null
  operation_id?: string | null
}

/** Stores entries, as a part of the statement that calls for them. */
export const insertChargeEntries = (entries: Hole<readonly NewChargeEntry[]>) =>
  insertRows('charge_entries', entries, [
    'id',
    'charge_id',
    'order_id',
    'kind',
    'amount',
    'state',
    'order_item_id',
    'fulfillment_id',
    'refund_id',
    'operation_id',
  ])

/** Stores entries that nothing else is stored with. */
export const storeChargeEntries = statement<{ entries: readonly NewChargeEntry[] }>()((_, $) =>
  insertChargeEntries($.entries),
)

/** Says which operation carries an entry out; returns the entry as it stands. */
export const attachOperation = statement<{ entryId: string; operationId: string | null }>()((db, $) =>
  db
    .updateTable('charge_entries as e')
    .set({ operation_id: $.operationId })
    .where('e.id', '=', $.entryId)
    .returning(chargeEntryRow),
)

/**
 * Finds the entry of a refund by its operation or by the provider's reference, and says on it which operation carries it out. `answered`:
 * the provider has taken the operation on.
 */
export const attachRefund = statement<{ orderId: string; operationId: string | null; reference: string }>()((db, $) =>
  db
    .updateTable('charge_entries as e')
    .from('operations as o')
    .set((o) => ({ operation_id: o.ref('o.id') }))
    .where('o.id', '=', (eb) =>
      eb
        .selectFrom('operations as named')
        .select('named.id')
        .where('named.order_id', '=', $.orderId)
        .where('named.kind', '=', 'refund')
        .where((named) =>
          named.or([
            named('named.id', '=', $.operationId.typed('text')),
            named('named.provider_reference', '=', $.reference),
          ]),
        )
        .orderBy((named) => sql`coalesce(${named.ref('named.id')} = ${$.operationId.typed('text')}, false)`, 'desc')
        .limit(sql.lit(1)),
    )
    .where('e.order_id', '=', $.orderId)
    .where('e.kind', '=', 'refund')
    .whereRef('o.entry_id', '=', 'e.id')
    .where('o.set_aside', '=', false)
    .returning(chargeEntryRow)
    .returning((eb) => eb('o.state', '=', 'complete').as('answered')),
)

/** Sets the state of an entry whose order is locked. */
export const setEntryState = statement<{ entryId: string; state: ChargeEntryState }>()((db, $) =>
  db.updateTable('charge_entries').set({ state: $.state, updated_at: now }).where('id', '=', $.entryId),
)

/** Keeps where the buyer of a locked order fetches a refund; one that stands stays. */
export const keepClaimUrl = statement<{ entryId: string; claimUrl: string }>()((db, $) =>
  db
    .updateTable('charge_entries')
    .set({ claim_url: $.claimUrl, updated_at: now })
    .where('id', '=', $.entryId)
    .where('claim_url', 'is', null)
    .returning('id'),
)

/** Says why an entry failed, as a part of the statement that books it back. */
export const explainFailure = (entryId: Hole<string>, code: Hole<string>) =>
  db.updateTable('charge_entries').set({ failure_code: code }).where('id', '=', entryId)

/** Keeps what a refund took of each split on its entry, as a part of the statement that takes it. */
export const keepShares = (entryId: Hole<string>, shares: Hole<readonly TakenShare[]>) =>
  db
    .updateTable('charge_entries')
    .set((eb) => ({ shares: sql<TakenShare[]>`coalesce(${eb.ref('shares')}, '[]') || ${shares.json}` }))
    .where('id', '=', entryId)

/** Keeps on the entry of a refund what does not come back of what it took. */
export const keepCosts = statement<{ entryId: string; costs: readonly SunkCost[] }>()((db, $) =>
  db
    .updateTable('charge_entries')
    .set((eb) => ({ costs: sql<SunkCost[]>`coalesce(${eb.ref('costs')}, '[]') || ${$.costs.json}` }))
    .where('id', '=', $.entryId),
)

/** Forgets that, because the refund failed and everything is as it was before. */
export const forgetCosts = statement<{ entryId: string }>()((db, $) =>
  db.updateTable('charge_entries').set({ costs: null }).where('id', '=', $.entryId),
)
