import { type Expression, type RawBuilder, sql } from 'kysely'
import { db, now, statement } from '../database/statement.ts'

/**
 * True for an order that is older than the last restore of the database. Free where it was never restored: the order is looked at
 * only when there is a restore to compare it with.
 */
export const isRestored = (orderId: Expression<string>): RawBuilder<boolean> => {
  const restore = db.selectFrom('restores').select(sql.lit(1).as('one'))
  const older = db
    .selectFrom('restores as past')
    .innerJoin('orders as made', (on) => on.on('made.id', '=', orderId))
    .whereRef('made.created_at', '<', 'past.restored_at')
    .select(sql.lit(1).as('one'))
  return sql<boolean>`(case when exists ${restore} then exists ${older} else false end)`
}

/** Notes that the database was just restored to an earlier moment. */
export const noteRestore = statement<{ restoredTo: Date }>()((db, $) =>
  db.insertInto('restores').values({ restored_at: now, restored_to: $.restoredTo }),
)
