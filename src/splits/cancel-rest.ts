import { db, type Hole, now } from '../database/statement.ts'

/** Money that was held and is released is nobody's share, as a part of the statement that ends the hold. */
export const cancelRest = (chargeId: Hole<string>, when: Hole<boolean>) =>
  db
    .updateTable('splits')
    .set((s) => ({ cancelled_amount: s('amount', '-', s.ref('executed_amount')), updated_at: now }))
    .where(when.typed('boolean'))
    .where('charge_id', '=', chargeId)
