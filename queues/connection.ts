import { Queue, type RedisOptions } from 'bullmq'
import { type QueueName, queueNames } from './catalog.ts'

export type QueueConfig = { redisUrl: string; queuePrefix: string }

/** ioredis options of a `redis://user:password@host:port/db` (or `rediss://`) URL, or of a socket's `unix:///path?password=…`. */
export function redisOptions(redisUrl: string): RedisOptions {
  const url = new URL(redisUrl)
  if (url.protocol === 'unix:') {
    const password = url.searchParams.get('password')
    return { path: decodeURIComponent(url.pathname), ...(password ? { password } : {}) }
  }
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  }
}

/**
 * Queues to put jobs into. They fail within 1.5 s while Redis is down instead of waiting for it:
 * the task stands in Postgres, and the relay rings again.
 */
export function createQueues(config: QueueConfig): Record<QueueName, Queue> {
  const create = (name: QueueName) => {
    const queue = new Queue(name, {
      prefix: config.queuePrefix,
      connection: {
        ...redisOptions(config.redisUrl),
        enableOfflineQueue: false,
        maxRetriesPerRequest: 1,
        commandTimeout: 1500,
        retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
      },
      skipWaitingForReady: true,
      skipVersionCheck: true,
    })
    // Without a listener a lost Redis would end the process; its callers see their own rejections.
    queue.on('error', () => {})
    return queue
  }
  return Object.fromEntries(queueNames.map((name) => [name, create(name)])) as Record<QueueName, Queue>
}

/** Says goodbye to Redis, or hangs up where it does not listen. Nothing of value is in flight on these connections. */
export async function closeQueue(queue: Queue): Promise<void> {
  const client = queue.getBackend().client
  const [closed] = await Promise.allSettled([queue.close()])
  if (closed.status === 'fulfilled') return
  const [connected] = await Promise.allSettled([client])
  if (connected.status === 'fulfilled') connected.value.disconnect()
}
