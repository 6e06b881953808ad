import { statement } from '../database/statement.ts'
import { movePayouts } from './move-payout.ts'

/** Notes that a manual payout was made, with the bank's reference. Returns its id, where it was still to be made. */
export const settlePayout = statement<{ payoutId: string; reference: string }>()((_, $) =>
  movePayouts('paid')
    .set({ reference: $.reference })
    .where('p.id', '=', $.payoutId)
    .where('p.method', '=', 'manual')
    .returning('p.id'),
)
