import { sql } from 'kysely'
import { now, statement } from '../database/statement.ts'

/** Lets an unpaid order wait until then at least: somebody decides about its money meanwhile. */
export const postponeExpiry = statement<{ orderId: string; until: string }>()((db, $) =>
  db
    .updateTable('orders')
    .set((o) => ({ expires_at: sql<Date>`greatest(${o.ref('expires_at')}, ${$.until.time})`, updated_at: now }))
    .where('id', '=', $.orderId)
    .where('expires_at', 'is not', null),
)
