import { sql as text } from 'kysely'
import type { JobName, QueueName } from '../../queues/catalog.ts'
import type { Sql } from '../database/database.ts'
import { now, runQuery, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { toDueTasks } from './store-tasks.ts'
import type { TaskState } from './task.entity.ts'
import type { UnitOfWork } from './transaction.ts'

export type TaskView = {
  id: string
  job: JobName
  queue: QueueName
  orderId: string | null
  state: TaskState
  attempts: number
  lastError: string | null
  runAt: Date
  createdAt: Date
  doneAt: Date | null
}

/** Tasks for operations, newest first. */
export async function listTasks(
  sql: Sql,
  filter: {
    state?: TaskState | undefined
    orderId?: string | undefined
    limit: number
    startingAfter?: string | undefined
  },
): Promise<{ hasMore: boolean; tasks: TaskView[] }> {
  const { state, orderId, limit, startingAfter } = filter
  const rows = await runQuery(sql, (db) =>
    db
      .selectFrom('tasks')
      .select(['id', 'job', 'queue', 'order_id as orderId', 'state', 'attempts', 'last_error as lastError'])
      .select(['run_at as runAt', 'created_at as createdAt', 'done_at as doneAt'])
      // Written out, so that the few that are not done are found by their indexes.
      .$if(state !== undefined, (tasks) => tasks.where('state', '=', text.lit(state as TaskState)))
      .$if(orderId !== undefined, (tasks) => tasks.where('order_id', '=', orderId as string))
      .$if(startingAfter !== undefined, (tasks) => tasks.where('id', '<', startingAfter as string))
      .orderBy('id', 'desc')
      .limit(limit + 1),
  )
  return { hasMore: rows.length > limit, tasks: rows.slice(0, limit) }
}

const startAgain = statement<{ id: string }>()((db, $) =>
  db
    .with('again', (step) =>
      step
        .updateTable('tasks')
        .set((task) => ({
          state: 'enqueued',
          attempts: 0,
          epoch: task('epoch', '+', 1),
          run_at: now,
          enqueued_at: now,
        }))
        .where('id', '=', $.id)
        .where('state', '=', 'failed')
        .returning(['id', 'job', 'queue', 'payload', 'epoch', 'state']),
    )
    .selectFrom('tasks as t')
    .leftJoin('again as a', 'a.id', 't.id')
    .select(['a.id', 'a.job', 'a.queue', 'a.payload', 'a.epoch', 'a.state'])
    .where('t.id', '=', $.id),
)

/**
 * A person's "again": the same task starts over under a new job id; what it finished before is not repeated (I12).
 * @throws ApiError `not_found`, `task_not_failed`
 */
export async function retryTask({ database, bell }: UnitOfWork, taskId: string): Promise<void> {
  const found = await startAgain(database, { id: taskId })
  if (found.length === 0) throw new ApiError('not_found')
  const due = toDueTasks(found)
  if (due.length === 0) throw new ApiError('task_not_failed')
  bell.ring(due)
}
