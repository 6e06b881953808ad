import type { Transaction } from '../platform/transaction.ts'

/** How a dispute ends; until then neither goods nor refunds leave. */
export const closedDisputes = ['won', 'lost', 'warning_closed', 'prevented'] as const

/** True while the payment of an order is disputed. */
export async function isDisputed(tx: Pick<Transaction, 'sql'>, orderId: string): Promise<boolean> {
  const [order] = await tx.sql<{ disputed: boolean }>(
    `select dispute_state is not null and dispute_state <> all($2::text[]) as disputed from orders where id = $1`,
    [orderId, [...closedDisputes]],
  )
  return order?.disputed ?? false
}
