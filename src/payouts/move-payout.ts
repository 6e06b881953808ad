import { sql } from 'kysely'
import { db, now } from '../database/statement.ts'
import { statesBefore } from '../platform/state-machine.ts'
import { type PayoutState, payoutTransitions } from './payout.state-machine.ts'

/** The beginning of a statement that moves payouts. One in a state from which it cannot be reached stays as it is. */
export const movePayouts = (to: PayoutState) =>
  db
    .updateTable('payouts as p')
    .set({
      state: to,
      updated_at: now,
      state_transitions: sql<
        Record<string, string>
      >`p.state_transitions || jsonb_build_object(${sql.lit(to)}, to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
    })
    .where('p.state', 'in', statesBefore(payoutTransitions, to))
