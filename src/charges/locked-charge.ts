import { statement } from '../database/statement.ts'
import { type OrderRow, orderRow } from '../orders/order-row.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type ChargeRow, chargeRow } from './charge-row.ts'

const lockRows = statement<{ orderId: string; chargeId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .innerJoin('charges as c', 'c.order_id', 'o.id')
    .select(orderRow)
    .select(chargeRow.as('charge'))
    .where('o.id', '=', $.orderId)
    .where('c.id', '=', $.chargeId)
    .forUpdate(['o', 'c']),
)

/** An order under its row lock with one of its charges, or undefined for unknown ids. */
export async function lockCharge(
  tx: Transaction,
  ids: { orderId: string; chargeId: string },
): Promise<{ order: OrderRow; charge: ChargeRow } | undefined> {
  const [row] = await lockRows(tx, ids)
  if (!row) return undefined
  const { charge, ...order } = row
  return { order, charge }
}
