import { db, type Hole, now } from '../database/statement.ts'

/** Locks a basket for good, as a part of the statement that makes an order of it. */
export const closeCheckout = (checkoutId: Hole<string>) =>
  db.updateTable('checkouts').set({ locked_at: now, updated_at: now }).where('id', '=', checkoutId)
