import { sql } from 'kysely'
import { lockName } from '../database/lock-name.ts'
import { insertRows, type NewRow, statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { soundKeys } from './name-words.ts'
import { type DeniedEntry, type DeniedListFiles, readDeniedList } from './read-denied-list.ts'

export type ReplacedList = { list: string; entries: number; aliases: number; addresses: number }

const chunk = 2_000

const removeList = statement<{ list: string }>()((db, $) => db.deleteFrom('denied_persons').where('list', '=', $.list))

const insertPersons = statement<{ persons: NewRow<'denied_persons'>[] }>()((_, $) =>
  insertRows('denied_persons', $.persons),
)

const readVersion = statement()((db) => db.selectNoFrom(sql<string>`pg_current_xact_id()::text`.as('version')))

/**
 * Replaces a list of denied persons as a whole: whoever screens meanwhile sees the old one or the new one, and orders that are still open
 * are screened against it afterwards. @throws ApiError `invalid_parameter` for files that cannot be read; the old list then stays.
 */
export async function replaceDeniedList(
  tx: Transaction,
  { list, ...files }: DeniedListFiles & { list: string },
): Promise<ReplacedList> {
  const entries = readDeniedList(files)
  await lockName(tx, `denied persons ${list}`)
  await removeList(tx, { list })
  for (let at = 0; at < entries.length; at += chunk) {
    await insertPersons(tx, { persons: entries.slice(at, at + chunk).map((entry) => toRow(list, entry)) })
  }
  const [made] = await readVersion(tx, {})
  tx.enqueue({ job: 'screen-open-orders', payload: { list }, dedupeKey: `denied-${list}-${made?.version}` })
  return {
    list,
    entries: entries.length,
    aliases: entries.reduce((sum, { aliases }) => sum + aliases.length, 0),
    addresses: entries.reduce((sum, { addresses }) => sum + addresses.length, 0),
  }
}

const toRow = (list: string, entry: DeniedEntry): NewRow<'denied_persons'> => ({
  list,
  entry_number: entry.entryNumber,
  name: entry.name,
  type: entry.type,
  program: entry.program,
  remarks: entry.remarks,
  aliases: entry.aliases,
  addresses: entry.addresses,
  sound_keys: soundKeys([entry.name, ...entry.aliases]),
})

const readLists = statement()((db) =>
  db
    .selectFrom('denied_persons')
    .select((d) => ['list', d.fn.countAll<number>().as('entries'), d.fn.max('imported_at').as('importedAt')])
    .groupBy('list')
    .orderBy('list'),
)

/** The lists of this installation, by name. */
export const readDeniedLists = (on: Pick<Transaction, 'sql'>) => readLists(on, {})
