import type { JobName } from '../../queues/catalog.ts'
import { catalog } from '../../queues/catalog.ts'
import type { Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'

export type OrphanView = {
  id: string
  provider: string
  type: string
  reference: string | null
  outcome: 'orphaned' | 'unhandled'
  receivedAt: string
}

/**
 * Webhooks that nobody could apply: given up after the last attempt (`orphaned`), or still unhandled after five minutes.
 * Newest first, without their bodies (I10).
 */
export async function listOrphans(
  sql: Sql,
  page: { limit: number; startingAfter?: string | undefined },
): Promise<{ hasMore: boolean; orphans: OrphanView[] }> {
  const rows = await sql<OrphanView>(
    `select id, provider, type, reference, coalesce(outcome, 'unhandled') as outcome, received_at as "receivedAt"
     from inbox_events
     where handled_at is null and (outcome = 'orphaned' or received_at < now() - interval '5 minutes')
       and ($1::text is null or id < $1)
     order by id desc limit $2`,
    [page.startingAfter ?? null, page.limit + 1],
  )
  return { hasMore: rows.length > page.limit, orphans: rows.slice(0, page.limit) }
}

/** Which webhooks to apply again: by our ids, or one provider's that came in from `since` up to but not including `until`. */
export type ReplaySelection = { ids: readonly string[] } | { provider: string; since: Date; until: Date }

/** `matched` = `replayed` + `skipped`; in a dry run `replayed` says what would be. */
export type ReplayResult = { matched: number; replayed: number; skipped: number }

/** How many webhooks one call may replay. */
export const replayCap = 10_000

const jobs = { easypost: 'apply-shipping-event', printful: 'apply-pod-event' } as const satisfies Record<
  string,
  JobName
>
const paymentJob = 'apply-payment-event' satisfies JobName

/**
 * Makes the tasks of webhooks run again that were never applied, orphans included, in one statement. What was applied
 * (or judged and dropped) is counted as skipped; applying it twice would be safe all the same, because application only
 * moves forward. The tasks are left to the relay, which starts them within seconds and 500 at a time, so that a large
 * replay neither needs Redis nor floods it.
 * @throws ApiError `invalid_parameter` when more than {@link replayCap} would be replayed; then nothing is.
 */
export async function replayEvents(
  sql: Sql,
  selection: ReplaySelection,
  { dryRun }: { dryRun: boolean },
): Promise<ReplayResult> {
  const [where, params] =
    'ids' in selection
      ? ['e.id = any($5::text[])', [selection.ids]]
      : [
          'e.provider = $5 and e.received_at >= $6 and e.received_at < $7',
          [selection.provider, selection.since.toISOString(), selection.until.toISOString()],
        ]
  const jobOfProvider = Object.fromEntries(
    Object.entries(jobs).map(([provider, job]) => [provider, { job, queue: catalog[job].queue }]),
  )
  const [row] = await sql<{ matched: number; replayable: number; replayed: number }>(
    `with matched as (
      select e.id, e.handled_at is null as replayable from inbox_events e where ${where}
    ), counted as (
      select count(*) as matched, count(*) filter (where replayable) as replayable from matched
    ), again as (
      -- By key, whatever the planner believes about the sizes: a join with the list would compare every row with every row.
      update inbox_events e set outcome = null from counted c
      where e.id = any(array(select id from matched where replayable)) and e.handled_at is null
        and not $1::boolean and c.replayable <= $2::int
      returning e.id, e.provider
    ), tasked as (
      -- A task that is gone is made anew; the event's own id gives it one.
      insert into tasks (id, job, queue, payload, dedupe_key, state, run_at)
      select 'tsk_' || split_part(id, '_', 2), coalesce($3::jsonb -> provider ->> 'job', $4::jsonb ->> 'job'),
        coalesce($3::jsonb -> provider ->> 'queue', $4::jsonb ->> 'queue'), jsonb_build_object('inboxEventId', id), id, 'pending', now()
      from again
      on conflict (dedupe_key) do update set state = 'pending', epoch = tasks.epoch + 1, attempts = 0, rings = 0,
        run_at = now(), enqueued_at = null, done_at = null
      returning id
    )
    select matched, replayable, (select count(*) from tasked) as replayed from counted`,
    [
      dryRun,
      replayCap,
      JSON.stringify(jobOfProvider),
      JSON.stringify({ job: paymentJob, queue: catalog[paymentJob].queue }),
      ...params,
    ],
  )
  if (!row) throw new Error('no row')
  if (row.replayable > replayCap) {
    throw new ApiError('invalid_parameter', {
      message: `${row.replayable} webhooks would be replayed; at most ${replayCap} can be. Narrow since and until.`,
      parameter: 'ids' in selection ? 'ids' : 'since',
    })
  }
  const replayed = dryRun ? row.replayable : row.replayed
  return { matched: row.matched, replayed, skipped: row.matched - replayed }
}
