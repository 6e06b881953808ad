import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import type { UnitOfWork } from './transaction.ts'

const purge = statement()((db) =>
  db
    .deleteFrom('tasks')
    .where(
      'id',
      'in',
      db
        .selectFrom('tasks')
        .select('id')
        .where('state', '=', 'done')
        .where('done_at', '<', sql<Date>`now() - interval '30 days'`)
        .orderBy('id')
        .limit(5_000),
    ),
)

/** Finished tasks are kept for 30 days. */
export async function purgeTasks({ database }: UnitOfWork): Promise<void> {
  await purge(database, {})
}
