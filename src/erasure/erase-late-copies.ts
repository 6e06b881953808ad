import type { Database } from '../database/database.ts'

/** Empties webhooks that arrived about somebody after they were forgotten: providers go on telling what they know. Returns how many. */
export async function eraseLateCopies({ sql }: Pick<Database, 'sql'>): Promise<number> {
  const emptied = await sql<{ id: string }>(
    `with forgotten as (select id from orders where erased_at is not null)
     update inbox_events set body = '{}'
     where handled_at is not null and received_at > now() - interval '1 day' and body <> '{}'
       and (order_id in (select id from forgotten)
         or charge_id in (select c.id from charges c join forgotten f on f.id = c.order_id))
     returning id`,
  )
  return emptied.length
}
