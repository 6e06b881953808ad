import type { MakePlay, Paying } from './play.ts'

export const paypalPlay: MakePlay = (_system, shop) => {
  const order = ({ reference }: Paying, action: string, body: object = {}) =>
    shop.sandbox('POST', `/sandbox/paypal/orders/${reference}/${action}`, body)
  return {
    method: 'PAYPAL',
    provider: 'paypal',
    currency: 'EUR',
    payments: 'orders',
    operations: { create: 'orders.create', take: 'orders.capture', refund: 'captures.refund' },
    pay: (paying) => order(paying, 'approve'),
    decline: (paying) => order(paying, 'approve', { funding: 'declined' }),
    async expire(paying) {
      // PayPal looked at the payment, and did not take it.
      await order(paying, 'approve', { funding: 'reviewed' })
      await shop.until(paying.orderId, ({ state }) => state === 'pending_payment', 'the review')
      await order(paying, 'decide', { accepted: false })
    },
    refundThere: (paying, amount) => order(paying, 'refund', { amount }),
    async dispute(paying, end) {
      const { dispute_id: id } = await order(paying, 'dispute')
      const outcome = end === 'won' ? 'RESOLVED_SELLER_FAVOUR' : 'RESOLVED_BUYER_FAVOUR'
      await shop.sandbox('POST', `/sandbox/paypal/disputes/${id}/close`, { outcome })
    },
  }
}
