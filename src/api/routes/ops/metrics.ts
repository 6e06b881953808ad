import type { Context } from 'hono'
import { Gauge, type Registry } from 'prom-client'
import { queueNames } from '../../../../queues/catalog.ts'
import { type Backlog, readBacklog } from '../../../operators/backlog.ts'
import { type QueueWork, readQueueWork } from '../../../operators/work.ts'
import { ApiError } from '../../../platform/errors.ts'
import { type MetricsReader, mayReadMetrics } from '../../../platform/metrics-access.ts'
import type { ApiApp } from '../../env.ts'
import { decidesItself } from '../../gates.ts'
import { remoteAddress } from '../../limits/client-address.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { readRedisState } from './redis-state.ts'
import { within } from './within.ts'

const scrapeTimeoutMs = 1_500

/** `GET /metrics` for Prometheus: for callers on this machine, or with `Authorization: Bearer $METRICS_TOKEN`. */
export function registerMetrics(app: ApiApp, parts: ApiParts): void {
  const { config, database, log, metrics } = parts
  const registers = [metrics.registry]
  const databaseUp = new Gauge({
    name: 'ordermill_database_up',
    help: 'Whether Postgres answered this scrape.',
    registers,
  })
  const redisWritable = new Gauge({
    name: 'ordermill_redis_writable',
    help: 'Whether Redis took a write at this scrape.',
    registers,
  })
  const orphans = new Gauge({ name: 'ordermill_orphans', help: 'Webhooks nobody could apply.', registers })

  const waiting = new Gauge({
    name: 'ordermill_provider_waiting_tasks',
    help: 'Tasks that wait because a provider did not answer their last attempt.',
    labelNames: ['provider'],
    registers,
  })

  const showQueues = queueGauges(registers)

  const show = (backlog: Backlog | undefined, queues: QueueWork[] | undefined) => {
    // Without an answer the last known figures would be lies; NaN is Prometheus' "unknown".
    const count = (value: number | undefined) => value ?? Number.NaN
    const age = (value: number | null | undefined) => (backlog ? (value ?? 0) : Number.NaN)
    databaseUp.set(backlog ? 1 : 0)
    metrics.tasks.set({ state: 'pending' }, count(backlog?.pending))
    metrics.tasks.set({ state: 'enqueued' }, count(backlog?.enqueued))
    metrics.tasks.set({ state: 'failed' }, count(backlog?.failed))
    metrics.attention.set(count(backlog?.attention))
    orphans.set(count(backlog?.orphans))
    waiting.reset()
    for (const { provider, waiting: tasks } of backlog?.outages ?? []) waiting.set({ provider }, tasks)
    metrics.oldestTaskAge.set(age(backlog?.taskSeconds))
    metrics.oldestInboxAge.set(age(backlog?.eventSeconds))
    showQueues(queues)
  }

  // For this machine, or whoever has the token.
  app.get('/metrics', decidesItself('operator'), async (c) => {
    if (!mayReadMetrics(readerOf(c), config.metricsToken)) {
      throw new ApiError('unauthorized', { message: 'Metrics are for this machine, or for whoever has METRICS_TOKEN.' })
    }
    try {
      const { sql } = database
      show(...(await within(scrapeTimeoutMs, Promise.all([readBacklog(sql), readQueueWork(sql)]))))
    } catch (error) {
      log.warn({ err: error }, 'metrics without the database')
      show(undefined, undefined)
    }
    const redis = await readRedisState(parts.queues.confirmation, scrapeTimeoutMs)
    redisWritable.set(redis.redis === 'up' && redis.refusesWrites === null ? 1 : 0)
    return c.body(await metrics.registry.metrics(), 200, {
      'content-type': metrics.registry.contentType,
      'cache-control': 'no-store',
    })
  })
}

/** What each queue holds: every queue is shown, also one that is empty, and none when nobody knows. */
function queueGauges(registers: Registry[]): (queues: QueueWork[] | undefined) => void {
  const tasks = new Gauge({
    name: 'ordermill_queue_tasks',
    help: 'Tasks by queue that are due, come later, were tried in vain (retrying, of those two), or have failed.',
    labelNames: ['queue', 'state'],
    registers,
  })
  const oldest = new Gauge({
    name: 'ordermill_queue_oldest_due_seconds',
    help: 'Age of the oldest due task by queue.',
    labelNames: ['queue'],
    registers,
  })
  return (queues) => {
    tasks.reset()
    oldest.reset()
    if (!queues) return
    for (const queue of queueNames) {
      const held = queues.find((work) => work.queue === queue)
      for (const state of ['due', 'later', 'retrying', 'failed'] as const)
        tasks.set({ queue, state }, held?.[state] ?? 0)
      oldest.set({ queue }, held?.oldestSeconds ?? 0)
    }
  }
}

const readerOf = (c: Context): MetricsReader => ({
  address: remoteAddress(c),
  forwarded: c.req.header('x-forwarded-for') ?? c.req.header('forwarded'),
  authorization: c.req.header('authorization'),
})
