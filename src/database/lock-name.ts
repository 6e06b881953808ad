import { sql } from 'kysely'
import { type Runs, statement } from './statement.ts'

const lock = statement<{ name: string }>()((db, $) =>
  db.selectNoFrom(sql`pg_advisory_xact_lock(hashtextextended(${$.name}, 0))`.as('locked')),
)

/** Waits for everybody else who has locked this name, and holds it until the end of the transaction: for what has no row to lock yet. */
export async function lockName(tx: Runs, name: string): Promise<void> {
  await lock(tx, { name })
}
