import type { JobName } from '../../queues/catalog.ts'
import type { DueTask } from '../../queues/outbox.ts'
import type { Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import type { UnitOfWork } from './transaction.ts'

export type TaskView = {
  id: string
  job: JobName
  queue: string
  orderId: string | null
  state: 'pending' | 'enqueued' | 'done' | 'failed'
  attempts: number
  lastError: string | null
  runAt: string
  createdAt: string
  doneAt: string | null
}

/** Tasks for operations, newest first. */
export async function listTasks(
  sql: Sql,
  filter: {
    state?: string | undefined
    orderId?: string | undefined
    limit: number
    startingAfter?: string | undefined
  },
): Promise<{ hasMore: boolean; tasks: TaskView[] }> {
  const rows = await sql<TaskView>(
    `select id, job, queue, order_id as "orderId", state, attempts, last_error as "lastError", run_at as "runAt",
       created_at as "createdAt", done_at as "doneAt"
     from tasks where ($1::text is null or state = $1) and ($2::text is null or order_id = $2) and ($3::text is null or id < $3)
     order by id desc limit $4`,
    [filter.state ?? null, filter.orderId ?? null, filter.startingAfter ?? null, filter.limit + 1],
  )
  return { hasMore: rows.length > filter.limit, tasks: rows.slice(0, filter.limit) }
}

/**
 * A person's "again": the same task starts over under a new job id; what it finished before is not repeated (I12).
 * @throws ApiError `not_found`, `task_not_failed`
 */
export async function retryTask({ database, bell }: UnitOfWork, taskId: string): Promise<void> {
  const [task] = await database.sql<DueTask & { retried: boolean }>(
    `with again as (
      update tasks set state = 'enqueued', attempts = 0, epoch = epoch + 1, run_at = now(), enqueued_at = now()
      where id = $1 and state = 'failed' returning id, job, queue, payload, epoch
    )
    select t.id, a.job, a.queue, a.payload, a.epoch, a.id is not null as retried from tasks t left join again a on a.id = t.id where t.id = $1`,
    [taskId],
  )
  if (!task) throw new ApiError('not_found')
  if (!task.retried) throw new ApiError('task_not_failed')
  bell.ring([task])
}
