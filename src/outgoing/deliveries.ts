import type { DueTask } from '../../queues/outbox.ts'
import type { Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import type { EventType } from '../timeline/event-types.ts'
import { deliveryIdSql, deliveryTasksSql, isSubscribedSql } from './delivery-tasks.ts'
import type { DeliveryAttempt, DeliveryState } from './webhook-endpoint.entity.ts'

/** An event on its way to an endpoint, with what the receiver answered. */
export type DeliveryView = {
  id: string
  eventId: string
  type: EventType
  orderId: string | null
  state: DeliveryState
  attemptLog: DeliveryAttempt[]
  nextAttemptAt: string | null
  deliveredAt: string | null
  createdAt: string
}

const columns = `d.id, d.event_id as "eventId", e.type, e.order_id as "orderId", d.state, d.attempt_log as "attemptLog",
  case when d.state = 'pending' then d.next_attempt_at end as "nextAttemptAt", d.delivered_at as "deliveredAt",
  d.created_at as "createdAt"`

// Written out, so that the few failed ones are found by their index.
const isInState: Record<DeliveryState, string> = {
  pending: `d.state = 'pending'`,
  delivered: `d.state = 'delivered'`,
  failed: `d.state = 'failed'`,
}

/** An endpoint's deliveries, newest event first, or undefined when the endpoint is not the merchant's. One statement. */
export async function listDeliveries(
  sql: Sql,
  merchantId: string,
  endpointId: string,
  filter: { state?: DeliveryState | undefined; limit: number; startingAfter?: string | undefined },
): Promise<{ hasMore: boolean; deliveries: DeliveryView[] } | undefined> {
  const rows = await sql<{ delivery: DeliveryView | null }>(
    `select to_jsonb(page) as delivery from webhook_endpoints w left join lateral (
       select ${columns} from event_deliveries d join outgoing_events e on e.id = d.event_id
       where d.endpoint_id = w.id and ($3::text is null or d.id < $3)${filter.state ? ` and ${isInState[filter.state]}` : ''}
       order by d.id desc limit $4
     ) page on true
     where w.id = $1 and w.merchant_id = $2`,
    [endpointId, merchantId, filter.startingAfter ?? null, filter.limit + 1],
  )
  if (rows.length === 0) return
  const found = rows.flatMap(({ delivery }) => (delivery ? [delivery] : []))
  return { hasMore: found.length > filter.limit, deliveries: found.slice(0, filter.limit) }
}

const startOver = `state = 'pending', attempts = 0, next_attempt_at = null, delivered_at = null`

/**
 * A person's "again": the delivery starts over at once, delivered or not, under the same event id.
 * @throws ApiError `not_found`, `endpoint_disabled`
 */
export async function redeliver(
  { database, bell }: UnitOfWork,
  merchantId: string,
  endpointId: string,
  deliveryId: string,
): Promise<DeliveryView> {
  const [found] = await database.sql<DeliveryView & { enabled: boolean; task: DueTask | null }>(
    `with again as (
      update event_deliveries d set ${startOver} from webhook_endpoints w
      where d.id = $3 and d.endpoint_id = $2 and w.id = d.endpoint_id and w.merchant_id = $1 and w.disabled_reason is null
      returning d.id, d.endpoint_id
    ), tasked as (${deliveryTasksSql('again', 'ring')}
    )
    select ${columns}, w.disabled_reason is null as enabled, (select to_jsonb(tasked) from tasked) as task
    from event_deliveries d join outgoing_events e on e.id = d.event_id join webhook_endpoints w on w.id = d.endpoint_id
    where d.id = $3 and d.endpoint_id = $2 and w.merchant_id = $1`,
    [merchantId, endpointId, deliveryId],
  )
  if (!found) throw new ApiError('not_found')
  const { enabled, task, ...delivery } = found
  if (!enabled || !task) throw new ApiError('endpoint_disabled')
  bell.ring([task])
  return { ...delivery, state: 'pending', nextAttemptAt: null, deliveredAt: null }
}

/** How many events one call may send again. */
export const recoverCap = 10_000

/**
 * Sends an endpoint what it has missed between `since` and `until`: events of its types that failed, and those from before it
 * existed or while it was disabled. What was delivered or is still being tried stays as it is. One statement; the relay
 * starts the tasks, 500 at a time. Returns how many.
 * @throws ApiError `not_found`, `endpoint_disabled`, `invalid_parameter` for more than {@link recoverCap}; then nothing is sent
 */
export async function recoverEvents(
  sql: Sql,
  merchantId: string,
  endpointId: string,
  { since, until }: { since: Date; until: Date },
): Promise<number> {
  const [row] = await sql<{ missed: number; enabled: boolean }>(
    `with w as (
      select * from webhook_endpoints where id = $2 and merchant_id = $1
    ), missed as materialized (
      select e.id from w join outgoing_events e on ${isSubscribedSql}
      left join event_deliveries d on d.event_id = e.id and d.endpoint_id = w.id
      where w.disabled_reason is null and e.created_at >= $3 and e.created_at < $4 and e.order_id is not null
        and (d.id is null or d.state = 'failed')
      limit ${recoverCap + 1}
    ), again as (
      insert into event_deliveries (id, event_id, endpoint_id)
      select ${deliveryIdSql('m.id', 'w.id')}, m.id, w.id from missed m, w
      where (select count(*) from missed) <= ${recoverCap}
      on conflict (id) do update set ${startOver} where event_deliveries.state = 'failed'
      returning id, endpoint_id
    ), tasked as (${deliveryTasksSql('again', 'relay')}
    )
    select (select count(*) from missed) as missed, w.disabled_reason is null as enabled from w`,
    [merchantId, endpointId, since.toISOString(), until.toISOString()],
  )
  if (!row) throw new ApiError('not_found')
  if (!row.enabled) throw new ApiError('endpoint_disabled')
  if (row.missed > recoverCap) {
    throw new ApiError('invalid_parameter', {
      message: `More than ${recoverCap} events would be sent. Narrow since and until.`,
      parameter: 'since',
    })
  }
  return row.missed
}

/**
 * Sends one endpoint a `webhook.test` event at once, whatever its types.
 * @throws ApiError `not_found`, `endpoint_disabled`
 */
export async function sendTestEvent(
  { database, bell }: UnitOfWork,
  merchantId: string,
  endpointId: string,
  { liveMode }: { liveMode: boolean },
): Promise<DeliveryView> {
  const [found] = await database.sql<DeliveryView & { enabled: boolean; task: DueTask | null }>(
    `with made as (
      insert into outgoing_events (id, merchant_id, type, sequence, live_mode, data, created_at)
      select $3, merchant_id, 'webhook.test', 0, $4, jsonb_build_object('object', jsonb_build_object('endpointId', id)), now()
      from webhook_endpoints where id = $2 and merchant_id = $1 and disabled_reason is null
      returning id, type, order_id
    ), delivery as (
      insert into event_deliveries (id, event_id, endpoint_id) select ${deliveryIdSql('id', '$2')}, id, $2 from made returning *
    ), tasked as (${deliveryTasksSql('delivery', 'ring')}
    )
    select ${columns}, w.disabled_reason is null as enabled, (select to_jsonb(tasked) from tasked) as task
    from webhook_endpoints w left join delivery d on true left join made e on true
    where w.id = $2 and w.merchant_id = $1`,
    [merchantId, endpointId, newId('event'), liveMode],
  )
  if (!found) throw new ApiError('not_found')
  const { enabled, task, ...delivery } = found
  if (!enabled || !task) throw new ApiError('endpoint_disabled')
  bell.ring([task])
  return delivery
}
