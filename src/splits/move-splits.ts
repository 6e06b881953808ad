import { sql } from 'kysely'
import { db, type Hole, now, rowsOf } from '../database/statement.ts'
import { statesBefore } from '../platform/state-machine.ts'
import type { SplitLines } from './calculate-splits.ts'
import { type SplitState, splitReopenings, splitTransitions } from './split.state-machine.ts'

/** The beginning of a statement that moves splits; it says which. Those in a state from which it cannot be reached stay as they are. */
export const moveSplits = (to: SplitState) =>
  db
    .updateTable('splits as s')
    .set({ state: to, updated_at: now })
    .where('s.state', 'in', statesBefore(splitTransitions, to))

/** Books planned shares as paid out or recorded, each with its whole amount, as a part of the statement that moves their money. */
export const executeSplits = (ids: Hole<readonly string[]>, to: Hole<'executed' | 'recorded'>) =>
  db
    .updateTable('splits')
    .set((s) => ({ state: to, executed_amount: s.ref('amount'), updated_at: now }))
    .where((s) => s('id', '=', s.fn.any(ids)))
    .where('state', 'in', statesBefore(splitTransitions, 'executed', 'recorded'))

/** Counts what splits have received in all, as a part of the statement that books it; one that received more already keeps it. */
export const receiveUpTo = (splits: Hole<readonly { id: string; upTo: number }[]>) =>
  db
    .updateTable('splits as s')
    .from(rowsOf(splits, 'd', { id: 'text', upTo: 'bigint' }))
    .set((s) => ({
      executed_amount: sql<number>`greatest(${s.ref('s.executed_amount')}, ${s.ref('d.upTo')})`,
      updated_at: now,
    }))
    .whereRef('s.id', '=', 'd.id')

/** What a refund takes of a split, or gives it back, with what was taken of each of its lines in all then. */
type ReversedShare = { id: string; share: number; lines: SplitLines }

const reversedShares = (shares: Hole<readonly ReversedShare[]>) =>
  rowsOf(shares, 'd', { id: 'text', share: 'bigint', lines: 'jsonb' })

/** Takes shares back, as a part of the statement that books it. */
export const takeFromSplits = (shares: Hole<readonly ReversedShare[]>) =>
  db
    .updateTable('splits as s')
    .from(reversedShares(shares))
    .set((s) => ({
      reversed_amount: s('s.reversed_amount', '+', s.ref('d.share')),
      reversed_lines: s.ref('d.lines'),
      updated_at: now,
    }))
    .whereRef('s.id', '=', 'd.id')

/** Gives shares back that were taken, as a part of the statement that books it; what was reversed is what it was before. */
export const giveBackToSplits = (shares: Hole<readonly ReversedShare[]>) =>
  db
    .updateTable('splits as s')
    .from(reversedShares(shares))
    .set((s) => {
      const [paidOut, settled] = splitReopenings.reversed
      return {
        reversed_amount: s('s.reversed_amount', '-', s.ref('d.share')),
        reversed_lines: s.ref('d.lines'),
        updated_at: now,
        state: s
          .case()
          .when('s.state', '<>', 'reversed')
          .then(s.ref('s.state'))
          .when('s.settlement_reference', 'is', null)
          .then(sql.lit<SplitState>(paidOut))
          .else(sql.lit<SplitState>(settled))
          .end(),
      }
    })
    .whereRef('s.id', '=', 'd.id')
