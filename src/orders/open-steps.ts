import type { QueryCreator } from 'kysely'
import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { type Hole, jsonList, now, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'

/**
 * Counts one fulfilment step of an accepted order as done. It has to be the statement itself that stores the step's effects, after `from`
 * with these: so the order is locked before what they change.
 */
export const countStep = (from: Pick<QueryCreator<Tables>, 'updateTable'>, orderId: Hole<string>) =>
  from
    .updateTable('orders')
    .set((o) => ({ open_steps: o('open_steps', '-', 1), updated_at: now }))
    .where('id', '=', orderId)
    .where('state', '=', 'accepted')
    .returning('open_steps as openSteps')

/** The same for a step that was counted before: its order is confirmed, stays so, and is locked. */
export const stayConfirmed: typeof countStep = (from, orderId) =>
  from
    .updateTable('orders')
    .set((o) => ({ open_steps: o.ref('open_steps'), updated_at: now }))
    .where('id', '=', orderId)
    .where('state', '=', 'confirmed')
    .returning('open_steps as openSteps')

/**
 * Opens one fulfilment step for each kind of goods and seller of an accepted order, and says which goods they are for. A closed or confirmed
 * order has no steps to open.
 */
export const openSteps = statement<{ orderId: string }>({ orderId: 'text' })((db, $) =>
  db
    .with('grouped', (step) =>
      step
        .selectFrom('order_items')
        .select((i) => [
          'seller_id',
          'kind',
          sql<string[]>`json_agg(${i.ref('id')} order by ${i.ref('position')})`.as('item_ids'),
        ])
        .where('order_id', '=', $.orderId)
        .groupBy(['seller_id', 'kind']),
    )
    .with('routed', (step) =>
      step
        .selectFrom('grouped as g')
        .select((g) => [
          jsonList(
            jsonBuildObject({ sellerId: g.ref('g.seller_id'), kind: g.ref('g.kind'), itemIds: g.ref('g.item_ids') }),
          ).as('groups'),
          g.fn.countAll<number>().as('steps'),
        ]),
    )
    .updateTable('orders')
    .from('routed')
    .set((o) => ({ open_steps: o.ref('routed.steps') }))
    .where('orders.id', '=', $.orderId)
    .where('orders.state', '=', 'accepted')
    .returning('routed.groups'),
)
