import type { Sql } from '../database/database.ts'

/** Work that waits because a provider did not answer; `stuck` tasks have met that at least three times in a row. */
export type ProviderOutage = { provider: string; waiting: number; stuck: number }

/** Ages in whole seconds of what has waited longest, null when nothing waits; and the providers that unfinished tasks wait for. */
export type OldestWaiting = { eventSeconds: number | null; taskSeconds: number | null; outages: ProviderOutage[] }

// An orphan waits for a person and a task between two attempts waits for its time: neither says that workers are behind.
const oldestEvent = `(select extract(epoch from now() - received_at)::int from inbox_events
  where handled_at is null and outcome is null order by received_at limit 1)`
const oldestTask = `(select extract(epoch from now() - run_at)::int from tasks
  where state in ('pending', 'enqueued') and run_at <= now() and (enqueued_at is null or enqueued_at <= now())
  order by run_at limit 1)`

// The code that a task's last attempt ended with begins with the provider's name.
const outages = `(select coalesce(json_agg(w order by provider), '[]') from (
  select split_part(last_error, ' ', 1) as provider, count(*) as waiting, count(*) filter (where attempts >= 3) as stuck
  from tasks where state in ('pending', 'enqueued') and attempts > 0 and last_error ~ '^[a-z0-9_]+ (unknown|unavailable): '
  group by 1) w)`

/** How long the oldest webhook has waited to be applied, and the oldest due task to be done. */
export async function readOldestWaiting(sql: Sql): Promise<OldestWaiting> {
  const [row] = await sql<OldestWaiting>(
    `select ${oldestEvent} as "eventSeconds", ${oldestTask} as "taskSeconds", ${outages} as outages`,
  )
  if (!row) throw new Error('no row')
  return row
}

/** What waits for workers (pending, enqueued) and what waits for a person (failed, orphans, attention). */
export type Backlog = OldestWaiting & {
  pending: number
  enqueued: number
  failed: number
  orphans: number
  attention: number
}

/** Counts the backlog in one statement, from partial indexes that hold nothing but it. */
export async function readBacklog(sql: Sql): Promise<Backlog> {
  const [row] = await sql<Backlog>(
    `select ${oldestEvent} as "eventSeconds", ${oldestTask} as "taskSeconds", ${outages} as outages, t.pending, t.enqueued,
       (select count(*) from tasks where state = 'failed') as failed,
       (select count(*) from inbox_events where outcome = 'orphaned') as orphans,
       (select count(*) from orders where attention is not null) as attention
     from (select count(*) filter (where state = 'pending') as pending, count(*) filter (where state = 'enqueued') as enqueued
       from tasks where state in ('pending', 'enqueued')) t`,
  )
  if (!row) throw new Error('no row')
  return row
}
