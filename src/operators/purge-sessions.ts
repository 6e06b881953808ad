import type { Database } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'

const purge = statement()((db) =>
  db
    .with('resets', (db) => db.deleteFrom('password_resets').where('expires_at', '<', now))
    .deleteFrom('sessions')
    .where('expires_at', '<', now),
)

/** Nobody is signed in by a session whose time is over, or sets a password by a reset. */
export async function purgeSessions({ database }: { database: Database }): Promise<void> {
  await purge(database, {})
}
