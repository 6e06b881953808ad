import type { MakePlay } from './play.ts'

export const telrPlay: MakePlay = (system, shop) => {
  const order = (reference: string, action: string, body?: object) =>
    shop.sandbox('POST', `/sandbox/telr/orders/${reference}/${action}`, body)
  return {
    method: 'TELR',
    provider: 'telr',
    currency: 'AED',
    payments: 'orders',
    operations: { create: 'orders.create', refund: 'remote.refund' },
    pay: ({ reference }) => order(reference, 'pay'),
    decline: ({ reference }) => order(reference, 'decline'),
    async expire({ reference, chargeId }) {
      await order(reference, 'expire')
      // Nobody tells of it: it is found out when the payment is asked about.
      await system.database.sql('update charges set next_check_at = now() where id = $1', [chargeId])
    },
    refundThere: ({ reference }, amount) => order(reference, 'refund', { amount }),
    statement: async () => (await fetch(`${system.sandbox.url}/sandbox/telr/statement`)).text(),
  }
}
