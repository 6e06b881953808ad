import type { Sql } from '../database/database.ts'
import type { Trace } from './erasure.entity.ts'

/** Tables of documents that tax law wants kept as they were issued. */
const keptByLaw = new Set(['order_documents'])

/**
 * Searches every column of every table that can hold words for some values, and tells where they still stand. It reads the whole
 * database, one table a statement; a value is found in any case and inside of anything.
 */
export async function findTraces(sql: Sql, values: readonly string[]): Promise<Trace[]> {
  if (values.length === 0) return []
  // Raw: which tables and columns there are is asked of Postgres, and the statements are made of its answer.
  const columns = await sql<{ table: string; names: string[] }>(
    `select c.table_name as table, json_agg(c.column_name order by c.ordinal_position) as names
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
       and c.data_type in ('text', 'character varying', 'json', 'jsonb')
     group by c.table_name order by c.table_name`,
  )
  const patterns = values.flatMap((value) => [likePattern(value), likePattern(JSON.stringify(value).slice(1, -1))])
  const traces: Trace[] = []
  for (const { table, names } of columns) {
    const counts = names.map(
      (name) => `count(*) filter (where ${quoted(name)}::text ilike any($1::text[])) as ${quoted(name)}`,
    )
    // Raw: as above.
    const [found = {}] = await sql<Record<string, number>>(`select ${counts.join(', ')} from ${quoted(table)}`, [
      [...new Set(patterns)],
    ])
    const why = keptByLaw.has(table) ? 'kept by law' : 'not part of the request'
    for (const [column, rows] of Object.entries(found)) if (rows > 0) traces.push({ table, column, rows, why })
  }
  return traces
}

const likePattern = (value: string) => `%${value.replace(/[\\%_]/g, '\\$&')}%`
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
