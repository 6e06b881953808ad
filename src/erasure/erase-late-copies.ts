import type { Database } from '../database/database.ts'
import { daysAgo } from '../database/purge-old.ts'
import { eraseLateInboxEvents } from '../inbox/erase.ts'
import { firstIdSince } from '../platform/ids.ts'

/** Empties webhooks that arrived about somebody after they were forgotten: providers go on telling what they know. Returns how many. */
export async function eraseLateCopies(database: Pick<Database, 'sql'>): Promise<number> {
  const emptied = await eraseLateInboxEvents(database, { since: firstIdSince('inboxEvent', daysAgo(1)) })
  return emptied.length
}
