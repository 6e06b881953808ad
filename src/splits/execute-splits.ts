import { db, type Hole, now } from '../database/statement.ts'
import { statesBefore } from '../platform/state-machine.ts'
import { splitTransitions } from './split.state-machine.ts'

/** Books planned shares as paid out or recorded, each with its whole amount, as a part of the statement that moves their money. */
export const executeSplits = (ids: Hole<readonly string[]>, to: Hole<'executed' | 'recorded'>) =>
  db
    .updateTable('splits')
    .set((s) => ({ state: to, executed_amount: s.ref('amount'), updated_at: now }))
    .where((s) => s('id', '=', s.fn.any(ids)))
    .where('state', 'in', statesBefore(splitTransitions, 'executed', 'recorded'))
