import os from 'node:os'
import { redisInfo } from './redis-info.ts'
import type { Stage } from './stage.ts'

export type Machine = Record<string, string>

/** What the numbers of a run depend on. */
export async function machineFacts({ sql, redis }: Pick<Stage, 'sql' | 'redis'>): Promise<Machine> {
  const { rows } = await sql.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
     where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers', 'max_connections')`,
  )
  const postgres = new Map(rows.map(({ name, setting }) => [name, setting]))
  const info = await redisInfo(redis.port)
  const cpus = os.cpus()
  const load = os.loadavg().map((value) => value.toFixed(2))
  return {
    cores: `${cpus.length} × ${cpus[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release()}`,
    'load before': load.join(' '),
    node: process.version,
    postgres: [
      postgres.get('server_version'),
      ...['fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method'].map(
        (name) => `${name}=${postgres.get(name)}`,
      ),
    ].join(' '),
    redis: `${info.redis_version ?? 'unknown'} appendonly=${info.aof_enabled === '1' ? 'yes, everysec' : 'no'}`,
  }
}
