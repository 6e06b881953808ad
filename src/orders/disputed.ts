import type { Transaction } from '../database/transaction.ts'
import { disputeStates, isDisputeClosed } from '../disputes/dispute.state-machine.ts'

const openStates = disputeStates.filter((state) => !isDisputeClosed(state))

/** True while a payment of an order is disputed. */
export async function isDisputed(tx: Pick<Transaction, 'sql'>, orderId: string): Promise<boolean> {
  const open = await tx.sql('select 1 from disputes where order_id = $1 and state = any($2::text[]) limit 1', [
    orderId,
    openStates,
  ])
  return open.length > 0
}

/** SQL for whether the money of an order is held or gone by a dispute, so that nothing may be downloaded. An inquiry moves no money. */
export const isHeldByDisputeSql = (order: string): string =>
  `coalesce(${order}.dispute_state in ('needs_response', 'under_review', 'lost'), false)`

/** SQL for how a delivery stands for its buyer: what is delivered is withdrawn while a dispute holds its money. */
export const deliveryStateSql = (order: string, delivery: string): string =>
  `case when ${isHeldByDisputeSql(order)} and ${delivery}.state = 'delivered' then 'revoked' else ${delivery}.state end`
