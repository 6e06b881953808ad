import type { Transaction } from '../database/transaction.ts'
import { type OrderRow, orderRowColumns } from '../orders/order-row.ts'
import { type ChargeRow, chargeRowJson } from './charge-row.ts'

/** An order under its row lock with one of its charges, or undefined for unknown ids. */
export async function lockCharge(
  tx: Transaction,
  { orderId, chargeId }: { orderId: string; chargeId: string },
): Promise<{ order: OrderRow; charge: ChargeRow } | undefined> {
  const [row] = await tx.sql<OrderRow & { charge: ChargeRow }>(
    `select ${orderRowColumns('o')}, ${chargeRowJson('c')} as charge
     from orders o join charges c on c.order_id = o.id where o.id = $1 and c.id = $2 for update of o, c`,
    [orderId, chargeId],
  )
  if (!row) return undefined
  const { charge, ...order } = row
  return { order, charge }
}
