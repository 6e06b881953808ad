import { sql } from 'kysely'
import { catalog } from '../../queues/catalog.ts'
import { now, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { type SecretBox, SecretUnreadable } from '../platform/secret-box.ts'
import { endAttempt, postponeTask } from '../tasks/start-tasks.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { Slots } from './endpoint-slots.ts'
import type { EventObjects } from './event-objects.ts'
import { completeEvents, toEnvelope } from './events.ts'
import { guardedPost, UnsafeUrl } from './guarded-fetch.ts'
import { signEvent } from './sign-event.ts'
import type { DeliveryAttempt, DeliveryState, DisabledReason } from './webhook-endpoint.entity.ts'

export type DeliveryParts = UnitOfWork & {
  config: Config
  log: Log
  secrets: SecretBox
  slots: Slots
  objects: EventObjects
}

/** A receiver has this long to answer with a status. */
const answerTimeoutMs = 15_000
/** Longer than an attempt may take: who finds it run out may try again. */
const claimSeconds = 30
const longestWaitMs = 24 * 3_600_000
const failingDays = 5

const retryDelaysMs: readonly number[] = catalog['deliver-event'].retryDelaysMs

/**
 * Makes one attempt to hand an event to an endpoint, and stores its end together with when the next one is due. Retries are
 * due by the task's row, not by BullMQ: a receiver's `Retry-After` counts, and a failing receiver is no failed task.
 * A receiver may get an event twice, always under the same `webhook-id`, when the answer to the first attempt was lost.
 * @throws TaskBusy while another worker is sending it
 */
export async function deliverEvent(
  parts: DeliveryParts,
  { taskId, deliveryId, endpointId }: { taskId: string; deliveryId: string; endpointId: string },
): Promise<void> {
  const release = parts.slots.take(endpointId)
  // All of this endpoint's slots are taken. The task waits in Postgres and not in BullMQ, because the relay would ring under new job ids
  // for whatever waits there for longer than its lease.
  if (!release) return postponeTask(parts.database, taskId)
  try {
    const delivery = await claim(parts, deliveryId)
    if (delivery?.state !== 'pending') return await inTransaction(parts, async (tx) => tx.finish(taskId))
    if (!delivery.claimed) throw new TaskBusy()
    const attempt = delivery.disabledReason ? skipped : await send(parts, delivery)
    await record(parts, { taskId, deliveryId, delivery, attempt })
  } finally {
    release()
  }
}

/** How an attempt ended. */
type Ended = DeliveryAttempt & { retryAfterMs?: number | undefined }

const skipped: Ended = { at: '', durationMs: 0, error: 'endpoint_disabled' }

/** One attempt at a time: the row is claimed in the statement that reads what to send. */
const claimAndRead = statement<{ deliveryId: string }>()((db, $) =>
  db
    .with('mine', (db) =>
      db
        .updateTable('event_deliveries')
        .set({ claimed_until: sql`now() + make_interval(secs => ${sql.lit(claimSeconds)})` })
        .where('id', '=', $.deliveryId)
        .where('state', '=', 'pending')
        .where((d) => d.or([d('claimed_until', 'is', null), d('claimed_until', '<', now)]))
        .returning('id'),
    )
    .selectFrom('event_deliveries as d')
    .innerJoin('outgoing_events as e', 'e.id', 'd.event_id')
    .innerJoin('webhook_endpoints as w', 'w.id', 'd.endpoint_id')
    .select((row) => [
      'd.state',
      'd.attempts',
      row.exists(row.selectFrom('mine').select('id')).as('claimed'),
      'e.id as eventId',
      'e.merchant_id as merchantId',
      'e.order_id as orderId',
      'e.line_id as lineId',
      'e.type',
      'e.sequence',
      'e.live_mode as liveMode',
      'e.created_at as createdAt',
      'e.data',
      'w.id as endpointId',
      'w.url',
      'w.disabled_reason as disabledReason',
      'w.secret',
      row
        .case()
        .when('w.previous_secret_expires_at', '>', now)
        .then(row.ref('w.previous_secret'))
        .end()
        .as('previousSecret'),
    ])
    .where('d.id', '=', $.deliveryId),
)

type ClaimedDelivery = Awaited<ReturnType<typeof claimAndRead>>[number]

async function claim({ database, objects }: DeliveryParts, deliveryId: string): Promise<ClaimedDelivery | undefined> {
  const [delivery] = await claimAndRead(database, { deliveryId })
  if (!delivery) return undefined
  const [complete] = await completeEvents(database.sql, [delivery], objects)
  return complete
}

async function send({ config, log, secrets }: DeliveryParts, delivery: ClaimedDelivery): Promise<Ended> {
  const startedAt = new Date()
  const ended = (end: Omit<Ended, 'at' | 'durationMs'>): Ended => ({
    at: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    ...end,
  })
  try {
    const body = JSON.stringify(toEnvelope(delivery))
    const current = secrets.open(delivery.secret, delivery.endpointId)
    const previous = delivery.previousSecret && secrets.open(delivery.previousSecret, delivery.endpointId)
    const answer = await guardedPost(
      delivery.url,
      {
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Ordermill-Webhooks/1',
          ...signEvent(delivery.eventId, body, previous ? [current, previous] : [current], startedAt),
        },
        body,
        timeoutMs: answerTimeoutMs,
      },
      config.webhooks,
    )
    return ended({
      status: answer.status,
      ...(answer.body ? { response: answer.body } : {}),
      retryAfterMs: [429, 503].includes(answer.status) ? readRetryAfter(answer.retryAfter, Date.now()) : undefined,
    })
  } catch (error) {
    log.debug({ endpointId: delivery.endpointId, eventId: delivery.eventId, err: error }, 'event not delivered')
    return ended({ error: reasonOf(error) })
  }
}

/** A code for people who look at the delivery; never what a machine inside our network said. */
function reasonOf(error: unknown): string {
  if (error instanceof UnsafeUrl || error instanceof SecretUnreadable) return error.message
  if (!(error instanceof Error)) return 'error'
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name
}

/** Milliseconds of a `Retry-After` in seconds or as a date, at most a day; undefined when it says nothing. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(waitMs) && waitMs > 0 ? Math.min(waitMs, longestWaitMs) : undefined
}

/** Up to a tenth is added, so that what failed together is not tried again together. */
function nextDelayMs(config: Config, attempts: number, retryAfterMs: number | undefined): number | undefined {
  const delayMs = retryDelaysMs[attempts - 1]
  if (delayMs === undefined) return
  return Math.max(delayMs * config.tasks.retryDelayFactor * (1 + Math.random() / 10), retryAfterMs ?? 0)
}

type StoredEnd = {
  taskId: string
  deliveryId: string
  state: DeliveryState
  delivered: boolean
  gone: boolean
  delaySeconds: number | null
  attempt: DeliveryAttempt
  /** How many there were before this one. */
  attempts: number
  /** 1, or 0 for an attempt that was none. */
  counts: number
}

const storeEnd = statement<StoredEnd>()((db, $) => {
  const delivered = sql<boolean>`${$.delivered.typed('boolean')}`
  const gone = sql<boolean>`${$.gone.typed('boolean')}`
  const longFailing = sql<Date>`now() - make_interval(days => ${sql.lit(failingDays)})`
  return db
    .with('recorded', (db) =>
      db
        .updateTable('event_deliveries')
        .set((d) => {
          const log = sql`${d.ref('attempt_log')} || ${$.attempt.json}`
          return {
            state: $.state,
            attempts: d('attempts', '+', $.counts),
            claimed_until: null,
            next_attempt_at: sql`now() + make_interval(secs => ${$.delaySeconds})`,
            delivered_at: d.case().when(delivered).then(now).end(),
            attempt_log: sql`(select coalesce(jsonb_agg(entry order by position), '[]')
              from jsonb_array_elements(${log}) with ordinality as l(entry, position)
              where position > jsonb_array_length(${log}) - 20)`,
          }
        })
        .where('id', '=', $.deliveryId)
        .where('state', '=', 'pending')
        .where('attempts', '=', $.attempts)
        .returning('endpoint_id'),
    )
    .with('task', (db) => endAttempt($, sql<boolean>`exists ${db.selectFrom('recorded').select('endpoint_id')}`))
    .updateTable('webhook_endpoints as w')
    .from('recorded')
    .set((w) => ({
      updated_at: now,
      failing_since: w.case().when(delivered).then(null).else(w.fn.coalesce('w.failing_since', now)).end(),
      disabled_reason: w
        .case()
        .when(gone)
        .then(sql.lit<DisabledReason>('gone'))
        .when(w.and([w.not(delivered), w('w.failing_since', '<', longFailing)]))
        .then(sql.lit<DisabledReason>('failing'))
        .end(),
    }))
    .whereRef('w.id', '=', 'recorded.endpoint_id')
    .where('w.disabled_reason', 'is', null)
    .where((w) =>
      w.or([
        w.and([delivered, w('w.failing_since', 'is not', null)]),
        w.and([
          w.not(delivered),
          w.or([gone, w('w.failing_since', 'is', null), w('w.failing_since', '<', longFailing)]),
        ]),
      ]),
    )
    .returning('w.disabled_reason as disabledReason')
})

/** Stores how an attempt ended: the delivery, the health of its endpoint and the task, in one statement. */
async function record(
  { database, config, log }: DeliveryParts,
  {
    taskId,
    deliveryId,
    delivery,
    attempt: { retryAfterMs, ...attempt },
  }: { taskId: string; deliveryId: string; delivery: ClaimedDelivery; attempt: Ended },
): Promise<void> {
  const { status = 0, error } = attempt
  const delivered = status >= 200 && status < 300
  const gone = status === 410
  const final = gone || error === 'endpoint_disabled'
  const delayMs = delivered || final ? undefined : nextDelayMs(config, delivery.attempts + 1, retryAfterMs)
  const state: DeliveryState = delivered ? 'delivered' : delayMs === undefined ? 'failed' : 'pending'
  const [row] = await storeEnd(database, {
    taskId,
    deliveryId,
    state,
    delivered,
    gone,
    delaySeconds: delayMs === undefined ? null : delayMs / 1000,
    attempt: error === 'endpoint_disabled' ? { ...attempt, at: new Date().toISOString() } : attempt,
    attempts: delivery.attempts,
    counts: error === 'endpoint_disabled' ? 0 : 1,
  })
  if (row?.disabledReason) {
    log.warn({ endpointId: delivery.endpointId, reason: row.disabledReason }, 'webhook endpoint disabled')
  }
}
