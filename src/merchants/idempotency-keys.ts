import { sql } from 'kysely'
import { insertRows, type NewRow, now, type Runs, statement } from '../database/statement.ts'

const tryLock = statement<{ name: string }>()((db, $) =>
  db.selectNoFrom(sql<boolean>`pg_try_advisory_xact_lock(hashtextextended(${$.name}, 0))`.as('held')),
)

/** Holds a key until the end of the transaction. False when another request holds it. */
export async function lockIdempotencyKey(tx: Runs, { apiKeyId, key }: { apiKeyId: string; key: string }) {
  const [lock] = await tryLock(tx, { name: `idempotency ${apiKeyId} ${key}` })
  return lock?.held === true
}

/** What the request with a key of the last 24 hours was answered. A key belongs to the API key it came with. */
export const readAnswer = statement<{ apiKeyId: string; key: string }>()((db, $) =>
  db
    .selectFrom('idempotency_keys')
    // The two are null in no row that is committed.
    .select((stored) => [
      'request_hash as hash',
      stored.ref('status').$notNull().as('status'),
      stored.ref('response').$notNull().as('response'),
    ])
    .where('api_key_id', '=', $.apiKeyId)
    .where('key', '=', $.key)
    .where('created_at', '>', sql<Date>`now() - interval '24 hours'`),
)

/** Keeps what a request was answered, in place of an answer that is older than 24 hours. */
export const storeAnswer = statement<{ answer: NewRow<'idempotency_keys'> }>()((_, $) =>
  insertRows('idempotency_keys', $.answer).onConflict((conflict) =>
    conflict.columns(['api_key_id', 'key']).doUpdateSet((stored) => ({
      request_hash: stored.ref('excluded.request_hash'),
      status: stored.ref('excluded.status'),
      response: stored.ref('excluded.response'),
      created_at: now,
    })),
  ),
)
