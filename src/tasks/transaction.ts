import { sql } from 'kysely'
import type { Bell } from '../../queues/bell.ts'
import type { DueTask, NewTask } from '../../queues/outbox.ts'
import type { Database, DatabaseTransaction, Sql } from '../database/database.ts'
import { now, rowsOf, statement } from '../database/statement.ts'
import { currentTrace } from '../platform/tracing.ts'
import { type LineRecord, toLineRecords, withLines } from '../timeline/store-lines.ts'
import type { TimelineLine } from '../timeline/timeline-line.ts'
import { storeTasks, type TaskRecord, toDueTasks, toTaskRecords } from './store-tasks.ts'

/**
 * One step: a state change, its timeline lines and the tasks it calls for are committed together (I2).
 * Use cases take it as their first argument and never commit.
 */
export type Transaction = Pick<DatabaseTransaction, 'sql' | 'em'> & {
  note(line: TimelineLine): void
  enqueue(task: NewTask): void
  /** Says which order the step is about, where only its rows tell: another step about it must not stand in the same transaction. */
  only(orderId: string): void
  /** Marks a webhook as applied, with what became of it. */
  handled(event: HandledEvent): void
  /** Marks the task this step carries out as done; if another worker was faster, the whole step is rolled back. */
  finish(taskId: string): void
}

export type HandledEvent = { inboxEventId: string; orderId: string | null; outcome: string }

/** Rolls a step back whose task another worker has finished meanwhile; the worker wrapper treats it as success. */
export class TaskAlreadyDone extends Error {}

export type UnitOfWork = {
  database: Database
  bell: Bell
  /** How long an operation belongs to the worker that claimed it; longer than the five provider calls an attempt may make. */
  operationLeaseSeconds: number
}

/** Runs one step in one transaction and rings for its tasks after commit. Nothing is enqueued before (I2). */
export async function inTransaction<T>(
  { database, bell }: UnitOfWork,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const { result, due } = await database.transaction(async (inner) => {
    const { tx, journal } = recording(inner)
    const value = await work(tx)
    return { result: value, due: await writeJournals(inner.last, [journal()]) }
  })
  bell.ring(due)
  return result
}

/** A step that notes what is to be written at its end. */
export function recording(
  inner: Pick<DatabaseTransaction, 'sql' | 'em'>,
  only: (orderId: string) => void = () => {},
): { tx: Transaction; journal(): Journal } {
  const lines: TimelineLine[] = []
  const tasks: NewTask[] = []
  let finished: string | undefined
  let event: HandledEvent | undefined
  const tx: Transaction = {
    sql: inner.sql,
    // Not read here: asking for it makes an entity manager, which most steps do not need.
    get em() {
      return inner.em
    },
    only,
    note: (line) => lines.push(line),
    enqueue(task) {
      const trace = currentTrace()
      tasks.push(trace ? { ...task, trace } : task)
    },
    handled: (applied) => {
      event = applied
    },
    finish: (taskId) => {
      finished = taskId
    },
  }
  return { tx, journal: () => ({ lines, tasks, finished, event }) }
}

/** What a step has recorded. */
export type Journal = {
  lines: readonly TimelineLine[]
  tasks: readonly NewTask[]
  finished: string | undefined
  event: HandledEvent | undefined
}

type HandledRecord = { id: string; outcome: string; order_id: string | null }

const writeAll = statement<{
  lines: readonly LineRecord[]
  tasks: readonly TaskRecord[]
  finished: readonly string[]
  handled: readonly HandledRecord[]
}>()((_, $) =>
  withLines($.lines)
    .with('queued', () => storeTasks($.tasks))
    .with('done', (step) =>
      step
        .updateTable('tasks')
        .set({ state: 'done', done_at: now, last_error: null })
        .where('id', '=', (task) => task.fn.any($.finished.typed('text[]')))
        .where('state', '<>', 'done')
        .returning(['id', 'order_id']),
    )
    // Whoever was called to a task that is done now need not come.
    .with('cleared', (step) =>
      step
        .updateTable('orders')
        .from('done')
        .set({ attention: null })
        .whereRef('orders.id', '=', 'done.order_id')
        .where((eb) => eb(sql<string>`${eb.ref('orders.attention')} ->> 'taskId'`, '=', eb.ref('done.id'))),
    )
    .with('handled', (step) =>
      step
        .updateTable('inbox_events')
        .from(rowsOf($.handled, 'h', { id: 'text', outcome: 'text', order_id: 'text' }))
        .set((event) => ({ handled_at: now, outcome: event.ref('h.outcome'), order_id: event.ref('h.order_id') }))
        .whereRef('inbox_events.id', '=', 'h.id'),
    )
    .selectFrom(sql`(select 1)`.as('always'))
    .leftJoin('queued', (on) => on.onTrue())
    .select([
      'queued.id',
      'queued.job',
      'queued.queue',
      'queued.payload',
      'queued.epoch',
      'queued.state',
      'queued.trace',
    ])
    .select((eb) =>
      // Only an error keeps the COMMIT behind this statement from happening.
      sql<number>`finish_once(case when ${eb.selectFrom('done').select(eb.fn.countAll().as('count'))} = cardinality(${$.finished.typed('text[]')}) then 1 else 0 end)`.as(
        'finished',
      ),
    ),
)

/**
 * Writes everything that steps recorded in one statement, which commits them. A task that another worker has finished meanwhile makes it
 * fail, and with it every step.
 */
export async function writeJournals(last: Sql, journals: readonly Journal[]): Promise<DueTask[]> {
  const lines = journals.flatMap((journal) => journal.lines)
  const tasks = journals.flatMap((journal) => journal.tasks)
  const finished = journals.flatMap((journal) => journal.finished ?? [])
  const handled = journals.flatMap(({ event }) =>
    event ? [{ id: event.inboxEventId, outcome: event.outcome, order_id: event.orderId }] : [],
  )
  if (lines.length === 0 && tasks.length === 0 && finished.length === 0 && handled.length === 0) return []
  const rows = await writeAll(last, {
    lines: toLineRecords(lines),
    tasks: toTaskRecords(tasks),
    finished,
    handled,
  }).catch((error: unknown) => {
    throw isAlreadyDone(error) ? new TaskAlreadyDone() : error
  })
  return toDueTasks(rows)
}

/** What `finish_once` raises, made by the migration of that name. */
const isAlreadyDone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'OM001'
