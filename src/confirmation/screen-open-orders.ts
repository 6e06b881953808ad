import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { storeFinding } from '../fraud/findings.ts'
import { createDeniedPersonsJudge } from '../fraud/judge-denied-persons.ts'
import { peopleOf } from '../fraud/people-of.ts'
import type { Finding } from '../fraud/screen-order.ts'
import { moveFraudState, setAttention } from '../orders/move-order.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import { lockOrder } from '../orders/order-row.ts'
import type { Party } from '../parties/address.ts'
import type { Config } from '../platform/config.ts'
import type { SourceOwner } from '../providers/source-owner.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { closeReview } from './decide-review.ts'

const batch = 200
const cause = 'list of denied persons'

/**
 * Compares everybody who is named on an order that is not fulfilled yet with the lists of denied persons, after a list was replaced.
 * An order that was not accepted is blocked or held for review; about an accepted one a person is told, who can still cancel it.
 * Repeating it changes nothing. @throws TaskBusy while an order is being made that was screened against the old list
 */
export async function screenOpenOrders(parts: UnitOfWork & { config: Config }, taskId: string): Promise<void> {
  await waitForDrafts(parts.database, taskId)
  const judge = createDeniedPersonsJudge(parts)
  for (let after = ''; ; ) {
    const orders = await readOpenOrders(parts.database, { after })
    for (const { id, parties } of orders) {
      const finding = await judge({ people: parties.flatMap(peopleOf) })
      if (finding.outcome !== 'passed') await inTransaction(parts, (tx) => applyFinding(tx, id, finding))
    }
    const last = orders.at(-1)
    if (!last) break
    after = last.id
  }
  await inTransaction(parts, async (tx) => tx.finish(taskId))
}

const readDrafts = statement<{ taskId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .innerJoin('tasks as t', (on) => on.on('t.id', '=', $.taskId))
    .select('o.id')
    .where('o.draft', '=', true)
    .where('o.state', '=', 'pending')
    .whereRef('o.created_at', '<', 't.created_at')
    .where('o.created_at', '>', sql<Date>`now() - interval '1 minute'`)
    .limit(1),
)

/** Orders of the last minute that nobody sees yet were screened before; older ones wait for a provider and are not waited for. */
async function waitForDrafts(database: Database, taskId: string): Promise<void> {
  if ((await readDrafts(database, { taskId })).length > 0) throw new TaskBusy()
}

const readOpenOrders = statement<{ after: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .select((o) => {
      const owners = o
        .selectFrom('charges as c')
        .innerJoin('sources as s', 's.id', 'c.source_id')
        .select((s) => sql`jsonb_agg(${s.ref('s.owner')})`.as('owners'))
        .whereRef('c.order_id', '=', 'o.id')
      return [
        'o.id',
        sql<(Party | SourceOwner | null)[]>`jsonb_build_array(${o.ref('o.bill_to')}, ${o.ref('o.ship_to')},
          json_build_object('name', ${o.ref('o.buyer_name')})) || coalesce(${owners}, '[]')`.as('parties'),
      ]
    })
    .where('o.id', '>', $.after)
    .where('o.draft', '=', false)
    .where('o.state', 'in', ['pending', 'pending_payment', 'payment_failed', 'in_review', 'accepted', 'confirmed'])
    .orderBy('o.id')
    .limit(batch),
)

const readSameFinding = statement<{ orderId: string; judge: string; reason: string }>()((db, $) =>
  db
    .selectFrom('fraud_findings')
    .select('order_id')
    .where('order_id', '=', $.orderId)
    .where('judge', '=', $.judge)
    .where('reason', '=', $.reason),
)

async function applyFinding(tx: Transaction, orderId: string, finding: Finding): Promise<void> {
  const order = await lockOrder(tx, orderId)
  if (!order) return
  const undecided = isPayable(order.state) || order.state === 'in_review'
  if (!undecided && order.state !== 'accepted' && order.state !== 'confirmed') return
  const known = await readSameFinding(tx, { orderId, judge: finding.judge, reason: finding.reason })
  await storeFinding(tx, orderId, finding)
  if (undecided && finding.outcome === 'blocked') return closeReview(tx, order, undefined, 'block', cause)
  // Somebody has decided about the same entry, or is about to.
  if (known.length > 0) return
  if (undecided && order.fraudState !== 'passed') {
    await moveFraudState(tx, order, 'review_opened', cause)
    return
  }
  await setAttention(tx, orderId, { reason: 'a buyer resembles a denied person' })
}
