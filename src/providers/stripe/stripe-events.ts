/**
 * The event types to enable on Stripe's webhook endpoint: each says something that no other one says. Others may be sent, too;
 * they are stored and acknowledged, and most of them only repeat what a PaymentIntent's own event tells.
 */
export const stripeEventTypes = [
  'payment_intent.processing',
  'payment_intent.requires_action',
  'payment_intent.partially_funded',
  'payment_intent.amount_capturable_updated',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'setup_intent.succeeded',
  'setup_intent.setup_failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'review.opened',
  'review.closed',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'transfer.reversed',
] as const
