import { createRoute, z } from '@hono/zod-openapi'
import { missingForSale } from '../../../checkouts/missing-for-sale.ts'
import { missingMigration } from '../../../database/schema-state.ts'
import { type OldestWaiting, readOldestWaiting } from '../../../operators/backlog.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, errorSchema, json } from '../../schemas.ts'
import { type RedisState, readRedisState } from './redis-state.ts'
import { within } from './within.ts'

const checkTimeoutMs = 1_500
const behindSeconds = 300

const checksSchema = z.object({
  postgres: z.enum(['up', 'down']),
  redis: z.enum(['up', 'down']),
  redisVersion: z.string().optional(),
  redisEvictionPolicy: z.string().optional(),
  oldestUnhandledEventSeconds: z.number().int().nullable(),
  oldestDueTaskSeconds: z.number().int().nullable(),
  providersDown: z.array(z.string()),
  degraded: z.boolean(),
  problems: z.array(z.string()),
})
const readySchema = checksSchema.extend({ status: z.literal('ready') }).openapi('Ready')
const unreadySchema = checksSchema.extend({ status: z.literal('unready'), ...errorSchema.shape }).openapi('Unready')

/**
 * `GET /readyz`: whether this process can take orders. That needs Postgres only: without Redis, or with workers
 * that lag more than five minutes, a provider that does not answer or nobody entered who sells, it stays ready and says `degraded`.
 */
export function registerReady(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/readyz',
    tags: ['Operations'],
    summary: 'Whether the process can serve',
    security: [],
    middleware: openToAnyone,
    responses: {
      200: json(readySchema, 'Ready, perhaps degraded.'),
      400: errorResponses[400],
      503: json(unreadySchema, 'Postgres does not answer or has an older schema, or this process is stopping.'),
    },
  })
  const { database, queues, stopping } = parts
  app.openapi(route, async (c) => {
    c.header('cache-control', 'no-store')
    const [waiting, redis, missing, migration] = await Promise.all([
      within(checkTimeoutMs, readOldestWaiting(database.sql)).catch(() => undefined),
      readRedisState(queues.confirmation, checkTimeoutMs),
      within(checkTimeoutMs, missingForSale(database, parts.config)).catch(() => []),
      within(checkTimeoutMs, missingMigration(database.sql)).catch(() => undefined),
    ])
    const blocking = [
      ...(stopping.begun ? ['This process is stopping.'] : []),
      ...(waiting ? [] : ['Postgres does not answer.']),
      ...(migration ? [`The schema lacks ${migration}: run the migrations.`] : []),
    ]
    const checks = toChecks(waiting, redis, [...blocking, ...missing])
    const [problem] = blocking
    if (!problem) return c.json({ status: 'ready' as const, ...checks }, 200)
    const { kind, code } = new ApiError(waiting ? 'not_ready' : 'database_unavailable')
    c.header('retry-after', '5')
    const errors = [{ code, message: problem }]
    return c.json({ type: kind, errors, status: 'unready' as const, ...checks }, 503)
  })
}

function toChecks(
  waiting: OldestWaiting | undefined,
  redis: RedisState,
  others: readonly string[],
): z.infer<typeof checksSchema> {
  const eventSeconds = waiting?.eventSeconds ?? null
  const taskSeconds = waiting?.taskSeconds ?? null
  const down = (waiting?.outages ?? []).filter(({ stuck }) => stuck > 0)
  const problems = [
    ...others,
    ...redisProblems(redis),
    ...((eventSeconds ?? 0) > behindSeconds ? ['Webhooks wait to be applied: do the workers run?'] : []),
    ...down.map(({ provider, waiting: tasks }) => `${provider} does not answer: ${tasks} tasks wait for it.`),
    ...((taskSeconds ?? 0) > behindSeconds ? ['Tasks are overdue: do the workers run?'] : []),
  ]
  return {
    postgres: waiting ? 'up' : 'down',
    redis: redis.redis,
    ...(redis.redis === 'up' ? { redisVersion: redis.version, redisEvictionPolicy: redis.evictionPolicy } : {}),
    oldestUnhandledEventSeconds: eventSeconds,
    oldestDueTaskSeconds: taskSeconds,
    providersDown: down.map(({ provider }) => provider),
    degraded: problems.length > 0,
    problems,
  }
}

function redisProblems(redis: RedisState): string[] {
  if (redis.redis === 'down') return ['Redis does not answer: orders are taken, background work waits.']
  return [
    ...(redis.versionSupported ? [] : ['Redis is older than 7.0.']),
    ...(redis.refusesWrites === null
      ? []
      : [`Redis refuses writes (${redis.refusesWrites}): orders are taken, background work waits.`]),
    ...(redis.evictionPolicy === 'noeviction' ? [] : ['Redis may evict jobs: set maxmemory-policy noeviction.']),
  ]
}
