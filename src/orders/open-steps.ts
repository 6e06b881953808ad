import type { QueryCreator } from 'kysely'
import { type Hole, now } from '../database/statement.ts'
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
