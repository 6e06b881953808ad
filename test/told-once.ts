import type { Sql } from '../src/database/database.ts'

type Told = { orderId: string; event: string; detail: string }

/** What the timelines of a database tell twice in the same words. What calls for a person may be said again. */
export async function toldTwice(sql: Sql): Promise<Told[]> {
  return await sql<Told>(
    `select order_id as "orderId", cause as event, concat_ws(' ', subject, subject_id, detail) as detail from order_timeline
     where kind = 'event' and cause <> 'order.attention'
     group by order_id, subject, subject_id, cause, detail having count(*) > 1`,
  )
}
