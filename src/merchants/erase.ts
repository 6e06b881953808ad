import { sql } from 'kysely'
import { statement } from '../database/statement.ts'

/** Empties the answers to a merchant's requests that name something of somebody's. */
export const eraseAnswers = statement<{ merchantId: string; thingIds: string[] }>()((db, $) =>
  db
    .updateTable('idempotency_keys')
    .set({ response: '{}' })
    .where('merchant_id', '=', $.merchantId)
    .where(
      (key) =>
        sql<boolean>`exists (select 1 from unnest(${$.thingIds.typed('text[]')}) as thing
          where position('"' || thing || '"' in ${key.ref('response')}) > 0)`,
    )
    .returning('key'),
)
