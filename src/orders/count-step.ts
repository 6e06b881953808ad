import { db, type Hole, now } from '../database/statement.ts'

/**
 * Counts one step of an accepted order as done, as a part of the statement that stores the step's effects. Locks the order: what the
 * statement's other parts change is locked after it.
 */
export const countStep = (orderId: Hole<string>) =>
  db
    .updateTable('orders')
    .set((o) => ({ open_steps: o('open_steps', '-', 1), updated_at: now }))
    .where('id', '=', orderId)
    .where('state', '=', 'accepted')
    .returning('open_steps as openSteps')
