import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { daysAgo, purgedAtOnce, purgeOld } from '../database/purge-old.ts'
import { removed, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { firstIdSince } from '../platform/ids.ts'

const removeSome = statement<{ before: string }>()((db, $) =>
  removed(
    db
      .deleteFrom('mails')
      .where((mail) =>
        mail(
          'id',
          '=',
          mail.fn.any(
            sql<string[]>`array${db
              .selectFrom('mails')
              .select('id')
              .where('id', '<', $.before)
              .where('state', '<>', 'pending')
              .orderBy('id')
              .limit(purgedAtOnce)}`,
          ),
        ),
      ),
  ),
)

/** Removes mails that are sent, or never will be, after `KEEP_MAILS_DAYS`. The timeline still says that they were. Returns how many. */
export async function purgeMails({ database, config }: { database: Database; config: Config }): Promise<number> {
  return purgeOld(() => removeSome(database, { before: firstIdSince('mail', daysAgo(config.keptDays.mails)) }))
}
