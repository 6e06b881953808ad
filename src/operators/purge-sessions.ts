import type { Database } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'

const purge = statement()((db) => db.deleteFrom('sessions').where('expires_at', '<', now))

/** Nobody is signed in by a session whose time is over. */
export async function purgeSessions({ database }: { database: Database }): Promise<void> {
  await purge(database, {})
}
