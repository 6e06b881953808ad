import { db, type Hole, now } from '../database/statement.ts'

/** Counts what of a charge went back to its buyer, or came back from it where negative, as a part of the statement that books it. */
export const countRefunded = (chargeId: Hole<string>, amount: Hole<number>) =>
  db
    .updateTable('charges')
    .set((c) => ({ refunded_amount: c('refunded_amount', '+', amount.typed('bigint')), updated_at: now }))
    .where('id', '=', chargeId)
