import { expressionBuilder, sql } from 'kysely'
import { db, type Hole, now, rowsOf } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { withNewIds } from '../platform/ids.ts'
import {
  callsForWork,
  type EventType,
  type PreviousAttributes,
  toEventType,
  toPreviousAttributes,
} from './event-types.ts'
import type { TimelineLine } from './timeline-line.ts'

/** A line as {@link withLines} takes it, with the event it is, if any. */
export type LineRecord = {
  order_id: string
  kind: string
  subject: string
  subject_id: string
  from_state: string | null
  to_state: string | null
  cause: string
  detail: object | null
  event_id: string | null
  event_type: EventType | null
  previous: PreviousAttributes | null
  /** Whether work may follow from it, beside the event. */
  calls: boolean
}

export function toLineRecords(lines: readonly TimelineLine[]): LineRecord[] {
  return withNewIds('event', lines, (eventId, line) => {
    const recorded = { ...line, from: line.from ?? null, to: line.to ?? null }
    const type = toEventType(recorded)
    return {
      order_id: line.orderId,
      kind: line.kind,
      subject: line.subject,
      subject_id: line.subjectId,
      from_state: recorded.from,
      to_state: recorded.to,
      cause: line.cause,
      detail: line.detail ?? null,
      event_id: type ? eventId : null,
      event_type: type ?? null,
      previous: (type && toPreviousAttributes(recorded)) ?? null,
      calls: callsForWork(line),
    }
  })
}

const lineTypes = {
  order_id: 'text',
  kind: 'text',
  subject: 'text',
  subject_id: 'text',
  from_state: 'text',
  to_state: 'text',
  cause: 'text',
  detail: 'jsonb',
  event_id: 'text',
  event_type: 'text',
  previous: 'jsonb',
  calls: 'boolean',
} as const

const writtenColumns = [
  'id',
  'order_id',
  'at',
  'kind',
  'subject',
  'subject_id',
  'from_state',
  'to_state',
  'cause',
  'detail',
] as const

const o = expressionBuilder<{ o: Tables['orders'] }, 'o'>()

const merchantOrMarketplace = sql<string>`any(array(select ${o.ref('o.merchant_id')} union all ${db
  .selectFrom('merchants')
  .select('parent_id')
  .where('merchants.id', '=', o.ref('o.merchant_id'))
  .where('parent_id', 'is not', null)}))`

/** Whether an endpoint of its merchant or of the marketplace would be told of an order `o`. */
const isListenedTo = sql<boolean>`exists ${db
  .selectFrom('webhook_endpoints as w')
  .select('w.id')
  .where('w.disabled_reason', 'is', null)
  .where('w.merchant_id', '=', merchantOrMarketplace)}`

type Told = { l: LineRecord & { id: number }; c: Tables['event_sequences'] }
const of = expressionBuilder<Told, 'l' | 'c'>()

/** The number of an event among those of its order; the count already has all of them. */
const sequence = sql<number>`${of.ref('c.last_sequence')} - count(*) over (partition by ${of.ref('l.order_id')})
  + row_number() over (partition by ${of.ref('l.order_id')} order by ${of.ref('l.id')})`

/** The lines with their ids, the orders they are of as far as those are shown, and how many events each of them has then. */
const numbered = (lines: Hole<readonly LineRecord[]>) =>
  db
    .with(
      (cte) => cte('lines').materialized(),
      (db) =>
        db
          .selectFrom(rowsOf(lines, 'l', lineTypes))
          .selectAll()
          .select([sql<number>`nextval('order_timeline_id_seq')`.as('id'), sql<Date>`clock_timestamp()`.as('at')]),
    )
    .with('shown', (db) =>
      db
        .selectFrom('orders as o')
        .select(['o.id', 'o.merchant_id', 'o.live_mode', isListenedTo.as('listened')])
        .where(
          'o.id',
          '=',
          sql<string>`any(array${db.selectFrom('lines').select('order_id').where('event_id', 'is not', null)})`,
        )
        .where('o.draft', '=', false),
    )
    .with('counted', (db) =>
      db
        .insertInto('event_sequences')
        .columns(['order_id', 'last_sequence'])
        .expression((from) =>
          from
            .selectFrom('lines as l')
            .innerJoin('shown as s', 's.id', 'l.order_id')
            .select((l) => ['l.order_id', l.fn.countAll<number>().as('count')])
            .where('l.event_id', 'is not', null)
            .groupBy('l.order_id')
            .orderBy('l.order_id'),
        )
        .onConflict((conflict) =>
          conflict.column('order_id').doUpdateSet((row) => ({
            last_sequence: row('event_sequences.last_sequence', '+', row.ref('excluded.last_sequence')),
          })),
        )
        .returning(['order_id', 'last_sequence']),
    )

/**
 * Writes lines of timelines and the events they are, numbered, as a part of the statement that commits what they tell. Nobody else need
 * touch them again, unless somebody listens or work follows: then `published_at` is empty, and the publisher goes on. What nobody was ever
 * shown, as a draft, is not told.
 */
export const withLines = (lines: Hole<readonly LineRecord[]>) =>
  numbered(lines)
    .with('noted', (db) =>
      db
        .insertInto('order_timeline')
        .columns([...writtenColumns, 'published_at'])
        .expression((from) =>
          from
            .selectFrom('lines as l')
            .leftJoin('shown as s', (on) => on.onRef('s.id', '=', 'l.order_id').on('l.event_id', 'is not', null))
            .select(writtenColumns.map((column) => `l.${column}` as const))
            .select((l) =>
              l
                .case()
                .when(l.or([l('s.listened', '=', true), l.and([l('s.id', 'is not', null), l('l.calls', '=', true)])]))
                .then(null)
                .else(now)
                .end()
                .as('published_at'),
            ),
        ),
    )
    .with('told', (db) =>
      db
        .insertInto('outgoing_events')
        .columns(['id', 'merchant_id', 'order_id', 'line_id', 'type', 'sequence', 'live_mode', 'data', 'created_at'])
        .expression((from) =>
          from
            .selectFrom('lines as l')
            .innerJoin('shown as s', 's.id', 'l.order_id')
            .innerJoin('counted as c', 'c.order_id', 'l.order_id')
            .select((l) => [
              l.ref('l.event_id').$notNull().as('id'),
              's.merchant_id',
              'l.order_id',
              'l.id as line_id',
              l.ref('l.event_type').$notNull().as('type'),
              sequence.as('sequence'),
              's.live_mode',
              sql<Tables['outgoing_events']['data']>`case when ${l.ref('l.previous')} is null then '{}'
                else jsonb_build_object('previousAttributes', ${l.ref('l.previous')}) end`.as('data'),
              'l.at as created_at',
            ])
            .where('l.event_id', 'is not', null),
        ),
    )

/** Marks lines as made public, as a part of the statement that starts what follows from them. */
export const markPublished = (lineIds: Hole<number[]>) =>
  db
    .updateTable('order_timeline')
    .set({ published_at: now })
    .where((line) => line('id', '=', line.fn.any(lineIds)))
