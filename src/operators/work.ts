import { sql } from 'kysely'
import type { JobName, QueueName } from '../../queues/catalog.ts'
import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'

const shown = 20

/** A task that has failed at least once and will be tried again. */
export type RetryingTask = {
  id: string
  job: JobName
  queue: QueueName
  orderId: string | null
  attempts: number
  lastError: string | null
  /** Since when it has been due. */
  runAt: Date
  nextAt: Date | null
}

const readRetrying = statement()((db) =>
  db
    .selectFrom('tasks')
    .select(['id', 'job', 'queue', 'order_id as orderId', 'attempts', 'last_error as lastError', 'run_at as runAt'])
    .select('enqueued_at as nextAt')
    .where('state', 'in', ['pending', 'enqueued'])
    .where('attempts', '>', 0)
    .orderBy('run_at')
    .limit(shown),
)

/** What is being tried again, that which has waited longest first. */
export const readRetryingTasks = (on: Sql): Promise<RetryingTask[]> => readRetrying(on, {})

/** What a queue holds by Postgres, which knows better than Redis; `oldestSeconds` is the age of what has been due longest. */
export type QueueWork = {
  queue: QueueName
  due: number
  later: number
  retrying: number
  failed: number
  oldestSeconds: number | null
}

const readQueues = statement()((db) =>
  db
    .selectFrom('tasks')
    .select(({ fn, eb }) => [
      'queue',
      fn.countAll<number>().filterWhere('state', '<>', 'failed').filterWhere('run_at', '<=', now).as('due'),
      fn.countAll<number>().filterWhere('state', '<>', 'failed').filterWhere('run_at', '>', now).as('later'),
      fn.countAll<number>().filterWhere('state', '<>', 'failed').filterWhere('attempts', '>', 0).as('retrying'),
      fn.countAll<number>().filterWhere('state', '=', 'failed').as('failed'),
      sql<
        number | null
      >`extract(epoch from now() - min(${eb.ref('run_at')}) filter (where state <> 'failed' and run_at <= now()))::int`.as(
        'oldestSeconds',
      ),
    ])
    .where('state', 'in', ['pending', 'enqueued', 'failed'])
    .groupBy('queue')
    .orderBy('queue'),
)

/** The queues that hold anything. */
export const readQueueWork = (on: Sql): Promise<QueueWork[]> => readQueues(on, {})
