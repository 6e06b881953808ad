import type { Database } from '../database/database.ts'
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
 * Compares everybody who is named on an order that is not fulfilled yet with the lists of denied persons, after a list was replaced
 * (R74, R134). An order that was not accepted is blocked or held for review; about an accepted one a person is told, who can still cancel it.
 * Repeating it changes nothing. @throws TaskBusy while an order is being made that was screened against the old list
 */
export async function screenOpenOrders(parts: UnitOfWork & { config: Config }, taskId: string): Promise<void> {
  await waitForDrafts(parts.database, taskId)
  const judge = createDeniedPersonsJudge(parts)
  for (let after = ''; ; ) {
    const orders = await readOpenOrders(parts.database, after)
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

/** Orders of the last minute that nobody sees yet were screened before; older ones wait for a provider and are not waited for. */
async function waitForDrafts(database: Database, taskId: string): Promise<void> {
  const drafts = await database.sql<{ id: string }>(
    `select o.id from orders o join tasks t on t.id = $1
     where o.draft and o.state = 'pending' and o.created_at < t.created_at and o.created_at > now() - interval '1 minute' limit 1`,
    [taskId],
  )
  if (drafts.length > 0) throw new TaskBusy()
}

async function readOpenOrders(database: Database, after: string) {
  return database.sql<{ id: string; parties: (Party | SourceOwner | null)[] }>(
    `select o.id, json_build_array(o.bill_to, o.ship_to, json_build_object('name', o.buyer_name))::jsonb
         || coalesce((select jsonb_agg(s.owner) from charges c join sources s on s.id = c.source_id where c.order_id = o.id), '[]') as parties
     from orders o
     where o.id > $1 and not o.draft and o.state in ('pending', 'pending_payment', 'payment_failed', 'in_review', 'accepted', 'confirmed')
     order by o.id limit ${batch}`,
    [after],
  )
}

async function applyFinding(tx: Transaction, orderId: string, finding: Finding): Promise<void> {
  const order = await lockOrder(tx, orderId)
  if (!order) return
  const undecided = isPayable(order.state) || order.state === 'in_review'
  if (!undecided && order.state !== 'accepted' && order.state !== 'confirmed') return
  const known = await tx.sql('select 1 from fraud_findings where order_id = $1 and judge = $2 and reason = $3', [
    orderId,
    finding.judge,
    finding.reason,
  ])
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
