import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { EventType, PreviousAttributes } from '../timeline/event-types.ts'

/**
 * What an event says: the whole resource, and what it was before. Without a listener at the time the resource is left out,
 * and read when somebody asks for the event.
 */
export type EventData = { object?: Record<string, unknown>; previousAttributes?: PreviousAttributes }

/** One recorded transition as merchants are told about it; kept for 30 days. */
export const OutgoingEventEntity = defineEntity({
  name: 'OutgoingEvent',
  tableName: 'outgoing_events',
  properties: {
    id: p.text().primary(),
    merchantId: p.text(),
    orderId: p.text().nullable(),
    /** The line of the timeline it is; both are committed by one statement. */
    lineId: p.bigint('number').nullable(),
    type: p.text().$type<EventType>(),
    /** Counts the events of one order from 1 without gaps; 0 for events that belong to no order. */
    sequence: p.integer(),
    liveMode: p.boolean(),
    data: p.json<EventData>(),
    createdAt: p.datetime(),
  },
  uniques: [{ properties: ['orderId', 'sequence'] }],
  indexes: [{ properties: ['merchantId', 'type', 'id'] }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof OutgoingEventEntity> {}
}
