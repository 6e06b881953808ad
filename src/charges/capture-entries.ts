import { sql } from 'kysely'
import { db, type Hole, type NewRow, now, rowsOf, statement } from '../database/statement.ts'
import { insertEntries } from '../ledger/ledger.ts'
import { setCaptured } from './charge-writes.ts'
import { useCreditBeside } from './use-credit.ts'

/** Says which operation takes the money of all pieces that wait for it. */
export const assignCaptures = statement<{ chargeId: string; operationId: string }>()((db, $) =>
  db
    .updateTable('charge_entries')
    .set({
      operation_id: $.operationId,
      state: 'pending',
      failure_code: null,
      failure_message: null,
      updated_at: now,
    })
    .where('charge_id', '=', $.chargeId)
    .where('kind', '=', 'capture')
    .where('state', 'in', ['pending', 'failed']),
)

/** A capture that was refused: its pieces wait for a person. */
export const failOperation = statement<{
  chargeId: string
  operationId: string
  failureCode: string
  failureMessage: string | null
}>()((db, $) =>
  db
    .updateTable('charge_entries')
    .set({
      state: 'failed',
      failure_code: $.failureCode,
      failure_message: $.failureMessage,
      updated_at: now,
    })
    .where('charge_id', '=', $.chargeId)
    .where('operation_id', '=', $.operationId)
    .where('state', '=', 'pending'),
)

/** What waits for its money does not get it. */
export const failCaptures = statement<{ chargeId: string; failureCode: string }>()((db, $) =>
  db
    .updateTable('charge_entries')
    .set({ state: 'failed', failure_code: $.failureCode, updated_at: now })
    .where('charge_id', '=', $.chargeId)
    .where('kind', '=', 'capture')
    .where('state', '=', 'pending'),
)

/** Books one capture with its entries and, where it was the last, the release of the rest. Minor units. */
export const bookCapture = statement<{
  chargeId: string
  operationId: string
  capturedAmount: number
  last: boolean
  providerChargeId: string | null
  entries: readonly NewRow<'ledger_entries'>[]
}>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('taken', (step) =>
      step
        .updateTable('charge_entries')
        .set({ state: 'complete', updated_at: now })
        .where('charge_id', '=', $.chargeId)
        .where('operation_id', '=', $.operationId)
        .where('kind', '=', 'capture'),
    )
    .with('released', (step) =>
      step
        .updateTable('charge_entries')
        .set({ state: 'complete', operation_id: $.operationId, updated_at: now })
        .where($.last.typed('boolean'))
        .where('charge_id', '=', $.chargeId)
        .where('kind', '=', 'cancel')
        .where('state', '=', 'pending'),
    )
    .with('counted', () => setCaptured($))
    .with('credited', () => useCreditBeside($.chargeId))
    .selectNoFrom(sql.lit(1).as('booked')),
)

/** A hold is over: what was to be released is, as a part of a larger statement. */
export const releaseEntries = (chargeId: Hole<string>) =>
  db
    .updateTable('charge_entries')
    .set((e) => ({
      state: 'complete',
      updated_at: now,
      operation_id: e.fn.coalesce(
        'operation_id',
        e
          .selectFrom('operations as o')
          .select('o.id')
          .where('o.charge_id', '=', chargeId)
          .where('o.kind', '=', 'cancel')
          .where('o.set_aside', '=', false),
      ),
    }))
    .where('charge_id', '=', chargeId)
    .where('kind', '=', 'cancel')
    .where('state', '=', 'pending')

/** A hold is over: what was to be captured cannot be any more, as a part of a larger statement. */
export const expireCaptures = (chargeId: Hole<string>) =>
  db
    .updateTable('charge_entries')
    .set((e) => ({
      state: 'failed',
      failure_code: e.fn.coalesce('failure_code', sql.lit('authorization_expired')),
      updated_at: now,
    }))
    .where('charge_id', '=', chargeId)
    .where('kind', '=', 'capture')
    .where('state', 'in', ['pending', 'failed'])
    .returning('id')

/** What waits for its money waits for it of another charge, as a part of the statement that makes that. */
export const moveCaptures = (from: Hole<string>, to: Hole<string>) =>
  db
    .updateTable('charge_entries')
    .set({ charge_id: to, operation_id: null, updated_at: now })
    .where('charge_id', '=', from)
    .where('kind', '=', 'capture')
    .where('state', '=', 'pending')

/** Money that was captured without us, counted to pieces that wait for it (`of`) or to lines. Minor units. */
export type FoundCapture = { id: string; item_id: string | null; amount: number; of: string | null }

/** Counts captured money to the pieces that wait for it; a piece that gets only a part waits on for the rest. */
export const countFound = statement<{
  chargeId: string
  orderId: string
  operationId: string
  found: readonly FoundCapture[]
}>()((db, $) => {
  const given = db
    .selectFrom(rowsOf($.found, 'd', { id: 'text', item_id: 'text', amount: 'bigint', of: 'text' }))
    .selectAll('d')
  return db
    .with('done', () => given)
    .with('kept', (step) =>
      step
        .updateTable('charge_entries as e')
        .from('done as d')
        .set({ state: 'complete', operation_id: $.operationId, failure_code: null, updated_at: now })
        .whereRef('d.of', '=', 'e.id')
        .whereRef('d.amount', '=', 'e.amount'),
    )
    .with('lessened', (step) =>
      step
        .updateTable('charge_entries as e')
        .from('done as d')
        .set((e) => ({ amount: e('e.amount', '-', e.ref('d.amount')), updated_at: now }))
        .whereRef('d.of', '=', 'e.id')
        .whereRef('d.amount', '<', 'e.amount'),
    )
    .insertInto('charge_entries')
    .columns(['id', 'charge_id', 'order_id', 'kind', 'amount', 'state', 'order_item_id', 'operation_id'])
    .expression((step) =>
      step
        .selectFrom('done as d')
        .select([
          'd.id',
          $.chargeId.as('charge_id'),
          $.orderId.as('order_id'),
          sql.lit<'capture'>('capture').as('kind'),
          'd.amount',
          sql.lit<'complete'>('complete').as('state'),
          'd.item_id as order_item_id',
          $.operationId.as('operation_id'),
        ])
        .where((d) =>
          d.or([
            d('d.of', 'is', null),
            d('d.amount', '<', d.selectFrom('charge_entries as e').select('e.amount').whereRef('e.id', '=', 'd.of')),
          ]),
        ),
    )
})
