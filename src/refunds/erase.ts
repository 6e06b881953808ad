import { sql } from 'kysely'
import { statement } from '../database/statement.ts'

/** Takes out of refunds what their receiver may have said. */
export const eraseRefunds = statement<{ orderIds: string[] }>()((db, $) =>
  db
    .updateTable('refunds')
    .set({ reason: null, metadata: sql`'{}'` })
    .where((r) => r('order_id', '=', r.fn.any($.orderIds)))
    .returning('id'),
)
