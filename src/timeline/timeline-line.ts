/** A line of an order's timeline: what moved or was dropped, from where to where, and why. */
export type TimelineLine = {
  orderId: string
  kind: 'transition' | 'drop' | 'operation' | 'event' | 'note'
  subject:
    | 'order'
    | 'fraud'
    | 'dispute'
    | 'charge'
    | 'item'
    | 'operation'
    | 'split'
    | 'shipment'
    | 'delivery'
    | 'fulfillment'
    | 'refund'
    | 'return'
  subjectId: string
  from?: string | undefined
  to?: string | undefined
  cause: string
  detail?: Record<string, string | number | boolean | null> | undefined
}
