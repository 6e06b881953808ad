import type { MakePlay, Paying } from './play.ts'

export const btcpayPlay: MakePlay = (system, shop) => {
  const invoice = (reference: string, action: string, amount?: number) =>
    shop.sandbox(
      'POST',
      `/sandbox/btcpay/invoices/${reference}/${action}`,
      amount === undefined ? {} : { amount: amount / 100 },
    )
  const claim = async ({ reference }: Paying) => {
    const waiting = await shop.sandbox('GET', `/sandbox/btcpay/invoices/${reference}/pull-payments`)
    for (const { id, left, archived } of waiting) {
      if (left <= 0 || archived) continue
      const payout = await shop.sandbox('POST', `/sandbox/btcpay/pull-payments/${id}/claim`)
      await shop.sandbox('POST', `/sandbox/btcpay/payouts/${payout.id}/approve`)
      await shop.sandbox('POST', `/sandbox/btcpay/payouts/${payout.id}/pay`)
    }
  }
  return {
    method: 'CRYPTO',
    provider: 'btcpay',
    currency: 'USD',
    payments: 'invoices',
    operations: { create: 'invoices.create', refund: 'invoices.refund' },
    async pay({ reference }) {
      await invoice(reference, 'pay')
      await invoice(reference, 'confirm')
    },
    expire: ({ reference }) => invoice(reference, 'expire'),
    async payAmount({ reference, amount: asked }, amount) {
      await invoice(reference, 'pay', amount)
      await invoice(reference, 'confirm')
      if (amount < asked) await invoice(reference, 'expire')
    },
    claim,
    async statement() {
      const response = await fetch(`${system.sandbox.url}/sandbox/btcpay/statement`)
      return response.text()
    },
  }
}
