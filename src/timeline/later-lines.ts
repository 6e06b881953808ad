import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { RecordedLine } from './event-types.ts'

/** A line with what says whether it happened after another one. Lines of one step happened at once. */
export type PlacedLine = RecordedLine & { id: number; step: number | null; detail: Record<string, unknown> | null }

const read = statement<{ orderIds: string[]; from: number }>()((db, $) =>
  db
    .selectFrom('order_timeline as l')
    .select([
      'l.id',
      'l.order_id as orderId',
      'l.step',
      'l.kind',
      'l.subject',
      'l.subject_id as subjectId',
      'l.from_state as from',
      'l.to_state as to',
      'l.cause',
      'l.detail',
    ])
    .where((l) => l('l.order_id', '=', l.fn.any($.orderIds)))
    .where('l.id', '>=', $.from)
    .orderBy('l.id'),
)

/** The lines of some orders from one of them on, by order, oldest first. */
export async function linesFrom(sql: Sql, orderIds: string[], from: number): Promise<Map<string, PlacedLine[]>> {
  return Map.groupBy(await read(sql, { orderIds, from }), ({ orderId }) => orderId)
}

/** What happened after a line, oldest first. */
export function after(lines: readonly PlacedLine[], lineId: number): PlacedLine[] {
  const line = lines.find(({ id }) => id === lineId)
  return lines.filter(({ id, step }) => id > lineId && (step === null || step !== line?.step))
}
