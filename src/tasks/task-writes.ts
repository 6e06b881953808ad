import { type Expression, sql } from 'kysely'
import { db, now, statement } from '../database/statement.ts'

/** Ends a task that has nothing left to do, by whoever did its work. */
export const closeTask = statement<{ dedupeKey: string }>()((from, $) =>
  from
    .updateTable('tasks')
    .set({ state: 'done', done_at: now })
    .where('dedupe_key', '=', $.dedupeKey)
    .where('state', '<>', 'done'),
)

/** Makes tasks due at once that were waiting for what has come, as a part of the statement that tells of it. */
export const wakeTasks = (dedupeKeys: Expression<{ key: string }>) =>
  db
    .updateTable('tasks')
    .set({ run_at: now, enqueued_at: null, attempts: 0, state: 'pending' })
    .where((task) => sql<boolean>`${task.ref('dedupe_key')} in ${dedupeKeys}`)
    .where('state', '<>', 'done')

/** Lets tasks go on that gave up for a reason that is gone. */
export const resumeTasks = statement<{ ids: readonly string[] }>()((from, $) =>
  from
    .updateTable('tasks')
    .set((task) => ({ state: 'pending', attempts: 0, epoch: task('epoch', '+', 1), run_at: now, enqueued_at: null }))
    .where('id', '=', (task) => task.fn.any($.ids.typed('text[]')))
    .where('state', '=', 'failed'),
)
