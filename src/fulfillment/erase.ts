import { sql } from 'kysely'
import { statement } from '../database/statement.ts'

type Orders = { orderIds: string[] }

/** Takes out of a merchant's own fulfillments what leads to their receiver. */
export const eraseFulfillments = statement<Orders>()((db, $) =>
  db
    .updateTable('fulfillments')
    .set({ tracking_company: null, tracking_number: null, tracking_url: null, metadata: sql`'{}'` })
    .where((f) => f('order_id', '=', f.fn.any($.orderIds)))
    .returning('id'),
)

/** Takes out of returns what their sender may have said. */
export const eraseReturns = statement<Orders>()((db, $) =>
  db
    .updateTable('returns')
    .set({ reason: null, location: null, metadata: sql`'{}'` })
    .where((r) => r('order_id', '=', r.fn.any($.orderIds)))
    .returning('id'),
)
