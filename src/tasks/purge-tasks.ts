import { sql } from 'kysely'
import { daysAgo, purgedAtOnce, purgeOld } from '../database/purge-old.ts'
import { removed, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { firstIdSince } from '../platform/ids.ts'
import type { UnitOfWork } from './transaction.ts'

const removeSome = statement<{ before: string; doneBefore: Date }>()((db, $) =>
  removed(
    db
      .deleteFrom('tasks')
      .where((task) =>
        task(
          'id',
          '=',
          task.fn.any(
            sql<string[]>`array${db
              .selectFrom('tasks')
              .select('id')
              .where('id', '<', $.before)
              .where('state', '=', 'done')
              .where('done_at', '<', $.doneBefore)
              .orderBy('id')
              .limit(purgedAtOnce)}`,
          ),
        ),
      ),
  ),
)

/** Removes finished tasks after `KEEP_TASKS_DAYS`. Returns how many. */
export async function purgeTasks({ database, config }: UnitOfWork & { config: Config }): Promise<number> {
  const since = daysAgo(config.keptDays.tasks)
  return purgeOld(() => removeSome(database, { before: firstIdSince('task', since), doneBefore: since }))
}
