import pg from 'pg'
import type { Sql } from '../src/database/database.ts'

type Node = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  Plans?: Node[]
}

/** Small tables, which no shop fills: their rows are counted by its people, its sellers and its endpoints. */
const small = [
  'erasures',
  'sessions',
  'files',
  'merchants',
  'webhook_endpoints',
  'restores',
  'revenue_marks',
  'users',
  'links',
  'skus',
]

/** Says what statements would read from end to end, had their tables rows enough. */
export async function openPlanner(databaseUrl: string) {
  const postgres = new pg.Client({ connectionString: databaseUrl })
  await postgres.connect()
  // Tables of a test are small: joining whole ones costs nothing there.
  await postgres.query('set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off')

  async function partialIndexes(): Promise<Set<string>> {
    const { rows } = await postgres.query<{ name: string }>(
      'select indexrelid::regclass::text as name from pg_index where indpred is not null',
    )
    return new Set(rows.map(({ name }) => name))
  }

  return {
    /** Tables, and indexes that are no selection of them. */
    async readsWhole(text: string): Promise<string[]> {
      const { rows } = await postgres.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
        `explain (generic_plan, format json) ${text}`,
      )
      const [row] = rows
      const partial = await partialIndexes()
      const visit = (node: Node): string[] => {
        const inner = (node.Plans ?? []).flatMap(visit)
        const table = node['Relation Name'] ?? ''
        if (small.includes(table)) return inner
        if (node['Node Type'] === 'Seq Scan') return [...inner, table]
        const index = node['Index Name']
        const isWhole = index !== undefined && !node['Index Cond'] && !partial.has(index)
        return isWhole ? [...inner, `${table} by ${index}`] : inner
      }
      return visit(row?.['QUERY PLAN'][0].Plan as Node)
    },
    close: () => postgres.end(),
  }
}

/** The same, and every statement that is asked through it is put into `asked`. */
export const watched =
  (sql: Sql, asked: Set<string>): Sql =>
  (text, params) => {
    asked.add(text)
    return sql(text, params)
  }
