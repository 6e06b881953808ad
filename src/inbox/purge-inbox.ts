import { sql } from 'kysely'
import { daysAgo, purgedAtOnce, purgeOld } from '../database/purge-old.ts'
import { removed, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { firstIdSince } from '../platform/ids.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'

const removeSome = statement<{ before: string; handledBefore: Date }>()((db, $) =>
  removed(
    db
      .deleteFrom('inbox_events')
      .where((event) =>
        event(
          'id',
          '=',
          event.fn.any(
            sql<string[]>`array${db
              .selectFrom('inbox_events')
              .select('id')
              .where('id', '<', $.before)
              .where('handled_at', '<', $.handledBefore)
              .orderBy('id')
              .limit(purgedAtOnce)}`,
          ),
        ),
      ),
  ),
)

/** Removes handled webhooks after `KEEP_WEBHOOKS_DAYS`. Returns how many. */
export async function purgeInbox({ database, config }: UnitOfWork & { config: Config }): Promise<number> {
  const since = daysAgo(config.keptDays.webhooks)
  return purgeOld(() => removeSome(database, { before: firstIdSince('inboxEvent', since), handledBefore: since }))
}
