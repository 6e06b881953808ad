import type { OrderView } from '../order-view/read-order.ts'

/** What the mails about an order are written from; minor units. */
export type MailOrder = Pick<
  OrderView,
  | 'id'
  | 'createdAt'
  | 'expiresAt'
  | 'locale'
  | 'currency'
  | 'stateTransitions'
  | 'totalShipping'
  | 'totalTax'
  | 'totalDuty'
  | 'totalFees'
  | 'totalAmount'
  | 'billTo'
  | 'shipTo'
> & {
  items: Pick<OrderView['items'][number], 'product' | 'quantity' | 'amount' | 'cancelledQuantity'>[]
  charges: Pick<
    OrderView['charges'][number],
    'id' | 'method' | 'amount' | 'capturedAmount' | 'refundedAmount' | 'failureMessage' | 'nextAction' | 'sourceId'
  >[]
  sources: Pick<OrderView['sources'][number], 'id' | 'type' | 'details'>[]
}

/** Who sells, and where questions go. */
export type MailShop = { name: string; email: string }

/** What is not in the order: the refund that a mail is about, or where it is fetched. Minor units. */
export type MailCause = {
  causeId?: string | undefined
  refund?: { amount: number; creditMemoUrl?: string | undefined } | undefined
  /** Money that waits to be fetched. */
  claim?: { amount: number; url: string } | undefined
}
