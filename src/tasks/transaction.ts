import type { Bell } from '../../queues/bell.ts'
import { type DueTask, insertTasksSql, type NewTask, toTaskRow } from '../../queues/outbox.ts'
import type { Database, DatabaseTransaction, Sql } from '../database/database.ts'
import { withNewIds } from '../platform/ids.ts'
import { toEventType } from '../timeline/event-types.ts'
import type { TimelineLine } from '../timeline/timeline-line.ts'

/**
 * One step: a state change, its timeline lines and the tasks it calls for are committed together (I2).
 * Use cases take it as their first argument and never commit.
 */
export type Transaction = Pick<DatabaseTransaction, 'sql' | 'em'> & {
  note(line: TimelineLine): void
  enqueue(task: NewTask): void
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
      note: (line) => lines.push(line),
      enqueue: (task) => tasks.push(task),
      handled: (applied) => {
        event = applied
      },
      finish: (taskId) => {
        finished = taskId
      },
    }
    const value = await work(tx)
    return { result: value, due: await writeJournal(inner.last, { lines, tasks, finished, event }) }
  })
  bell.ring(due)
  return result
}

type Journal = {
  lines: readonly TimelineLine[]
  tasks: readonly NewTask[]
  finished: string | undefined
  event: HandledEvent | undefined
}

/**
 * Writes everything a step recorded in one statement, which commits the step. A task that another worker has finished makes it fail
 * by dividing by the zero rows it could finish: only an error keeps the COMMIT behind it from happening.
 */
async function writeJournal(last: Sql, { lines, tasks, finished, event }: Journal): Promise<DueTask[]> {
  if (lines.length === 0 && tasks.length === 0 && finished === undefined && event === undefined) return []
  const rows = await last<DueTask & { state: string }>(
    `with noted as (
      insert into order_timeline (order_id, kind, subject, subject_id, from_state, to_state, cause, detail, published_at)
      select order_id, kind, subject, subject_id, from_state, to_state, cause, detail, case when told then null else now() end
      from jsonb_to_recordset($1::jsonb)
        as l(order_id text, kind text, subject text, subject_id text, from_state text, to_state text, cause text, detail jsonb, told boolean)
    ), queued as (${insertTasksSql('$2')}
    ), done as (
      update tasks set state = 'done', done_at = now(), last_error = null
      where id = $3 and state <> 'done' returning id, order_id
    ), cleared as (
      update orders set attention = null from done
      where orders.id = done.order_id and orders.attention ->> 'taskId' = done.id
    ), handled as (
      update inbox_events set handled_at = now(), outcome = $5, order_id = $6 where id = $4
    )
    select queued.*, case when $3::text is null then 1 else 1 / (select count(*) from done) end as finished
    from (select 1) as always left join queued on true`,
    [
      JSON.stringify(
        lines.map((line) => ({
          order_id: line.orderId,
          kind: line.kind,
          subject: line.subject,
          subject_id: line.subjectId,
          from_state: line.from,
          to_state: line.to,
          cause: line.cause,
          detail: line.detail,
          // What is no event need not pass the publisher.
          told: toEventType({ ...line, from: line.from ?? null, to: line.to ?? null }) !== undefined,
        })),
      ),
      JSON.stringify(withNewIds('task', tasks, toTaskRow)),
      finished ?? null,
      event?.inboxEventId ?? null,
      event?.outcome ?? null,
      event?.orderId ?? null,
    ],
  ).catch((error: unknown) => {
    throw isDivisionByZero(error) ? new TaskAlreadyDone() : error
  })
  return rows.filter((row) => row.state === 'enqueued')
}

const isDivisionByZero = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '22012'
