import type { Sql } from '../src/database/database.ts'

/** The orders of a database whose refunds promise their buyer's credit more than it has paid. */
export async function overdrawnCredits(sql: Sql): Promise<{ orderId: string }[]> {
  return await sql<{ orderId: string }>(
    `select o.id as "orderId" from orders o
     where o.credit_amount < (select coalesce(sum(r.credit_amount), 0) from refunds r where r.order_id = o.id and r.state <> 'failed')`,
  )
}
