import type { Transaction } from '../tasks/transaction.ts'
import { disputeStates, isDisputeClosed } from './dispute.state-machine.ts'

const openStates = disputeStates.filter((state) => !isDisputeClosed(state))

/** True while a payment of an order is disputed. */
export async function isDisputed(tx: Pick<Transaction, 'sql'>, orderId: string): Promise<boolean> {
  const open = await tx.sql('select 1 from disputes where order_id = $1 and state = any($2::text[]) limit 1', [
    orderId,
    openStates,
  ])
  return open.length > 0
}
