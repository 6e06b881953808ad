import type { Stage } from './stage.ts'

/** What one kind of statement cost the server while something ran. */
export type StatementTime = { text: string; ms: number; calls: number; rows: number; walBytes: number }

/** The setting of Postgres without which there is nothing to read. */
export const timingSettings = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': 'on',
}

/** Begins to sum up what statements cost; what was summed up before is forgotten. */
export async function startTiming({ sql }: Stage): Promise<void> {
  await sql.query('create extension if not exists pg_stat_statements')
  await sql.query('select pg_stat_statements_reset()')
}

/** The statements since {@link startTiming}, the dearest first: planning and execution in ms, without commits' waiting for the disk. */
export async function readTimes({ sql }: Stage): Promise<StatementTime[]> {
  const { rows } = await sql.query<StatementTime>(
    `select query as text, total_exec_time + total_plan_time as ms, calls::float8, rows::float8, wal_bytes::float8 as "walBytes"
     from pg_stat_statements order by 2 desc limit 40`,
  )
  return rows
}
