import { type Expression, expressionBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { Sql } from '../database/database.ts'
import { jsonList, now, scalar, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'

/** Work that waits because a provider did not answer; `stuck` tasks have met that at least three times in a row. */
export type ProviderOutage = { provider: string; waiting: number; stuck: number }

/** Ages in whole seconds of what has waited longest, null when nothing waits; and the providers that unfinished tasks wait for. */
export type OldestWaiting = { eventSeconds: number | null; taskSeconds: number | null; outages: ProviderOutage[] }

const on = expressionBuilder<Tables>()

const secondsSince = (moment: Expression<Date>) => sql<number>`extract(epoch from now() - ${moment})::int`

// An orphan waits for a person and a task between two attempts waits for its time: neither says that workers are behind.
const oldestEvent = on
  .selectFrom('inbox_events as e')
  .select((e) => secondsSince(e.ref('e.received_at')).as('seconds'))
  .where('e.handled_at', 'is', null)
  .where('e.outcome', 'is', null)
  .orderBy('e.received_at')
  .limit(1)
const oldestTask = on
  .selectFrom('tasks as t')
  .select((t) => secondsSince(t.ref('t.run_at')).as('seconds'))
  .where('t.state', 'in', ['pending', 'enqueued'])
  .where('t.run_at', '<=', now)
  .where((t) => t.or([t('t.enqueued_at', 'is', null), t('t.enqueued_at', '<=', now)]))
  .orderBy('t.run_at')
  .limit(1)

// The code that a task's last attempt ended with begins with the provider's name.
const waitingTasks = on
  .selectFrom('tasks as t')
  .select((t) => [
    sql<string>`split_part(${t.ref('t.last_error')}, ' ', 1)`.as('provider'),
    t.fn.countAll<number>().as('waiting'),
    t.fn.countAll<number>().filterWhere('t.attempts', '>=', 3).as('stuck'),
  ])
  .where('t.state', 'in', ['pending', 'enqueued'])
  .where('t.attempts', '>', 0)
  .where('t.last_error', '~', '^[a-z0-9_]+ (unknown|unavailable): ')
  .groupBy(sql.ref('provider'))
const outages = on
  .selectFrom(waitingTasks.as('w'))
  .select((w) =>
    jsonList(
      jsonBuildObject({ provider: w.ref('w.provider'), waiting: w.ref('w.waiting'), stuck: w.ref('w.stuck') }),
      w.ref('w.provider'),
    ).as('list'),
  )

const oldest = [oldestEvent.as('eventSeconds'), oldestTask.as('taskSeconds'), scalar(outages).as('outages')] as const

const readOldest = statement()((db) => db.selectNoFrom(oldest))

/** How long the oldest webhook has waited to be applied, and the oldest due task to be done. */
export async function readOldestWaiting(sql: Sql): Promise<OldestWaiting> {
  const [row] = await readOldest(sql, {})
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

const countAll = statement()((db) =>
  db
    .selectFrom(
      db
        .selectFrom('tasks')
        .select(({ fn }) => [
          fn.countAll<number>().filterWhere('state', '=', 'pending').as('pending'),
          fn.countAll<number>().filterWhere('state', '=', 'enqueued').as('enqueued'),
        ])
        .where('state', 'in', ['pending', 'enqueued'])
        .as('t'),
    )
    .select(oldest)
    .select((row) => [
      't.pending',
      't.enqueued',
      scalar(
        row
          .selectFrom('tasks')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('state', '=', 'failed'),
      ).as('failed'),
      scalar(
        row
          .selectFrom('inbox_events')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('outcome', '=', 'orphaned'),
      ).as('orphans'),
      scalar(
        row
          .selectFrom('orders')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('attention', 'is not', null),
      ).as('attention'),
    ]),
)

/** Counts the backlog in one statement, from partial indexes that hold nothing but it. */
export async function readBacklog(sql: Sql): Promise<Backlog> {
  const [row] = await countAll(sql, {})
  if (!row) throw new Error('no row')
  return row
}
