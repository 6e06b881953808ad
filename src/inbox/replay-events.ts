import { expressionBuilder, type RawBuilder, sql } from 'kysely'
import { catalog, type JobName, type QueueName } from '../../queues/catalog.ts'
import type { Sql } from '../database/database.ts'
import { type Page, readPage } from '../database/page.ts'
import { runQuery, scalar } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { startTasks } from '../tasks/start-tasks.ts'

export type OrphanView = {
  id: string
  provider: string
  type: string
  reference: string | null
  outcome: 'orphaned' | 'unhandled'
  receivedAt: Date
}

/**
 * Webhooks that nobody could apply: given up after the last attempt (`orphaned`), or still unhandled after five minutes.
 * Newest first, without their bodies.
 */
export async function listOrphans(on: Sql, page: Page): Promise<{ hasMore: boolean; orphans: OrphanView[] }> {
  const { hasMore, rows } = await readPage(on, page, 'e.id', (db) =>
    db
      .selectFrom('inbox_events as e')
      .select((e) => [
        'e.id',
        'e.provider',
        'e.type',
        'e.reference',
        sql<'orphaned' | 'unhandled'>`coalesce(${e.ref('e.outcome')}, 'unhandled')`.as('outcome'),
        'e.received_at as receivedAt',
      ])
      .where('e.handled_at', 'is', null)
      .where((e) =>
        e.or([
          e('e.outcome', '=', sql.lit('orphaned')),
          e('e.received_at', '<', sql<Date>`now() - interval '5 minutes'`),
        ]),
      ),
  )
  return { hasMore, orphans: rows }
}

/** Which webhooks to apply again: by our ids, or one provider's that came in from `since` up to but not including `until`. */
export type ReplaySelection = { ids: readonly string[] } | { provider: string; since: Date; until: Date }

/** `matched` = `replayed` + `skipped`; in a dry run `replayed` says what would be. */
export type ReplayResult = { matched: number; replayed: number; skipped: number }

/** How many webhooks one call may replay. */
export const replayCap = 10_000

type ApplyingJob = 'apply-shipping-event' | 'apply-pod-event' | 'apply-payment-event'

const job = (name: ApplyingJob) => sql.lit<JobName>(name)
const queue = (name: ApplyingJob) => sql.lit<QueueName>(catalog[name].queue)

/** What is said of the job that applies a webhook of `provider`. */
const byProvider = <T>(say: (name: ApplyingJob) => RawBuilder<T>) =>
  expressionBuilder<{ again: { provider: string } }, 'again'>()
    .case('provider')
    .when('easypost')
    .then(say('apply-shipping-event'))
    .when('printful')
    .then(say('apply-pod-event'))
    .else(say('apply-payment-event'))
    .end()

/**
 * Makes the tasks of webhooks run again that were never applied, orphans included, in one statement. What was applied
 * (or judged and dropped) is counted as skipped; applying it twice would be safe all the same, because application only
 * moves forward. The tasks are left to the relay, which starts them within seconds and 500 at a time, so that a large
 * replay neither needs Redis nor floods it.
 * @throws ApiError `invalid_parameter` when more than {@link replayCap} would be replayed; then nothing is.
 */
export async function replayEvents(
  on: Sql,
  selection: ReplaySelection,
  { dryRun }: { dryRun: boolean },
): Promise<ReplayResult> {
  const row = await replayMatched(on, selection, dryRun)
  if (row.replayable > replayCap) {
    throw new ApiError('invalid_parameter', {
      message: `${row.replayable} webhooks would be replayed; at most ${replayCap} can be. Narrow since and until.`,
      parameter: 'ids' in selection ? 'ids' : 'since',
    })
  }
  const replayed = dryRun ? row.replayable : row.replayed
  return { matched: row.matched, replayed, skipped: row.matched - replayed }
}

/** Counts what is selected and, unless it is too much or a dry run, makes its tasks run again. */
async function replayMatched(on: Sql, selection: ReplaySelection, dryRun: boolean) {
  const [row] = await runQuery(on, (db) =>
    db
      .with('matched', (db) =>
        db
          .selectFrom('inbox_events as e')
          .select((e) => ['e.id', e('e.handled_at', 'is', null).$castTo<boolean>().as('replayable')])
          .where((e) =>
            'ids' in selection
              ? e('e.id', '=', e.fn.any(e.val(selection.ids)))
              : e.and([
                  e('e.provider', '=', selection.provider),
                  e('e.received_at', '>=', selection.since),
                  e('e.received_at', '<', selection.until),
                ]),
          ),
      )
      .with('counted', (db) =>
        db
          .selectFrom('matched')
          .select((e) => [
            e.fn.countAll<number>().as('matched'),
            e.fn.countAll<number>().filterWhere('replayable', '=', true).as('replayable'),
          ]),
      )
      // By key, whatever the planner believes about the sizes: a join with the list would compare every row with every row.
      .with('again', (db) =>
        db
          .updateTable('inbox_events as e')
          .from('counted as c')
          .set({ outcome: null })
          .where(
            (e) =>
              sql<boolean>`${e.ref('e.id')} = any(array(${e.selectFrom('matched').select('id').where('replayable', '=', true)}))`,
          )
          .where('e.handled_at', 'is', null)
          .where(sql<boolean>`${sql.lit(!dryRun)}`)
          .where('c.replayable', '<=', replayCap)
          .returning(['e.id', 'e.provider']),
      )
      // A task that is gone is made anew; the event's own id gives it one.
      .with('tasked', (db) =>
        startTasks(
          db
            .selectFrom('again')
            .select((e) => [
              sql<string>`'tsk_' || split_part(${e.ref('id')}, '_', 2)`.as('id'),
              byProvider(job).as('job'),
              byProvider(queue).as('queue'),
              sql<object>`jsonb_build_object('inboxEventId', ${e.ref('id')})`.as('payload'),
              'id as dedupe_key',
            ])
            .as('t'),
          'relay',
        ),
      )
      .selectFrom('counted')
      .select((e) => [
        'matched',
        'replayable',
        scalar(e.selectFrom('tasked').select(e.fn.countAll<number>().as('count'))).as('replayed'),
      ]),
  )
  if (!row) throw new Error('no row')
  return row
}
