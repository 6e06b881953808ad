import type { mailKinds } from '../../queues/catalog.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { OrderState } from './order.state-machine.ts'
import type { OrderRow } from './order-row.ts'

/** What buyers are mailed about. */
export type BuyerMailKind = (typeof mailKinds)[number]

/** Money waits to be fetched where only we know: whoever sells, its buyer is told. */
export const toldByUs: BuyerMailKind = 'refund_claim'

/** What a cart's order waits for is told by its shop, and it is confirmed with its goods: see {@link confirmToBuyer}. */
const notOfCarts: readonly BuyerMailKind[] = ['order_confirmation', 'payment_instructions']

/**
 * Calls for a mail to an order's buyer, in the transaction of what it tells about. The same kind for the same cause is mailed once.
 * @param causeId the charge, refund, fulfillment, parcel or invoice's file it is about, where an order can have several
 */
export function notifyBuyer(
  tx: Pick<Transaction, 'enqueue'>,
  order: Pick<OrderRow, 'id' | 'fulfilledBy'>,
  kind: BuyerMailKind,
  causeId?: string,
): void {
  if (order.fulfilledBy === 'engine' && notOfCarts.includes(kind)) return
  callForMail(tx, order.id, kind, causeId)
}

/** Calls for the receipt of a cart's order that has goods on their way; what is handed over at once comes with its own mail. */
export const confirmToBuyer = (tx: Pick<Transaction, 'enqueue'>, orderId: string): void =>
  callForMail(tx, orderId, 'order_confirmation')

function callForMail(tx: Pick<Transaction, 'enqueue'>, orderId: string, kind: BuyerMailKind, causeId?: string): void {
  tx.enqueue({
    job: 'send-mail',
    payload: { orderId, kind, ...(causeId ? { causeId } : {}) },
    dedupeKey: [orderId, 'mail', kind, ...(causeId ? [causeId] : [])].join('-'),
  })
}

/** The mail that a state of an order calls for, whatever brought it there. */
export const mailOfState: Partial<Record<OrderState, BuyerMailKind>> = {
  accepted: 'order_confirmation',
  blocked: 'blocked',
  cancelled: 'cancelled',
}
