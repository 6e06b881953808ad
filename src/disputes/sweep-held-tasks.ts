import { statement } from '../database/statement.ts'
import { heldByDispute, isHeldByDispute } from '../orders/held-by-dispute.ts'
import { sweepRows } from '../tasks/sweep-rows.ts'
import { resumeTasks } from '../tasks/task-writes.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import { holdingStates } from './dispute.state-machine.ts'

const batch = 200

const readHeld = statement()((db) =>
  db
    .selectFrom('tasks as t')
    .innerJoin('orders as o', 'o.id', 't.order_id')
    .select('t.id')
    .where('t.state', '=', 'failed')
    .where('t.last_error', '=', heldByDispute)
    .where((t) =>
      t.or([
        t.not(isHeldByDispute),
        // After a lost dispute goods stay where they are; what it left of the money is shared out.
        t.and([
          t('t.job', '=', 'distribute-capture'),
          t.not(
            t.exists(
              t
                .selectFrom('disputes as d')
                .select('d.id')
                .whereRef('d.order_id', '=', 't.order_id')
                .where('d.state', 'in', holdingStates),
            ),
          ),
        ]),
      ]),
    )
    .orderBy('t.id')
    .limit(batch),
)

/** Lets tasks go on that a dispute has kept from it, once it holds their money no more. Returns how many. */
export async function sweepHeldTasks(parts: UnitOfWork): Promise<number> {
  const held = await readHeld(parts.database, {})
  return sweepRows(parts, held, async (tx, some) => {
    await resumeTasks(tx, { ids: some.map(({ id }) => id) })
  })
}
