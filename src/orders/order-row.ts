import { expressionBuilder, sql } from 'kysely'
import type { DatabaseTransaction } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
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
  /** What of it the buyer's credit pays. */
  creditAmount: number
  attention: Attention | null
  openSteps: number
  linkId: string | null
  /** Counts as used until the order is given up unpaid. */
  couponId: string | null
  fulfilledBy: 'engine' | 'merchant'
  /** Not shown to anybody before its source is authorized. */
  draft: boolean
  /** Pieces of it are taken from what its SKUs have. */
  countsStock: boolean
}

const o = expressionBuilder<{ o: Tables['orders'] }, 'o'>()

/** What an {@link OrderRow} is selected by, of `orders as o`. */
export const orderRow = [
  o.ref('o.id').as('id'),
  o.ref('o.merchant_id').as('merchantId'),
  o.ref('o.state').as('state'),
  o.fn.coalesce('o.fraud_state', sql.lit<FraudState>('none')).as('fraudState'),
  o.ref('o.currency').as('currency'),
  o.ref('o.total_amount').as('totalAmount'),
  o.ref('o.credit_amount').as('creditAmount'),
  o.ref('o.attention').as('attention'),
  o.ref('o.open_steps').as('openSteps'),
  o.ref('o.link_id').as('linkId'),
  sql<string | null>`${o.ref('o.coupon')} ->> 'id'`.as('couponId'),
  o.ref('o.fulfilled_by').as('fulfilledBy'),
  o.ref('o.draft').as('draft'),
  o.ref('o.counts_stock').as('countsStock'),
]

const lockRow = statement<{ orderId: string }>({ orderId: 'text' })((db, $) =>
  db.selectFrom('orders as o').select(orderRow).where('o.id', '=', $.orderId).forUpdate(),
)

/**
 * Locks an order and reads it. What hangs on it (charges, items) must be read by a later statement: a statement that waits
 * for the lock still sees everything but the locked row as it was before.
 */
export async function lockOrder(tx: Pick<DatabaseTransaction, 'sql'>, orderId: string): Promise<OrderRow | undefined> {
  const [order] = await lockRow(tx, { orderId })
  return order
}
