import { type Expression, sql } from 'kysely'
import type { JobName } from '../../queues/catalog.ts'
import { db, type Hole } from '../database/statement.ts'
import type { Attention } from './order.entity.ts'

/** Why an order waits for a person. */
export const attentionReason = (attention: Expression<Attention | null>) =>
  sql<string | null>`${attention} ->> 'reason'`

/**
 * Calls nobody any more for a reason that has gone, or for the sake of tasks that have become needless, as a part of the statement that
 * makes them so.
 */
export const clearAttention = (orderId: Hole<string>, reason: string, jobs: readonly JobName[]) =>
  db
    .updateTable('orders')
    .set({ attention: null })
    .where('orders.id', '=', orderId)
    .where((o) =>
      o.or([
        o(attentionReason(o.ref('attention')), '=', reason),
        o(
          sql<string>`${o.ref('attention')} ->> 'taskId'`,
          'in',
          o.selectFrom('tasks').select('tasks.id').where('tasks.order_id', '=', orderId).where('tasks.job', 'in', jobs),
        ),
      ]),
    )
