import type { DatabaseTransaction } from '../database/database.ts'
import type { Attention } from './order.entity.ts'
import type { FraudState, OrderState } from './order.state-machine.ts'

/** The part of an order that decides what may happen next; read under a row lock. Amounts in minor units. */
export type OrderRow = {
  id: string
  merchantId: string
  state: OrderState
  fraudState: FraudState
  currency: string
  totalAmount: number
  attention: Attention | null
  openSteps: number
  linkId: string | null
  fulfilledBy: 'engine' | 'merchant'
  /** Not shown to anybody before its source is authorized. */
  draft: boolean
}

/**
 * Locks an order and reads it. What hangs on it (charges, items) must be read by a later statement: a statement that waits
 * for the lock still sees everything but the locked row as it was before.
 */
export async function lockOrder(tx: Pick<DatabaseTransaction, 'sql'>, orderId: string): Promise<OrderRow | undefined> {
  const [order] = await tx.sql<OrderRow>(`select ${orderRowColumns('o')} from orders o where o.id = $1 for update`, [
    orderId,
  ])
  return order
}

/** Columns of an {@link OrderRow} for a table alias. */
export const orderRowColumns = (o: string) =>
  `${o}.id, ${o}.merchant_id as "merchantId", ${o}.state, coalesce(${o}.fraud_state, 'none') as "fraudState",
   ${o}.currency, ${o}.total_amount as "totalAmount", ${o}.attention, ${o}.open_steps as "openSteps", ${o}.link_id as "linkId",
   ${o}.fulfilled_by as "fulfilledBy", ${o}.draft`
