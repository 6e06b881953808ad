import { createReadStream, statSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { Stage } from './stage.ts'

export type StatementCount = {
  /** Everything the server was asked to execute, `begin` and `commit` included. */
  total: number
  byProcess: Record<string, number>
  /** The beginnings of the statements, the most frequent first. */
  top: { text: string; process: string; count: number }[]
}

/**
 * Counts the statements that reach Postgres while `work` runs, from the server's own log. Logging costs time, so this is
 * done for some extra orders after a phase was measured, never during it.
 */
export async function countStatements(stage: Stage, work: () => Promise<unknown>): Promise<StatementCount> {
  const log = path.join(stage.folder, 'postgres', 'postgres.log')
  await configure(stage, [`log_statement = 'all'`, 'log_parameter_max_length = 0'])
  const from = statSync(log).size
  try {
    await work()
  } finally {
    await configure(stage, undefined)
  }
  return readLog(log, from)
}

async function configure({ sql }: Stage, settings: readonly string[] | undefined): Promise<void> {
  const names = ['log_statement', 'log_parameter_max_length']
  const statements =
    settings?.map((setting) => `alter system set ${setting}`) ?? names.map((n) => `alter system reset ${n}`)
  for (const statement of statements) await sql.query(statement)
  await sql.query('select pg_reload_conf()')
  // Backends read the new settings between two statements; the reload itself is asynchronous.
  await pause(500)
}

async function readLog(file: string, from: number): Promise<StatementCount> {
  const counts = new Map<string, number>()
  const byProcess: Record<string, number> = {}
  let total = 0
  for await (const line of createInterface({ input: createReadStream(file, { start: from }) })) {
    const found = /^\S+ \S+ UTC \[\d+\] (\S*) LOG: {2}(?:statement|execute [^:]*): (.*)$/.exec(line)
    if (!found) continue
    const [, process = '', text = ''] = found
    if (!process.startsWith('ordermill')) continue
    total += 1
    byProcess[process] = (byProcess[process] ?? 0) + 1
    const key = `${process}\n${text.trim().slice(0, 110)}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const top = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([key, count]) => {
      const [process = '', text = ''] = key.split('\n')
      return { process, text, count }
    })
  return { total, byProcess, top }
}
