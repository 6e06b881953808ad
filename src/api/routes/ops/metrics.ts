import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { Gauge } from 'prom-client'
import { type Backlog, readBacklog } from '../../../operators/backlog.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { decidesItself } from '../../gates.ts'
import { remoteAddress } from '../../limits/client-address.ts'
import type { ApiParts } from '../../route-dependencies.ts'
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
  const orphans = new Gauge({ name: 'ordermill_orphans', help: 'Webhooks nobody could apply.', registers })

  const waiting = new Gauge({
    name: 'ordermill_provider_waiting_tasks',
    help: 'Tasks that wait because a provider did not answer their last attempt.',
    labelNames: ['provider'],
    registers,
  })

  const show = (backlog: Backlog | undefined) => {
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
  }

  // For this machine, or whoever has the token.
  app.get('/metrics', decidesItself('operator'), async (c) => {
    if (!isLocal(c) && !hasToken(c, config.metricsToken)) {
      throw new ApiError('unauthorized', { message: 'Metrics are for this machine, or for whoever has METRICS_TOKEN.' })
    }
    try {
      show(await within(scrapeTimeoutMs, readBacklog(database.sql)))
    } catch (error) {
      log.warn({ err: error }, 'metrics without the database')
      show(undefined)
    }
    return c.body(await metrics.registry.metrics(), 200, {
      'content-type': metrics.registry.contentType,
      'cache-control': 'no-store',
    })
  })
}

const loopback = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/

/**
 * Judged by the socket, because anybody can write `X-Forwarded-For`. A request that carries it came through a proxy on
 * this machine, though, and speaks for somebody else.
 */
function isLocal(c: Context): boolean {
  const proxied = c.req.header('x-forwarded-for') ?? c.req.header('forwarded')
  return proxied === undefined && loopback.test(remoteAddress(c) ?? '')
}

function hasToken(c: Context, token: string | undefined): boolean {
  const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (token === undefined || given === undefined) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}
