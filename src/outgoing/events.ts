import { type Expression, sql } from 'kysely'
import { type Database, iso, type Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { daysAgo, purgedAtOnce, purgeOld } from '../database/purge-old.ts'
import { db, removed, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { firstIdSince } from '../platform/ids.ts'
import { type EventType, eventTypes } from '../timeline/event-types.ts'
import { type EventObjects, readEventObjects } from './event-objects.ts'
import type { EventData } from './outgoing-event.entity.ts'

export type EventView = {
  eventId: string
  merchantId: string
  orderId: string | null
  lineId: number | null
  type: EventType
  createdAt: Date
  liveMode: boolean
  sequence: number
  data: EventData
}

/** An event as it is sent and as `/v2/events` shows it. */
export const toEnvelope = (event: EventView) => ({
  id: event.eventId,
  type: event.type,
  createdTime: iso(event.createdAt),
  liveMode: event.liveMode,
  data: { ...event.data, object: event.data.object ?? {} },
  sequence: event.sequence,
})

const selectEvents = (from: typeof db) =>
  from
    .selectFrom('outgoing_events as e')
    .select([
      'e.id as eventId',
      'e.merchant_id as merchantId',
      'e.order_id as orderId',
      'e.line_id as lineId',
      'e.type',
      'e.created_at as createdAt',
      'e.live_mode as liveMode',
      'e.sequence',
      'e.data',
    ])

/** Puts in what events were stored without, as it was when they happened. */
export async function completeEvents<Event extends EventView>(
  sql: Sql,
  events: readonly Event[],
  objects: EventObjects,
): Promise<Event[]> {
  const bare = events.flatMap(({ data, eventId, merchantId, orderId, lineId }) =>
    data.object || orderId === null || lineId === null ? [] : [{ eventId, merchantId, orderId, lineId }],
  )
  const shown = await readEventObjects(sql, bare, objects)
  return events.map((event) => ({ ...event, data: { object: shown.get(event.eventId) ?? {}, ...event.data } }))
}

/** The newest events of each type and each merchant, by an index that has them in order: a list is of those. */
function foundEvents(merchantId: string, types: readonly string[], page: Page, created: Period | undefined) {
  const edge = page.endingBefore ?? page.startingAfter
  const backwards = page.endingBefore !== undefined
  const after = edge === undefined ? sql`true` : backwards ? sql`found.id > ${edge}` : sql`found.id < ${edge}`
  const within = sql.join([sql`true`, ...madeWithin('found', 'event', created)], sql` and `)
  const order = backwards ? sql`asc` : sql`desc`
  return sql<string[]>`array(select e.id from merchants m cross join unnest(${types}::text[]) t(type)
    cross join lateral (select found.id from outgoing_events found where found.merchant_id = m.id and found.type = t.type and ${after} and ${within}
      order by found.id ${order} limit ${page.limit + 1}) e
    where m.id = ${merchantId} or m.parent_id = ${merchantId} order by e.id ${order} limit ${page.limit + 1})`
}

/** The caller's own events and those of the sellers on its marketplace. */
const isOwned = (eventOf: Expression<string>, merchantId: Expression<string>) =>
  sql<boolean>`${eventOf} = any(array(${db
    .selectFrom('merchants')
    .select('id')
    .where((m) => m.or([m('id', '=', merchantId), m('parent_id', '=', merchantId)]))}))`

/** Events of the last 30 days, newest first, in one statement. */
export async function listEvents(
  on: Sql,
  merchantId: string,
  filter: { types?: readonly string[] | undefined; orderId?: string | undefined; created?: Period | undefined },
  page: Page,
): Promise<{ hasMore: boolean; events: EventView[] }> {
  const { hasMore, rows } = await readPage(on, page, 'e.id', (db) =>
    selectEvents(db).where((e) =>
      e.and(
        filter.orderId === undefined
          ? [
              sql<boolean>`${e.ref('e.id')} = any(${foundEvents(merchantId, filter.types ?? eventTypes, page, filter.created)})`,
            ]
          : [
              isOwned(e.ref('e.merchant_id'), e.val(merchantId)),
              e('e.order_id', '=', filter.orderId),
              ...madeWithin('e', 'event', filter.created),
              ...ifGiven(filter.types, (types) => sql<boolean>`${e.ref('e.type')} = any(${types}::text[])`),
            ],
      ),
    ),
  )
  return { hasMore, events: rows }
}

const readOne = statement<{ merchantId: string; id: string }>()((db, $) =>
  selectEvents(db)
    .where((e) => isOwned(e.ref('e.merchant_id'), $.merchantId))
    .where('e.id', '=', $.id),
)

/** One event, or undefined when it is not the caller's or is not kept any more. */
export async function readEvent(on: Sql, merchantId: string, id: string): Promise<EventView | undefined> {
  const [event] = await readOne(on, { merchantId, id })
  return event
}

const removeSome = statement<{ before: string }>()((db, $) =>
  removed(
    db
      .deleteFrom('outgoing_events')
      .where((event) =>
        event(
          'id',
          '=',
          event.fn.any(
            sql<string[]>`array${db
              .selectFrom('outgoing_events')
              .select('id')
              .where('id', '<', $.before)
              .orderBy('id')
              .limit(purgedAtOnce)}`,
          ),
        ),
      ),
  ),
)

/** Removes events after `KEEP_EVENTS_DAYS`, with their deliveries. Returns how many. */
export async function purgeOldEvents({ database, config }: { database: Database; config: Config }): Promise<number> {
  return purgeOld(() => removeSome(database, { before: firstIdSince('event', daysAgo(config.keptDays.events)) }))
}
