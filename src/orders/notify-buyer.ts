import type { mailKinds } from '../../queues/catalog.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { OrderState } from './order.state-machine.ts'
import type { OrderRow } from './order-row.ts'

/** Mails about an order; the one that delivers goods is of its own kind. */
export type BuyerMailKind = Exclude<(typeof mailKinds)[number], 'delivery'>

/** Money waits to be fetched where only we know: whoever sells, its buyer is told. */
export const toldByUs: BuyerMailKind = 'refund_claim'

/** The shop that made a cart tells its buyers of their orders; of these it may not know. */
const kindsOfCarts: readonly BuyerMailKind[] = ['cancelled', 'charge_failed', toldByUs]

/**
 * Calls for a mail to an order's buyer, in the transaction of what it tells about. The same kind for the same cause is mailed once.
 * @param causeId the charge, refund or fulfillment it is about, where an order can have several
 */
export function notifyBuyer(
  tx: Pick<Transaction, 'enqueue'>,
  order: Pick<OrderRow, 'id' | 'fulfilledBy'>,
  kind: BuyerMailKind,
  causeId?: string,
): void {
  if (order.fulfilledBy === 'engine' && !kindsOfCarts.includes(kind)) return
  tx.enqueue({
    job: 'send-mail',
    payload: { orderId: order.id, kind, ...(causeId ? { causeId } : {}) },
    dedupeKey: [order.id, 'mail', kind, ...(causeId ? [causeId] : [])].join('-'),
  })
}

/** The mail that a state of an order calls for, whatever brought it there. */
export const mailOfState: Partial<Record<OrderState, BuyerMailKind>> = {
  accepted: 'order_confirmation',
  blocked: 'blocked',
  cancelled: 'cancelled',
}
