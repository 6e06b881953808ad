import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { openDisputeStates } from './dispute.state-machine.ts'

const findOpen = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('disputes')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('state', 'in', openDisputeStates)
    .limit(sql.lit(1)),
)

/** True while a payment of an order is disputed. */
export async function isDisputed(tx: Pick<Transaction, 'sql'>, orderId: string): Promise<boolean> {
  const open = await findOpen(tx, { orderId })
  return open.length > 0
}
