import type { Database } from '../database/database.ts'
import { eraseLateInboxEvents } from '../inbox/erase.ts'

/** Empties webhooks that arrived about somebody after they were forgotten: providers go on telling what they know. Returns how many. */
export async function eraseLateCopies(database: Pick<Database, 'sql'>): Promise<number> {
  const emptied = await eraseLateInboxEvents(database, {})
  return emptied.length
}
