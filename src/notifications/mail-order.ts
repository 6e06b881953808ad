import type { OrderView } from '../order-view/read-order.ts'

/** What the mails about an order are written from; minor units. */
export type MailOrder = Pick<
  OrderView,
  | 'id'
  | 'fulfilledBy'
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
  | 'creditAmount'
  | 'billTo'
  | 'shipTo'
> & {
  items: Pick<OrderView['items'][number], 'id' | 'product' | 'quantity' | 'amount' | 'cancelledQuantity' | 'delivery'>[]
  shipments: Pick<OrderView['shipments'][number], 'id' | 'carrier' | 'trackingNumber' | 'trackingUrl' | 'itemIds'>[]
  charges: Pick<
    OrderView['charges'][number],
    | 'id'
    | 'method'
    | 'amount'
    | 'capturedAmount'
    | 'cancelledAmount'
    | 'refundedAmount'
    | 'failureCode'
    | 'failureMessage'
    | 'nextAction'
    | 'sourceId'
  >[]
  sources: Pick<OrderView['sources'][number], 'id' | 'type' | 'details'>[]
}

/** Who sells, and where questions go. */
export type MailShop = { name: string; email: string }

/** Where a paper is downloaded without credentials, as PDF and by EN 16931. */
export type PaperLinks = { pdfUrl: string; eInvoiceUrl: string }

/** An order with where its buyer finds it; minor units. */
export type FoundOrder = { id: string; createdAt: Date; amount: number; currency: string; url: string }

/** What is not in the order: the refund or invoice that a mail is about, or where it and the order are found. Minor units. */
export type MailCause = {
  causeId?: string | undefined
  refund?: { amount: number; credit: number; creditMemo?: PaperLinks | undefined } | undefined
  invoice?: (PaperLinks & { number: string }) | undefined
  /** Money that waits to be fetched. */
  claim?: { amount: number; url: string } | undefined
  /** How a buyer without an address is greeted. */
  buyerName?: string | null | undefined
  /** The order's own page, where its buyer has one. */
  orderPage?: string | undefined
  /** Orders that their buyer has asked for again, the newest first. */
  orders?: readonly FoundOrder[] | undefined
}
