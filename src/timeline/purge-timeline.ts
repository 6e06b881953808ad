import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { daysAgo, purgedAtOnce, purgeOld } from '../database/purge-old.ts'
import { removed, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { firstIdSince } from '../platform/ids.ts'

/** By the age of their orders and payouts, whose ids sort by time and have an index here; a line that is about to become an event stays. */
const removeSome = statement<{ from: string; until: string; before: Date }>()((db, $) =>
  removed(
    db
      .deleteFrom('order_timeline')
      .where((line) =>
        line(
          'id',
          '=',
          line.fn.any(
            sql<number[]>`array${db
              .selectFrom('order_timeline')
              .select('id')
              .where('order_id', '>=', $.from)
              .where('order_id', '<', $.until)
              .where('at', '<', $.before)
              .where('published_at', 'is not', null)
              .orderBy('order_id')
              .limit(purgedAtOnce)}`,
          ),
        ),
      ),
  ),
)

/** Removes lines of timelines after `KEEP_TIMELINE_DAYS`. What an order is and was stands in the order itself. Returns how many. */
export async function purgeTimeline({ database, config }: { database: Database; config: Config }): Promise<number> {
  const since = daysAgo(config.keptDays.timeline)
  let gone = 0
  for (const kind of ['order', 'payout'] as const) {
    const of = { from: firstIdSince(kind, new Date(0)), until: firstIdSince(kind, since), before: since }
    gone += await purgeOld(() => removeSome(database, of))
  }
  return gone
}
