/**
 * True for an order that is older than the last restore of the database. Free where it was never restored: the order is looked at
 * only when there is a restore to compare it with.
 */
export const isRestoredSql = (orderId: string): string =>
  `(case when exists (select 1 from restores) then exists (select 1 from restores past join orders made on made.id = ${orderId}
       where made.created_at < past.restored_at) else false end)`
