import { db, type Hole, now, rowsOf } from '../database/statement.ts'
import { toEventType } from './event-types.ts'
import type { TimelineLine } from './timeline-line.ts'

/** A line as {@link storeLines} takes it; `told` says whether it is an event. */
export type LineRecord = {
  order_id: string
  kind: string
  subject: string
  subject_id: string
  from_state: string | null
  to_state: string | null
  cause: string
  detail: object | null
  told: boolean
}

export function toLineRecord(line: TimelineLine): LineRecord {
  const from = line.from ?? null
  const to = line.to ?? null
  return {
    order_id: line.orderId,
    kind: line.kind,
    subject: line.subject,
    subject_id: line.subjectId,
    from_state: from,
    to_state: to,
    cause: line.cause,
    detail: line.detail ?? null,
    told: toEventType({ ...line, from, to }) !== undefined,
  }
}

/** Writes lines of timelines, as a part of the statement that commits what they tell. What is no event need not pass the publisher. */
export const storeLines = (lines: Hole<readonly LineRecord[]>) =>
  db
    .insertInto('order_timeline')
    .columns(['order_id', 'kind', 'subject', 'subject_id', 'from_state', 'to_state', 'cause', 'detail', 'published_at'])
    .expression((from) =>
      from
        .selectFrom(
          rowsOf(lines, 'l', {
            order_id: 'text',
            kind: 'text',
            subject: 'text',
            subject_id: 'text',
            from_state: 'text',
            to_state: 'text',
            cause: 'text',
            detail: 'jsonb',
            told: 'boolean',
          }),
        )
        .select((l) => [
          'l.order_id',
          'l.kind',
          'l.subject',
          'l.subject_id',
          'l.from_state',
          'l.to_state',
          'l.cause',
          'l.detail',
          l.case().when(l.ref('l.told')).then(null).else(now).end().as('published_at'),
        ]),
    )

/** Marks lines as made public, as a part of the statement that makes events of them. */
export const markPublished = (lineIds: Hole<number[]>) =>
  db
    .updateTable('order_timeline')
    .set({ published_at: now })
    .where((line) => line('id', '=', line.fn.any(lineIds)))
