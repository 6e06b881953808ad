import { type Expression, type SqlBool, sql } from 'kysely'
import { catalog, type JobName, type QueueName } from '../../queues/catalog.ts'
import type { DueTask, NewTask } from '../../queues/outbox.ts'
import { db, type Hole, now, rowsOf } from '../database/statement.ts'
import { withNewIds } from '../platform/ids.ts'
import { currentTrace } from '../platform/tracing.ts'
import type { TaskState } from './task.entity.ts'

/** A task as {@link storeTasks} takes it. `run_at` is null for what is due at once. */
export type TaskRecord = {
  id: string
  job: JobName
  queue: QueueName
  payload: object
  dedupe_key: string
  order_id: string | null
  run_at: string | null
  trace: string | null
}

/** Records of tasks with new ids that sort as the tasks stand. */
export const toTaskRecords = (tasks: readonly NewTask[]): TaskRecord[] => withNewIds('task', tasks, toTaskRecord)

function toTaskRecord(id: string, task: NewTask): TaskRecord {
  return {
    id,
    job: task.job,
    queue: catalog[task.job].queue,
    payload: task.payload,
    dedupe_key: task.dedupeKey,
    order_id: task.orderId ?? ('orderId' in task.payload ? task.payload.orderId : null),
    run_at: task.runAt?.toISOString() ?? null,
    trace: task.trace ?? currentTrace() ?? null,
  }
}

/**
 * Stores tasks, as a part of the statement that calls for them; one whose dedupe key stands already stays as it is. Those that are due count
 * as rung: the process rings after commit, and the relay does if it dies before that (I1).
 * @param when stores none where it is false
 */
export const storeTasks = (tasks: Hole<readonly TaskRecord[]>, when: Expression<SqlBool> = sql<SqlBool>`true`) =>
  db
    .insertInto('tasks')
    .columns(['id', 'job', 'queue', 'payload', 'dedupe_key', 'order_id', 'run_at', 'state', 'enqueued_at', 'trace'])
    .expression((from) =>
      from
        .selectFrom(
          rowsOf(tasks, 't', {
            id: 'text',
            job: 'text',
            queue: 'text',
            payload: 'jsonb',
            dedupe_key: 'text',
            order_id: 'text',
            run_at: 'timestamptz',
            trace: 'text',
          }),
        )
        .select((t) => [
          't.id',
          't.job',
          't.queue',
          't.payload',
          't.dedupe_key',
          't.order_id',
          sql<Date>`coalesce(${t.ref('t.run_at')}, ${now})`.as('run_at'),
          t
            .case()
            .when('t.run_at', 'is', null)
            .then(sql.lit<'enqueued' | 'pending'>('enqueued'))
            .else(sql.lit<'enqueued' | 'pending'>('pending'))
            .end()
            .as('state'),
          t.case().when('t.run_at', 'is', null).then(now).end().as('enqueued_at'),
          't.trace',
        ])
        .where(when),
    )
    .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
    .returning(['id', 'job', 'queue', 'payload', 'dedupe_key', 'epoch', 'state', 'trace'])

type StoredTask = { [Column in keyof DueTask]: DueTask[Column] | null } & { state: TaskState | null }

/** Of what {@link storeTasks} has stored, perhaps joined with nothing: the tasks to ring for. */
export const toDueTasks = (rows: readonly StoredTask[]): DueTask[] =>
  rows.flatMap(({ id, job, queue, payload, epoch, state, trace = null }) =>
    state === 'enqueued' && id !== null && job !== null && queue !== null && payload !== null && epoch !== null
      ? [{ id, job, queue, payload, epoch, trace }]
      : [],
  )
