import type { Queue } from 'bullmq'
import { within } from './within.ts'

/** What Redis says of itself; `down` when it does not answer in time. */
export type RedisState =
  | { redis: 'down' }
  | { redis: 'up'; version: string; versionSupported: boolean; evictionPolicy: string }

/** Asks the Redis behind a queue for its version (6.2 at least) and its eviction policy (it must never evict). */
export async function readRedisState(queue: Queue, timeoutMs: number): Promise<RedisState> {
  try {
    const client = await within(timeoutMs, queue.getBackend().client)
    const info = await within(timeoutMs, client.info())
    const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown'
    const [major = 0, minor = 0] = version.split('.').map(Number)
    return {
      redis: 'up',
      version,
      versionSupported: major > 6 || (major === 6 && minor >= 2),
      evictionPolicy: /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown',
    }
  } catch {
    // Down is an answer here, not an error: Redis is the doorbell, and requests do without it.
    return { redis: 'down' }
  }
}
