import type { Transaction } from '../tasks/transaction.ts'
import { soundKeys } from './name-words.ts'
import { type DeniedEntry, type DeniedListFiles, readDeniedList } from './read-denied-list.ts'

export type ReplacedList = { list: string; entries: number; aliases: number; addresses: number }

const chunk = 2_000

/**
 * Replaces a list of denied persons as a whole: whoever screens meanwhile sees the old one or the new one, and orders that are still open
 * are screened against it afterwards. @throws ApiError `invalid_parameter` for files that cannot be read; the old list then stays.
 */
export async function replaceDeniedList(
  tx: Transaction,
  { list, ...files }: DeniedListFiles & { list: string },
): Promise<ReplacedList> {
  const entries = readDeniedList(files)
  await tx.sql(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`denied persons ${list}`])
  await tx.sql('delete from denied_persons where list = $1', [list])
  for (let at = 0; at < entries.length; at += chunk) await insertEntries(tx, list, entries.slice(at, at + chunk))
  const [made] = await tx.sql<{ version: string }>(`select pg_current_xact_id()::text as version`)
  tx.enqueue({ job: 'screen-open-orders', payload: { list }, dedupeKey: `denied-${list}-${made?.version}` })
  return {
    list,
    entries: entries.length,
    aliases: entries.reduce((sum, { aliases }) => sum + aliases.length, 0),
    addresses: entries.reduce((sum, { addresses }) => sum + addresses.length, 0),
  }
}

async function insertEntries(tx: Transaction, list: string, entries: readonly DeniedEntry[]): Promise<void> {
  await tx.sql(
    `insert into denied_persons (list, entry_number, name, type, program, remarks, aliases, addresses, sound_keys)
     select $1, e."entryNumber", e.name, e.type, e.program, e.remarks, e.aliases, e.addresses, e."soundKeys"
     from jsonb_to_recordset($2::jsonb) as e("entryNumber" text, name text, type text, program text, remarks text, aliases jsonb,
       addresses jsonb, "soundKeys" text[])`,
    [
      list,
      JSON.stringify(entries.map((entry) => ({ ...entry, soundKeys: soundKeys([entry.name, ...entry.aliases]) }))),
    ],
  )
}

/** The lists of this installation, by name. */
export async function readDeniedLists({ sql }: Pick<Transaction, 'sql'>) {
  return sql<{ list: string; entries: number; importedAt: string | Date }>(
    `select list, count(*) as entries, max(imported_at) as "importedAt" from denied_persons group by list order by list`,
  )
}
