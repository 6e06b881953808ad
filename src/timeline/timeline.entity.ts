import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** Every transition, drop and operation of an order, in the order they happened. */
export const TimelineEntity = defineEntity({
  name: 'TimelineLine',
  tableName: 'order_timeline',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    orderId: p.text().index(),
    at: p.datetime().defaultRaw('clock_timestamp()'),
    kind: p.text(),
    subject: p.text(),
    subjectId: p.text(),
    fromState: p.text().nullable(),
    toState: p.text().nullable(),
    cause: p.text(),
    detail: p.json<Record<string, unknown>>().nullable(),
    /** The transaction that committed it; lines of one happened at once. Null for lines from before this was kept. */
    step: p.bigint('number').nullable().defaultRaw('(pg_current_xact_id()::text)::bigint'),
    /** When whoever listens was told, and what follows was started; at once where there is neither. */
    publishedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'order_timeline_unpublished',
      expression: 'create index order_timeline_unpublished on order_timeline (id) where published_at is null',
    },
  ],
})

/** How many events an order has had. It outlives the events, so that the count goes on after they are purged. */
export const EventSequenceEntity = defineEntity({
  name: 'EventSequence',
  tableName: 'event_sequences',
  properties: {
    orderId: p.text().primary(),
    lastSequence: p.integer(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof TimelineEntity | typeof EventSequenceEntity> {}
}
