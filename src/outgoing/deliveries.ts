import { expressionBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { DueTask } from '../../queues/outbox.ts'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven } from '../database/page.ts'
import { now, runQuery, scalar, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import type { EventType } from '../timeline/event-types.ts'
import { deliveryId, isSubscribed, startDeliveries } from './delivery-tasks.ts'
import type { EventData } from './outgoing-event.entity.ts'
import type { DeliveryAttempt, DeliveryState } from './webhook-endpoint.entity.ts'

/** An event on its way to an endpoint, with what the receiver answered. */
export type DeliveryView = {
  id: string
  eventId: string
  type: EventType
  orderId: string | null
  state: DeliveryState
  attemptLog: DeliveryAttempt[]
  nextAttemptAt: Date | string | null
  deliveredAt: Date | string | null
  createdAt: Date | string
}

type Shown = { d: Tables['event_deliveries']; e: Pick<Tables['outgoing_events'], 'type' | 'order_id'> }
const on = expressionBuilder<Shown, 'd' | 'e'>()

const columns = [
  on.ref('d.id').as('id'),
  on.ref('d.event_id').as('eventId'),
  on.ref('e.type').as('type'),
  on.ref('e.order_id').as('orderId'),
  on.ref('d.state').as('state'),
  on.ref('d.attempt_log').as('attemptLog'),
  on.case().when('d.state', '=', 'pending').then(on.ref('d.next_attempt_at')).end().as('nextAttemptAt'),
  on.ref('d.delivered_at').as('deliveredAt'),
  on.ref('d.created_at').as('createdAt'),
]

/** An endpoint's deliveries, newest event first, or undefined when the endpoint is not the merchant's. One statement. */
export async function listDeliveries(
  database: Sql,
  merchantId: string,
  endpointId: string,
  filter: {
    state?: DeliveryState | undefined
    created?: Period | undefined
    limit: number
    startingAfter?: string | undefined
  },
): Promise<{ hasMore: boolean; deliveries: DeliveryView[] } | undefined> {
  const { state, created, startingAfter, limit } = filter
  const rows = await runQuery(database, (db) =>
    db
      .selectFrom('webhook_endpoints as w')
      .leftJoinLateral(
        (of) =>
          of
            .selectFrom('event_deliveries as d')
            .innerJoin('outgoing_events as e', 'e.id', 'd.event_id')
            .select(columns)
            .whereRef('d.endpoint_id', '=', 'w.id')
            .where((d) =>
              d.and([
                ...ifGiven(startingAfter, (id) => d('d.id', '<', id)),
                ...madeWithin('d', undefined, created),
                // Written out, so that the few failed ones are found by their index.
                ...ifGiven(state, (asked) => d('d.state', '=', sql.lit(asked))),
              ]),
            )
            .orderBy('d.id', 'desc')
            .limit(limit + 1)
            .as('page'),
        (join) => join.onTrue(),
      )
      .select((row) => sql<DeliveryView | null>`to_jsonb(${row.table('page')})`.as('delivery'))
      .where('w.id', '=', endpointId)
      .where('w.merchant_id', '=', merchantId),
  )
  if (rows.length === 0) return
  const found = rows.flatMap(({ delivery }) => (delivery ? [delivery] : []))
  return { hasMore: found.length > limit, deliveries: found.slice(0, limit) }
}

type Target = { merchantId: string; endpointId: string }

const readOne = statement<Target & { deliveryId: string }>()((db, $) =>
  db
    .selectFrom('event_deliveries as d')
    .innerJoin('outgoing_events as e', 'e.id', 'd.event_id')
    .innerJoin('webhook_endpoints as w', 'w.id', 'd.endpoint_id')
    .select(columns)
    .where('d.id', '=', $.deliveryId)
    .where('d.endpoint_id', '=', $.endpointId)
    .where('w.merchant_id', '=', $.merchantId),
)

/** One delivery to an endpoint of a merchant. @throws ApiError `not_found` */
export async function readDelivery(on: Sql, which: Target & { deliveryId: string }): Promise<DeliveryView> {
  const [delivery] = await readOne(on, which)
  if (!delivery) throw new ApiError('not_found')
  return delivery
}

const startOver = { state: 'pending', attempts: 0, next_attempt_at: null, delivered_at: null } as const

const dueTask = expressionBuilder<{ t: DueTask }, 't'>()
/** The one task among `tasked as t`, for a bell. */
const taskToRing = jsonBuildObject({
  id: dueTask.ref('t.id'),
  job: dueTask.ref('t.job'),
  queue: dueTask.ref('t.queue'),
  payload: dueTask.ref('t.payload'),
  epoch: dueTask.ref('t.epoch'),
})

const startAgain = statement<Target & { deliveryId: string }>()((db, $) =>
  db
    .with('again', (db) =>
      db
        .updateTable('event_deliveries as d')
        .from('webhook_endpoints as w')
        .set(startOver)
        .where('d.id', '=', $.deliveryId)
        .where('d.endpoint_id', '=', $.endpointId)
        .whereRef('w.id', '=', 'd.endpoint_id')
        .where('w.merchant_id', '=', $.merchantId)
        .where('w.disabled_reason', 'is', null)
        .returning(['d.id', 'd.endpoint_id']),
    )
    .with('tasked', (db) => startDeliveries(db.selectFrom('again').selectAll().as('d'), 'ring'))
    .selectFrom('event_deliveries as d')
    .innerJoin('outgoing_events as e', 'e.id', 'd.event_id')
    .innerJoin('webhook_endpoints as w', 'w.id', 'd.endpoint_id')
    .select(columns)
    .select((row) => [
      row('w.disabled_reason', 'is', null).as('enabled'),
      row.selectFrom('tasked as t').select(taskToRing.as('task')).as('task'),
    ])
    .where('d.id', '=', $.deliveryId)
    .where('d.endpoint_id', '=', $.endpointId)
    .where('w.merchant_id', '=', $.merchantId),
)

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
  const [found] = await startAgain(database, { merchantId, endpointId, deliveryId })
  if (!found) throw new ApiError('not_found')
  const { enabled, task, ...delivery } = found
  if (!enabled || !task) throw new ApiError('endpoint_disabled')
  bell.ring([task])
  return { ...delivery, state: 'pending', nextAttemptAt: null, deliveredAt: null }
}

/** How many events one call may send again. */
export const recoverCap = 10_000

const startMissed = statement<Target & { since: string; until: string }>()((db, $) =>
  db
    .with('w', (db) =>
      db
        .selectFrom('webhook_endpoints')
        .selectAll()
        .where('id', '=', $.endpointId)
        .where('merchant_id', '=', $.merchantId),
    )
    .with(
      (cte) => cte('missed').materialized(),
      (db) =>
        db
          .selectFrom('w')
          .innerJoin('outgoing_events as e', (on) => on.on(isSubscribed))
          .leftJoin('event_deliveries as d', (on) =>
            on.onRef('d.event_id', '=', 'e.id').onRef('d.endpoint_id', '=', 'w.id'),
          )
          .select('e.id')
          .where('w.disabled_reason', 'is', null)
          .where(
            ({ ref }) => sql<boolean>`${ref('e.created_at')} >= ${$.since} and ${ref('e.created_at')} < ${$.until}`,
          )
          .where('e.order_id', 'is not', null)
          .where((row) => row.or([row('d.id', 'is', null), row('d.state', '=', 'failed')]))
          .limit(recoverCap + 1),
    )
    .with('again', (db) =>
      db
        .insertInto('event_deliveries')
        .columns(['id', 'event_id', 'endpoint_id'])
        .expression((of) =>
          of
            .selectFrom('missed as m')
            .innerJoin('w', (on) => on.onTrue())
            .select((row) => [
              deliveryId(row.ref('m.id'), row.ref('w.id')).as('id'),
              'm.id as event_id',
              'w.id as endpoint_id',
            ])
            .where((row) =>
              row(row.selectFrom('missed').select(row.fn.countAll<number>().as('count')), '<=', recoverCap),
            ),
        )
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet(startOver).where('event_deliveries.state', '=', 'failed'),
        )
        .returning(['id', 'endpoint_id']),
    )
    .with('tasked', (db) => startDeliveries(db.selectFrom('again').selectAll().as('d'), 'relay'))
    .selectFrom('w')
    .select((row) => [
      scalar(row.selectFrom('missed').select(row.fn.countAll<number>().as('count'))).as('missed'),
      row('w.disabled_reason', 'is', null).as('enabled'),
    ]),
)

/**
 * Sends an endpoint what it has missed between `since` and `until`: events of its types that failed, and those from before it
 * existed or while it was disabled. What was delivered or is still being tried stays as it is. One statement; the relay
 * starts the tasks, 500 at a time. Returns how many.
 * @throws ApiError `not_found`, `endpoint_disabled`, `invalid_parameter` for more than {@link recoverCap}; then nothing is sent
 */
export async function recoverEvents(
  on: Sql,
  merchantId: string,
  endpointId: string,
  { since, until }: { since: Date; until: Date },
): Promise<number> {
  const [row] = await startMissed(on, {
    merchantId,
    endpointId,
    since: since.toISOString(),
    until: until.toISOString(),
  })
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

type TestEvent = Target & { eventId: string; liveMode: boolean; data: EventData }

const storeTest = statement<TestEvent>()((db, $) =>
  db
    .with('made', (db) =>
      db
        .insertInto('outgoing_events')
        .columns(['id', 'merchant_id', 'type', 'sequence', 'live_mode', 'data', 'created_at'])
        .expression((of) =>
          of
            .selectFrom('webhook_endpoints')
            .select([
              $.eventId.typed('text').as('id'),
              'merchant_id',
              sql.lit<EventType>('webhook.test').as('type'),
              sql.lit(0).as('sequence'),
              $.liveMode.typed('boolean').as('live_mode'),
              $.data.json.as('data'),
              now.as('created_at'),
            ])
            .where('id', '=', $.endpointId)
            .where('merchant_id', '=', $.merchantId)
            .where('disabled_reason', 'is', null),
        )
        .returning(['id', 'type', 'order_id']),
    )
    .with('delivery', (db) =>
      db
        .insertInto('event_deliveries')
        .columns(['id', 'event_id', 'endpoint_id'])
        .expression((of) =>
          of
            .selectFrom('made')
            .select((made) => [
              deliveryId(made.ref('made.id'), $.endpointId.typed('text')).as('id'),
              'made.id as event_id',
              $.endpointId.typed('text').as('endpoint_id'),
            ]),
        )
        .returningAll(),
    )
    .with('tasked', (db) => startDeliveries(db.selectFrom('delivery').select(['id', 'endpoint_id']).as('d'), 'ring'))
    .selectFrom('webhook_endpoints as w')
    .leftJoin('delivery as d', (on) => on.onTrue())
    .leftJoin('made as e', (on) => on.onTrue())
    .select(columns)
    .select((row) => [
      row('w.disabled_reason', 'is', null).as('enabled'),
      row.selectFrom('tasked as t').select(taskToRing.as('task')).as('task'),
    ])
    .where('w.id', '=', $.endpointId)
    .where('w.merchant_id', '=', $.merchantId),
)

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
  const data = { object: { endpointId } }
  const [found] = await storeTest(database, { merchantId, endpointId, eventId: newId('event'), liveMode, data })
  if (!found) throw new ApiError('not_found')
  const { enabled, task, ...delivery } = found
  if (!enabled || !task) throw new ApiError('endpoint_disabled')
  bell.ring([task])
  return delivery
}
