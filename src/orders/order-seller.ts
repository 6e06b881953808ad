import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'

const read = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .select('o.merchant_id as merchantId')
    .where('o.id', '=', $.orderId)
    .where('o.erased_at', 'is', null),
)

/** Whose order it is; undefined when there is no such order, or its buyer was forgotten. */
export const readSeller = async (on: Sql, orderId: string) => (await read(on, { orderId }))[0]
