import type { Queue } from 'bullmq'
import { within } from './within.ts'

/** What Redis says of itself; `down` when it does not answer in time. */
export type RedisState =
  | { redis: 'down' }
  | { redis: 'up'; version: string; versionSupported: boolean; evictionPolicy: string; refusesWrites: string | null }

/** Asks the Redis behind a queue for its version (7.0 at least, which the tests run on), its eviction policy (it must never evict), and whether it takes writes. */
export async function readRedisState(queue: Queue, timeoutMs: number): Promise<RedisState> {
  try {
    const client = await within(timeoutMs, queue.getBackend().client)
    const info = await within(timeoutMs, client.info())
    const refusesWrites = await within(timeoutMs, tryToWrite(client, `${queue.opts.prefix}:probe`))
    const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown'
    const [major = 0] = version.split('.').map(Number)
    return {
      redis: 'up',
      version,
      versionSupported: major >= 7,
      evictionPolicy: /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown',
      refusesWrites,
    }
  } catch {
    // Down is an answer here, not an error: Redis is the doorbell, and requests do without it.
    return { redis: 'down' }
  }
}

/** Null when Redis takes what is written; else its own word for why not, such as `MISCONF`, `OOM` or `READONLY`. */
async function tryToWrite(
  client: Awaited<ReturnType<Queue['getBackend']>['client']>,
  key: string,
): Promise<string | null> {
  try {
    await client.set(key, '1')
    return null
  } catch (error) {
    const [code] = /^[A-Z]+/.exec(error instanceof Error ? error.message : '') ?? []
    if (!code) throw error
    return code
  }
}
