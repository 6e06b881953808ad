import { expressionBuilder, sql } from 'kysely'
import { type Holes, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import type { EventData } from './outgoing-event.entity.ts'

/** What events are about: orders, and things that have no order. */
type About = { merchantId: string; orderIds: string[]; thingIds: string[] }

const e = expressionBuilder<{ e: Tables['outgoing_events'] }, 'e'>()

const isAboutThem = ($: Holes<About>) =>
  e.and([
    e('e.merchant_id', '=', $.merchantId),
    e.or([
      e('e.order_id', '=', e.fn.any($.orderIds)),
      e.and([
        e('e.order_id', 'is', null),
        sql<boolean>`${e.ref('e.data')} #>> '{object,id}' = any(${$.thingIds.typed('text[]')})`,
      ]),
    ]),
  ])

/** Forgets what receivers answered to events about somebody. */
export const eraseDeliveryAttempts = statement<About>()((db, $) =>
  db
    .updateTable('event_deliveries as d')
    .from('outgoing_events as e')
    .set({ attempt_log: sql`'[]'` })
    .whereRef('e.id', '=', 'd.event_id')
    .where(isAboutThem($))
    .returning('d.id'),
)

/** Empties events about somebody. An order is read again for whoever asks for its event; of anything else the id remains. */
export const eraseEvents = statement<About>()((db, $) =>
  db
    .updateTable('outgoing_events as e')
    .set((event) => ({
      data: sql<EventData>`case when ${event.ref('e.order_id')} is null
        then jsonb_build_object('object', jsonb_build_object('id', ${event.ref('e.data')} #> '{object,id}'))
        else ${event.ref('e.data')} - 'object' end`,
    }))
    .where(isAboutThem($))
    .returning('e.id'),
)
