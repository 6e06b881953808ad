import { statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type ChargeRow, chargeRow } from './charge-row.ts'

const read = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('charges as c')
    .select(chargeRow.as('charge'))
    .where('c.order_id', '=', $.orderId)
    .orderBy('c.created_at'),
)

/** The charges of a locked order, oldest first. */
export async function readCharges(tx: Pick<Transaction, 'sql'>, orderId: string): Promise<ChargeRow[]> {
  const rows = await read(tx, { orderId })
  return rows.map(({ charge }) => charge)
}
