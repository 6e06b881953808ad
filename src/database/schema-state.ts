import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Sql } from './database.ts'

/** The migrations that this program was written for. */
const readKnown = () =>
  readdirSync(path.resolve(import.meta.dirname, '../../migrations'))
    .filter((file) => /^Migration\d+_\w+\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()

let known: string[] | undefined

/** The newest migration that the database has not seen; undefined when its schema is as new as this program, or newer. */
export async function missingMigration(on: Sql): Promise<string | undefined> {
  const rows = await on<{ name: string }>('select name from mikro_orm_migrations')
  const done = new Set(rows.map(({ name }) => name))
  known ??= readKnown()
  return known.findLast((name) => !done.has(name))
}
