import { statement } from '../database/statement.ts'
import { bookMovements, type Movement } from '../ledger/ledger.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** The account of what the payments of all sellers pay for carriage and printing. */
const fulfilment = 'platform:fulfilment'

/** What a carrier or a printer was paid for a shipment; `amount` in minor units. */
export type PaidShipment = { shipmentId: string; orderId: string; provider: string; amount: number; currency: string }

/** Pays a carrier or a printer out of what was taken for carriage and printing. */
export const costOf = ({ shipmentId, orderId, provider, amount, currency }: PaidShipment): Movement => ({
  correlationKey: `${shipmentId}-cost`,
  orderId,
  from: fulfilment,
  to: `cost:${provider}`,
  amount,
  currency,
})

const readPaid = statement<{ shipmentId: string }>()((db, $) =>
  db
    .selectFrom('ledger_entries as l')
    .innerJoin('shipments as s', 's.order_id', 'l.order_id')
    .select(['s.id as shipmentId', 's.order_id as orderId', 's.provider', 'l.amount', 'l.currency'])
    .where('s.id', '=', $.shipmentId)
    .where((l) => l('l.correlation_key', '=', l.fn<string>('concat', ['s.id', l.val('-cost')])))
    .where((l) => l('l.account', '=', l.fn<string>('concat', [l.val('cost:'), 's.provider']))),
)

/** Books that a carrier or a printer paid back what a shipment had cost, once. Returns whether anything had been paid for it. */
export async function bookRepaid(tx: Transaction, shipmentId: string): Promise<boolean> {
  const [paid] = await readPaid(tx, { shipmentId })
  if (!paid) return false
  const { from, to, ...cost } = costOf(paid)
  await bookMovements(tx, [{ ...cost, correlationKey: `${shipmentId}-cost-repaid`, from: to, to: from }])
  return true
}
