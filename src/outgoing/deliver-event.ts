import { catalog } from '../../queues/catalog.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { type SecretBox, SecretUnreadable } from './endpoint-secret.ts'
import type { Slots } from './endpoint-slots.ts'
import { completeEvents, type EventView, toEnvelope } from './events.ts'
import { guardedPost, UnsafeUrl } from './guarded-fetch.ts'
import type { RenderOrder } from './publish-events.ts'
import { signEvent } from './sign-event.ts'
import type { DeliveryAttempt, DeliveryState, DisabledReason } from './webhook-endpoint.entity.ts'

export type DeliveryParts = UnitOfWork & {
  config: Config
  log: Log
  secrets: SecretBox
  slots: Slots
  render: RenderOrder
}

/** A receiver has this long to answer with a status. */
const answerTimeoutMs = 15_000
/** Longer than an attempt may take: who finds it run out may try again. */
const claimSeconds = 30
const longestWaitMs = 24 * 3_600_000
const failingDays = 5

const retryDelaysMs: readonly number[] = catalog['deliver-event'].retryDelaysMs

type ClaimedDelivery = EventView & {
  state: DeliveryState
  claimed: boolean
  attempts: number
  endpointId: string
  url: string
  disabledReason: DisabledReason | null
  secret: string
  previousSecret: string | null
}

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
  if (!release) return postpone(parts, taskId)
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
async function claim({ database, render }: DeliveryParts, deliveryId: string): Promise<ClaimedDelivery | undefined> {
  const [delivery] = await database.sql<ClaimedDelivery>(
    `with mine as (
      update event_deliveries set claimed_until = now() + interval '${claimSeconds} seconds'
      where id = $1 and state = 'pending' and (claimed_until is null or claimed_until < now()) returning id
    )
    select d.state, d.attempts, exists (select 1 from mine) as claimed, e.id as "eventId", e.merchant_id as "merchantId",
      e.order_id as "orderId", e.type, e.sequence,
      e.live_mode as "liveMode", e.created_at as "createdAt", e.data, w.id as "endpointId", w.url,
      w.disabled_reason as "disabledReason", w.secret,
      case when w.previous_secret_expires_at > now() then w.previous_secret end as "previousSecret"
    from event_deliveries d join outgoing_events e on e.id = d.event_id join webhook_endpoints w on w.id = d.endpoint_id
    where d.id = $1`,
    [deliveryId],
  )
  if (!delivery) return undefined
  const [complete] = await completeEvents(database.sql, [delivery], render)
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
  const [row] = await database.sql<{ disabledReason: DisabledReason | null }>(
    `with recorded as (
      update event_deliveries set state = $3, attempts = attempts + case when $9 then 0 else 1 end, claimed_until = null,
        next_attempt_at = now() + make_interval(secs => $4), delivered_at = case when $3 = 'delivered' then now() end,
        attempt_log = (select coalesce(jsonb_agg(entry order by position), '[]')
          from jsonb_array_elements(attempt_log || $5::jsonb) with ordinality as l(entry, position)
          where position > jsonb_array_length(attempt_log || $5::jsonb) - 20)
      where id = $1 and state = 'pending' and attempts = $6
      returning endpoint_id
    ), task as (
      update tasks set state = case when $3 = 'pending' then 'pending' else 'done' end, last_error = null, rings = 0,
        done_at = case when $3 <> 'pending' then now() end, run_at = coalesce(now() + make_interval(secs => $4), run_at),
        enqueued_at = null, epoch = epoch + 1
      from recorded where tasks.id = $2 and tasks.state <> 'done'
    )
    update webhook_endpoints set updated_at = now(),
      failing_since = case when $3 = 'delivered' then null else coalesce(failing_since, now()) end,
      disabled_reason = case when $7 then 'gone'
        when $3 <> 'delivered' and failing_since < now() - make_interval(days => $8) then 'failing' end
    from recorded
    where webhook_endpoints.id = recorded.endpoint_id and disabled_reason is null
      and (($3 = 'delivered' and failing_since is not null) or ($3 <> 'delivered' and
        ($7 or failing_since is null or failing_since < now() - make_interval(days => $8))))
    returning disabled_reason as "disabledReason"`,
    [
      deliveryId,
      taskId,
      state,
      delayMs === undefined ? null : delayMs / 1000,
      JSON.stringify(error === 'endpoint_disabled' ? { ...attempt, at: new Date().toISOString() } : attempt),
      delivery.attempts,
      gone,
      failingDays,
      error === 'endpoint_disabled',
    ],
  )
  if (row?.disabledReason) {
    log.warn({ endpointId: delivery.endpointId, reason: row.disabledReason }, 'webhook endpoint disabled')
  }
}

/**
 * All of this endpoint's slots are taken: the task becomes due again in seconds, later each time. It waits in Postgres and not
 * in BullMQ, because the relay would ring under new job ids for whatever waits there for longer than its lease.
 */
async function postpone({ database }: DeliveryParts, taskId: string): Promise<void> {
  await database.sql(
    `update tasks set state = 'pending', enqueued_at = null, epoch = epoch + 1, rings = rings + 1,
       run_at = now() + make_interval(secs => power(2, least(rings / 2, 5)) * (0.5 + random() / 2))
     where id = $1 and state <> 'done'`,
    [taskId],
  )
}
