/** The event types to enable at Printful: each says what became of a print job. Others are stored and acknowledged, and change nothing. */
export const printfulEventTypes: readonly string[] = [
  'package_shipped',
  'shipment_sent',
  'order_failed',
  'order_canceled',
  'package_returned',
]
