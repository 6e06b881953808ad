import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'

const purge = statement()((db) =>
  db
    .deleteFrom('inbox_events')
    .where(
      'id',
      'in',
      db
        .selectFrom('inbox_events')
        .select('id')
        .where('handled_at', '<', sql<Date>`now() - interval '180 days'`)
        .orderBy('received_at')
        .limit(5_000),
    ),
)

/** Handled webhooks are kept for 180 days. */
export async function purgeInbox({ database }: UnitOfWork): Promise<void> {
  await purge(database, {})
}
