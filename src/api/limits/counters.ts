import { createHmac } from 'node:crypto'
import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { redisOptions } from '../../../queues/connection.ts'
import type { Config } from '../../platform/config.ts'
import type { RateLimit } from '../../platform/rate-limits.ts'

/** Counts what was done by whom. */
export type Counter = {
  /** Counts one more. Returns the milliseconds to wait when that is too much, else 0. */
  count(subject: string): Promise<number>
  /** Takes one back, or all of them. */
  forget(subject: string, what: 'one' | 'all'): Promise<void>
}

export type Counters = {
  /** A counter that all processes share. Without Redis each process counts for itself, and no request fails. */
  shared(name: string, limit: RateLimit): Counter
  /** A counter of this process alone, for what must not wait for anything. */
  local(name: string, limit: RateLimit): Counter
  close(): void
}

type Settings = Pick<Config, 'redisUrl' | 'queuePrefix' | 'signingSecret'>

/** Redis has this long to count; then the process counts itself. */
const redisTimeoutMs = 250

export function createCounters(config: Settings): Counters {
  const redis = new Redis({
    ...redisOptions(config.redisUrl),
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: redisTimeoutMs,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
  })
  // Without a listener a lost Redis would end the process.
  redis.on('error', () => {})
  void redis.connect().catch(() => {})
  // Addresses of people and machines do not leave Postgres: counters know them by a digest.
  const digest = (subject: string) =>
    createHmac('sha256', config.signingSecret ?? config.queuePrefix)
      .update(subject)
      .digest('base64url')
      .slice(0, 22)

  const counterOf = (limiter: RateLimiterRedis | RateLimiterMemory): Counter => ({
    async count(subject) {
      try {
        await limiter.consume(digest(subject))
        return 0
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext)
        throw refusal
      }
    },
    async forget(subject, what) {
      if (what === 'one') await limiter.reward(digest(subject))
      else await limiter.delete(digest(subject))
    },
  })
  const local = (name: string, { points, seconds }: RateLimit) =>
    new RateLimiterMemory({ keyPrefix: name, points, duration: seconds })
  return {
    shared: (name, limit) =>
      counterOf(
        new RateLimiterRedis({
          storeClient: redis,
          keyPrefix: `${config.queuePrefix}:limit:${name}`,
          points: limit.points,
          duration: limit.seconds,
          rejectIfRedisNotReady: true,
          insuranceLimiter: local(name, limit),
        }),
      ),
    local: (name, limit) => counterOf(local(name, limit)),
    close: () => redis.disconnect(),
  }
}
