import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { statement } from '../database/statement.ts'

const purge = statement()((db) =>
  db.deleteFrom('idempotency_keys').where('created_at', '<', sql<Date>`now() - interval '24 hours'`),
)

/** Answers under an idempotency key are kept for a day. */
export async function purgeIdempotencyKeys({ database }: { database: Database }): Promise<void> {
  await purge(database, {})
}
