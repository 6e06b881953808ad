import { type AliasedExpression, type Expression, type SqlBool, sql } from 'kysely'
import type { JobName, QueueName } from '../../queues/catalog.ts'
import type { Runs } from '../database/statement.ts'
import { db, type Hole, now, statement } from '../database/statement.ts'

/** Who starts a task: the process that stored it, right after its commit, or the relay, 500 at a time. */
export type Starter = 'ring' | 'relay'

/** A task that is there once, and starts over whenever it is called for. */
type StartedTask = { id: string; job: JobName; queue: QueueName; payload: object; dedupe_key: string }

const never = sql<Date | null>`null::timestamptz`

/**
 * Makes the one task of each row, or makes the one that stands due again: the new epoch gives BullMQ a new job. A part of the statement that
 * calls for them; it returns the tasks for a bell.
 */
export const startTasks = (tasks: AliasedExpression<StartedTask, 't'>, starter: Starter) =>
  db
    .insertInto('tasks')
    .columns(['id', 'job', 'queue', 'payload', 'dedupe_key', 'run_at', 'state', 'enqueued_at'])
    .expression((from) =>
      from
        .selectFrom(tasks)
        .select([
          't.id',
          't.job',
          't.queue',
          't.payload',
          't.dedupe_key',
          now.as('run_at'),
          sql.lit(starter === 'ring' ? 'enqueued' : 'pending').as('state'),
          sql<Date | null>`${starter === 'ring' ? now : never}`.as('enqueued_at'),
        ]),
    )
    .onConflict((conflict) =>
      conflict.column('dedupe_key').doUpdateSet((task) => ({
        state: task.ref('excluded.state'),
        enqueued_at: task.ref('excluded.enqueued_at'),
        run_at: now,
        epoch: task('tasks.epoch', '+', 1),
        attempts: 0,
        rings: 0,
        done_at: null,
      })),
    )
    .returning(['id', 'job', 'queue', 'payload', 'epoch'])

/**
 * Ends an attempt of a task that is no failure of it, as a part of the statement that stores how the attempt ended: the task is done, or due
 * again after a delay in seconds.
 */
export const endAttempt = (
  $: { taskId: Hole<string>; delaySeconds: Hole<number | null> },
  when: Expression<SqlBool>,
) => {
  const runAt = sql<Date | null>`now() + make_interval(secs => ${$.delaySeconds})`
  const again = sql<boolean>`${runAt} is not null`
  return db
    .updateTable('tasks')
    .set((task) => ({
      state: task
        .case()
        .when(again)
        .then(sql.lit<'pending' | 'done'>('pending'))
        .else(sql.lit<'pending' | 'done'>('done'))
        .end(),
      last_error: null,
      rings: 0,
      done_at: task.case().when(again).then(null).else(now).end(),
      run_at: task.fn.coalesce(runAt, 'run_at'),
      enqueued_at: null,
      epoch: task('epoch', '+', 1),
    }))
    .where('id', '=', $.taskId)
    .where('state', '<>', 'done')
    .where(when)
}

const postpone = statement<{ taskId: string }>()((db, $) =>
  db
    .updateTable('tasks')
    .set((task) => ({
      state: 'pending',
      enqueued_at: null,
      epoch: task('epoch', '+', 1),
      rings: task('rings', '+', 1),
      run_at: sql`now() + make_interval(secs => power(2, least(${task.ref('rings')} / 2, 5)) * (0.5 + random() / 2))`,
    }))
    .where('id', '=', $.taskId)
    .where('state', '<>', 'done'),
)

/** Makes a task due again in seconds, later each time. It waits in Postgres and not in BullMQ. */
export async function postponeTask(on: Runs, taskId: string): Promise<void> {
  await postpone(on, { taskId })
}
