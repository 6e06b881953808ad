import { type AliasedExpression, type Expression, expressionBuilder, sql } from 'kysely'
import { catalog, type JobName, type QueueName } from '../../queues/catalog.ts'
import { db } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { type Starter, startTasks } from '../tasks/start-tasks.ts'
import type { EventType } from '../timeline/event-types.ts'

/** The id of the one delivery of an event to an endpoint: their random parts side by side, so it sorts by the event's time. */
export const deliveryId = (eventId: Expression<string>, endpointId: Expression<string>) =>
  sql<string>`'whd_' || split_part(${eventId}, '_', 2) || '_' || split_part(${endpointId}, '_', 2)`

type ToldEvent = { id: string; merchant_id: string; type: EventType }

const on = expressionBuilder<{ w: Tables['webhook_endpoints']; e: ToldEvent }, 'w' | 'e'>()
const parent = db.selectFrom('merchants as m').select('m.parent_id').where('m.id', '=', on.ref('e.merchant_id'))

/** True for endpoints `w` that are subscribed to an event `e` of their merchant or of a seller on its marketplace. */
export const isSubscribed = sql<boolean>`(${on.ref('w.types')} ? '*' or ${on.ref('w.types')} ? ${on.ref('e.type')})
  and ${on.ref('w.merchant_id')} in (select ${on.ref('e.merchant_id')} union all ${parent})`

/** Makes the deliveries of events to the endpoints that are subscribed now, as a part of the statement that makes the events. */
export const insertDeliveries = (events: AliasedExpression<ToldEvent, 'e'>) =>
  db
    .insertInto('event_deliveries')
    .columns(['id', 'event_id', 'endpoint_id'])
    .expression((from) =>
      from
        .selectFrom(events)
        .innerJoin('webhook_endpoints as w', (join) => join.on(isSubscribed))
        .select((row) => [
          deliveryId(row.ref('e.id'), row.ref('w.id')).as('id'),
          'e.id as event_id',
          'w.id as endpoint_id',
        ])
        .where('w.disabled_reason', 'is', null),
    )
    // Somebody may have asked for it before it was its turn.
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning(['id', 'endpoint_id'])

const job = 'deliver-event' satisfies JobName

/** Makes the one task of each delivery, or makes it due again. */
export const startDeliveries = (
  deliveries: AliasedExpression<{ id: string; endpoint_id: string }, 'd'>,
  starter: Starter,
) =>
  startTasks(
    db
      .selectFrom(deliveries)
      .select((d) => [
        sql<string>`'tsk_' || substr(${d.ref('d.id')}, 5)`.as('id'),
        sql.lit<JobName>(job).as('job'),
        sql.lit<QueueName>(catalog[job].queue).as('queue'),
        'd.id as dedupe_key',
        sql<object>`jsonb_build_object('deliveryId', ${d.ref('d.id')}, 'endpointId', ${d.ref('d.endpoint_id')})`.as(
          'payload',
        ),
      ])
      .as('t'),
    starter,
  )
