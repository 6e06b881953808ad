import { type Expression, type RawBuilder, sql } from 'kysely'
import { statement } from '../database/statement.ts'
import { bookMovements, type Movement } from '../ledger/ledger.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** The account of what the payments of all sellers pay for carriage and printing. */
const fulfilment = 'platform:fulfilment'

/** What a carrier or a printer was paid for the nth label or print job of a shipment; `amount` in minor units. */
export type PaidShipment = {
  shipmentId: string
  nth: number
  orderId: string
  provider: string
  amount: number
  currency: string
}

const costKey = (shipmentId: string, nth: number): string => `${shipmentId}-cost${nth === 1 ? '' : `-${nth}`}`

/** The key under which the ledger has what a shipment cost, in a statement. */
export const costKeyOf = (shipment: { id: Expression<string>; nth: Expression<number> }): RawBuilder<string> =>
  sql<string>`${shipment.id} || '-cost' || case when ${shipment.nth} = 1 then '' else '-' || ${shipment.nth} end`

/** Pays a carrier or a printer out of what was taken for carriage and printing. */
export const costOf = ({ shipmentId, nth, orderId, provider, amount, currency }: PaidShipment): Movement => ({
  correlationKey: costKey(shipmentId, nth),
  orderId,
  from: fulfilment,
  to: `cost:${provider}`,
  amount,
  currency,
})

const readPaid = statement<{ shipmentId: string; key: string }>()((db, $) =>
  db
    .selectFrom('ledger_entries as l')
    .innerJoin('shipments as s', 's.order_id', 'l.order_id')
    .select(['s.id as shipmentId', 's.order_id as orderId', 's.provider', 'l.amount', 'l.currency'])
    .where('s.id', '=', $.shipmentId)
    .where('l.correlation_key', '=', $.key)
    .where((l) => l('l.account', '=', l.fn<string>('concat', [l.val('cost:'), 's.provider']))),
)

/**
 * Books that a carrier or a printer paid back what the nth label or print job of a shipment had cost, once. Returns whether anything had been
 * paid for it.
 */
export async function bookRepaid(
  tx: Transaction,
  { shipmentId, nth }: { shipmentId: string; nth: number },
): Promise<boolean> {
  const [paid] = await readPaid(tx, { shipmentId, key: costKey(shipmentId, nth) })
  if (!paid) return false
  const { from, to, correlationKey, ...cost } = costOf({ ...paid, nth })
  await bookMovements(tx, [{ ...cost, correlationKey: `${correlationKey}-repaid`, from: to, to: from }])
  return true
}
