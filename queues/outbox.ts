import { catalog, type JobName, type Payload, type QueueName } from './catalog.ts'

/** A task to be stored: one unit of background work, unique by its dedupe key. */
export type NewTask = {
  [J in JobName]: { job: J; payload: Payload<J>; dedupeKey: string; orderId?: string | null; runAt?: Date }
}[JobName]

/** A stored task that is due now: what the bell needs to ring a worker. */
export type DueTask = { id: string; job: JobName; queue: QueueName; payload: object; epoch: number }

/** The row of a task as it is inserted, one JSON object a row. */
export function toTaskRow(id: string, task: NewTask) {
  return {
    id,
    job: task.job,
    queue: catalog[task.job].queue,
    payload: task.payload,
    dedupe_key: task.dedupeKey,
    order_id: task.orderId ?? ('orderId' in task.payload ? task.payload.orderId : null),
    run_at: task.runAt?.toISOString() ?? null,
  }
}

/**
 * Inserts tasks from a JSON array given as the parameter `$n`, and returns the ones that are due at once.
 * These count as rung: the process rings after commit, and the relay does if it dies before that (I1).
 */
export const insertTasksSql = (parameter: string) => `
  insert into tasks (id, job, queue, payload, dedupe_key, order_id, run_at, state, enqueued_at)
  select id, job, queue, payload, dedupe_key, order_id, coalesce(run_at, now()),
    case when run_at is null then 'enqueued' else 'pending' end,
    case when run_at is null then now() end
  from jsonb_to_recordset(${parameter}::jsonb)
    as t(id text, job text, queue text, payload jsonb, dedupe_key text, order_id text, run_at timestamptz)
  on conflict (dedupe_key) do nothing
  returning id, job, queue, payload, epoch, state`
