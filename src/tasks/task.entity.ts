import { defineEntity, p } from '@mikro-orm/postgresql'
import type { JobName, QueueName } from '../../queues/catalog.ts'
import type { TablesOf } from '../database/tables.ts'

export const taskStates = ['pending', 'enqueued', 'done', 'failed'] as const
export type TaskState = (typeof taskStates)[number]

/** One unit of background work: outbox row and step record in one. `enqueued_at` is the last time somebody rang for it. */
export const TaskEntity = defineEntity({
  name: 'Task',
  tableName: 'tasks',
  properties: {
    id: p.text().primary(),
    job: p.text().$type<JobName>(),
    queue: p.text().$type<QueueName>(),
    payload: p.json<object>(),
    dedupeKey: p.text().unique(),
    orderId: p.text().nullable().index(),
    state: p.enum(taskStates),
    epoch: p.integer().default(1),
    rings: p.integer().default(0),
    runAt: p.datetime(),
    enqueuedAt: p.datetime().nullable(),
    attempts: p.integer().default(0),
    lastError: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    doneAt: p.datetime().nullable(),
    /** The W3C `traceparent` of what called for it, where that was traced. */
    trace: p.text().nullable(),
  },
  indexes: [
    {
      name: 'tasks_due',
      expression: `create index tasks_due on tasks (run_at) where state in ('pending', 'enqueued')`,
    },
    { name: 'tasks_failed', expression: `create index tasks_failed on tasks (id) where state = 'failed'` },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof TaskEntity> {}
}
